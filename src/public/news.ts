import type { Ctx } from '../core/ctx'
import { changedAt } from '../core/tenants/store'
import type { TenantRow } from '../core/tenants/table'
import { renderMarkdownAt } from '../lib/markdown'
import { lastExpired, listShown } from '../resources/news/store'
import type { NewsRow } from '../resources/news/table'
import { latest } from './answer'
import type { FeedItem, FeedShape } from './feed'
import { feedGuide, pageOf, publicAddress, websiteOf } from './place'

const shownNews = 50

/** When public news last changed: an item also leaves the feed when it expires. */
export const newsChanged = async (ctx: Ctx, council: TenantRow): Promise<Date> =>
  latest(council, changedAt(council, 'news'), await lastExpired(ctx))

/** The newest items; for a ward, together with those for the whole council. */
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
    description: `News from ${ctx.tenant.name}`,
    website: websiteOf(ctx),
    guide: feedGuide(base),
    self: { rss: address('news.rss'), atom: address('news.atom'), json: address('news.json') },
    updated,
    items: rows.map((row) => itemOf(ctx, row)),
  }
}

function itemOf(ctx: Ctx, row: NewsRow): FeedItem {
  const { id, title, slug, summary, body, imageUrl, publishedAt, updatedAt } = row
  return {
    id: `urn:x-reeve:news:${id}`,
    title,
    link: pageOf(ctx.tenant.newsPage, { slug, id }),
    summary,
    html: renderMarkdownAt(websiteOf(ctx), body),
    published: publishedAt ?? updatedAt,
    updated: updatedAt,
    imageUrl,
  }
}
