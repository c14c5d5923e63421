import type { Ctx } from '../core/ctx'
import { renderMarkdown } from '../lib/markdown'
import { listShown } from '../resources/news/store'
import type { NewsRow } from '../resources/news/table'
import type { FeedItem, FeedShape } from './feed'
import { publicAddress } from './place'

const shownNews = 50

/** The newest of a council's news as a feed; of a ward, with those for the whole council. */
export async function newsFeed(
  ctx: Ctx,
  base: string,
  wardId: string | undefined,
  updated: Date,
): Promise<FeedShape> {
  const rows = await listShown(ctx, wardId, shownNews)
  const address = (file: string) => publicAddress(base, ctx, file)
  return {
    id: `urn:x-reeve:${ctx.tenantId}:news`,
    title: `${ctx.tenant.name}: news`,
    author: ctx.tenant.name,
    description: `News of ${ctx.tenant.name}`,
    link: address('news.json'),
    self: { rss: address('news.rss'), atom: address('news.atom'), json: address('news.json') },
    updated,
    items: rows.map((row) => itemOf(row, address('news.json'))),
  }
}

function itemOf(row: NewsRow, address: string): FeedItem {
  const { id, title, slug, summary, body, imageUrl, publishedAt, updatedAt } = row
  return {
    id: `urn:x-reeve:news:${id}`,
    title,
    link: `${address}#${slug}`,
    summary,
    html: renderMarkdown(body),
    published: publishedAt ?? updatedAt,
    updated: updatedAt,
    imageUrl,
  }
}
