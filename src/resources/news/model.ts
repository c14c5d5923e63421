import { type Static, Type } from '@sinclair/typebox'
import { Markdown, type Moves, RenderedHtml, WardIds, WebAddress } from '../../core/publishing'
import {
  Id,
  Instant,
  InstantOrDate,
  ListOf,
  Named,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Sort,
  Strict,
  Text,
} from '../../core/schema'
import { renderMarkdown } from '../../lib/markdown'
import { type NewsRow, type NewsStatus, newsStatuses } from './table'

const newsSorts = ['publishedAt', 'createdAt', 'updatedAt', 'title'] as const

/** Withdrawn news goes back to draft before it is approved again. */
export const newsMoves: Moves<NewsStatus> = {
  draft: ['pending'],
  pending: ['scheduled', 'published', 'draft'],
  scheduled: ['published', 'withdrawn'],
  published: ['withdrawn'],
  withdrawn: ['draft'],
}

/** Approved, even if not published yet. */
export const isApproved = (status: NewsStatus) => status === 'scheduled' || status === 'published'

export const NewsView = Strict(
  {
    id: Type.String(),
    title: Type.String(),
    slug: Type.String({ description: 'Name in web addresses; stays the same when the title changes' }),
    summary: Nullable(Type.String()),
    body: Type.String({ description: 'Markdown' }),
    bodyHtml: RenderedHtml,
    source: Nullable(Type.String({ description: 'Whose news it is, if not the council’s own' })),
    imageUrl: Nullable(Type.String()),
    wardIds: Type.Array(Type.String()),
    status: OneOf(newsStatuses),
    approved: Type.Boolean(),
    publishedAt: Nullable(Type.String({ description: 'When it was, or will be, published' })),
    expiresAt: Nullable(Type.String({ description: 'When it leaves the feeds' })),
    createdBy: Named,
    createdAt: Instant,
    updatedAt: Instant,
  },
  { title: 'News' },
)
export type NewsView = Static<typeof NewsView>

const Title = Text(200, { examples: ['Mina Road is open again'] })

const optional = {
  summary: Type.Optional(Nullable(Text(500))),
  source: Type.Optional(Nullable(Text(200))),
  imageUrl: Type.Optional(Nullable(WebAddress)),
  wardIds: Type.Optional(WardIds),
  publishedAt: Type.Optional(Nullable(InstantOrDate)),
  expiresAt: Type.Optional(Nullable(InstantOrDate)),
}

export const NewsCreate = Strict(
  {
    title: Title,
    body: Markdown,
    status: Type.Optional(OneOf(['draft', 'pending'] as const, 'pending by default')),
    ...optional,
  },
  { examples: [{ title: 'Mina Road is open again', body: 'The works are **finished**.' }] },
)
export type NewsCreate = Static<typeof NewsCreate>

export const NewsPatch = Strict(
  {
    title: Type.Optional(Title),
    body: Type.Optional(Markdown),
    status: Type.Optional(OneOf(newsStatuses, 'Only some changes are allowed; others answer 409')),
    ...optional,
  },
  { examples: [{ status: 'withdrawn' }] },
)
export type NewsPatch = Static<typeof NewsPatch>

export const NewsQuery = Strict({
  ...PageQuery,
  sort: Sort(newsSorts),
  search: Type.Optional(Text(100, { description: 'Part of the title, summary or body' })),
  status: Type.Optional(ListOf(OneOf(newsStatuses))),
  approved: Type.Optional(Type.Boolean()),
  wardId: Type.Optional(Id),
  source: Type.Optional(Text(200)),
  from: Type.Optional(InstantOrDate),
  to: Type.Optional(InstantOrDate),
})
export type NewsQuery = Static<typeof NewsQuery>

export const NewsList = Strict({ news: Type.Array(NewsView), pagination: PaginationView })

export function toView(row: NewsRow): NewsView {
  const { id, title, slug, summary, body, source, imageUrl, wardIds, status } = row
  return {
    id,
    title,
    slug,
    summary,
    body,
    bodyHtml: renderMarkdown(body),
    source,
    imageUrl,
    wardIds,
    status,
    approved: isApproved(status),
    publishedAt: row.publishedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdBy: { id: row.createdById, name: row.createdByName },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
