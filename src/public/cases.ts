import type { Ctx } from '../core/ctx'
import { toPublicView } from '../resources/cases/public/model'
import { listPublicCases } from '../resources/cases/public/store'
import type { FeedItem, FeedShape } from './feed'
import { feedGuide, pageOf, publicAddress, websiteOf } from './place'

const feedCases = 50

const statusWords = {
  open: 'Open',
  in_progress: 'In progress',
  resolved: 'Resolved',
  closed: 'Closed',
} as const

/** The approved cases that changed last. */
export async function caseFeed(
  ctx: Ctx,
  base: string,
  filters: { wardId: string | undefined; categoryId: string | undefined },
  updated: Date,
): Promise<FeedShape> {
  const slice = { kind: 'cursor', pageSize: feedCases, after: null } as const
  const { rows } = await listPublicCases(ctx, filters, slice)
  const address = (file: string) => publicAddress(base, ctx, file)
  return {
    id: `urn:x-reeve:${ctx.tenantId}:cases`,
    title: `${ctx.tenant.name}: cases`,
    author: ctx.tenant.name,
    description: `What residents have reported to ${ctx.tenant.name}, and what happened`,
    website: websiteOf(ctx),
    guide: feedGuide(base),
    self: { rss: address('cases.rss') },
    updated,
    items: rows.map((row): FeedItem => {
      const { reference, publicSummary, status, ward, category, publicThemes } = toPublicView(row)
      const facts = [reference, statusWords[status], category?.name, ward?.name].filter(Boolean).join(', ')
      return {
        id: `urn:x-reeve:case:${row.case.id}`,
        title: publicSummary,
        link: pageOf(ctx.tenant.casePage, { reference }),
        summary: facts,
        html: Bun.escapeHTML(`${facts}. ${publicSummary}`),
        published: row.case.createdAt,
        updated: row.case.updatedAt,
        tags: publicThemes,
      }
    }),
  }
}
