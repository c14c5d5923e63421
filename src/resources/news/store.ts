import { and, asc, desc, eq, gt, like, lte, or } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import {
  all,
  amongMany,
  any,
  atLeast,
  below,
  equals,
  forWard,
  holdsFolded,
  includes,
  isNull,
  oneOf,
} from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { nameKeys } from '../../lib/name-keys'
import type { Found, Slice } from '../../lib/page'
import type { NewsQuery } from './model'
import { type NewsRow, type NewsStatus, news } from './table'

export type NewsFilters = Pick<NewsQuery, 'search' | 'approved' | 'wardId' | 'source' | 'sort'> & {
  status?: readonly NewsStatus[] | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const list = listOf(news)
const fields = {
  publishedAt: ['publishedAt'],
  createdAt: ['createdAt'],
  updatedAt: ['updatedAt'],
  title: ['sortKey'],
}

const approvedStatuses: readonly NewsStatus[] = ['scheduled', 'published']
const otherStatuses: readonly NewsStatus[] = ['draft', 'pending', 'withdrawn']

export function listNews(ctx: Ctx, filters: NewsFilters, slice: Slice): Promise<Found<NewsRow>> {
  const { search, status, approved, wardId, source, from, to, sort = '-publishedAt' } = filters
  const where = all([
    equals(news.tenantId, ctx.tenantId),
    holdsFolded(news.searchText, search),
    oneOf(news.status, status),
    approved === undefined ? undefined : oneOf(news.status, approved ? approvedStatuses : otherStatuses),
    includes(news.wardIds, wardId),
    equals(news.source, source),
    atLeast(news.publishedAt, from),
    below(news.publishedAt, to),
  ])
  return list(ctx.db, where, ordering(news, sort, fields), slice)
}

const selectShown = preparedByForm<NewsRow>((db, { where, orderBy, limit }) =>
  db
    .select()
    .from(news)
    .where(where)
    .orderBy(...orderBy)
    .limit(limit),
)
const newestFirst = ordering(news, '-publishedAt', fields)

/** Published and not expired, the newest first; for a ward, together with news for the whole council. */
export function listShown(ctx: Ctx, wardId: string | undefined, limit: number): Promise<NewsRow[]> {
  const now = ctx.clock.now()
  const where = all([
    equals(news.tenantId, ctx.tenantId),
    equals(news.status, 'published'),
    any([isNull(news.expiresAt), atLeast(news.expiresAt, new Date(now.getTime() + 1))]),
    forWard(news.wardIds, wardId),
  ])
  return selectShown(ctx.db, { where, order: newestFirst, limit })
}

/** The last time news left the feeds by expiring. */
export async function lastExpired(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db
    .select({ at: news.expiresAt })
    .from(news)
    .where(and(eq(news.tenantId, ctx.tenantId), lte(news.expiresAt, ctx.clock.now())))
    .orderBy(desc(news.expiresAt))
    .limit(1)
  return row?.at ?? null
}

const one = preparedByForm<NewsRow>((db, { where }) => db.select().from(news).where(where))

export async function getNews(ctx: Ctx, id: string): Promise<NewsRow> {
  const [row] = await one(ctx.db, { where: all([equals(news.tenantId, ctx.tenantId), equals(news.id, id)]) })
  if (!row) throw notFound('News')
  return row
}

/** By id. */
export async function getNewsById(ctx: Ctx, ids: readonly string[]): Promise<Map<string, NewsRow>> {
  const where = all([equals(news.tenantId, ctx.tenantId), amongMany(news.id, ids)])
  return new Map((await one(ctx.db, { where })).map((row) => [row.id, row]))
}

/** By slug, beginning after one. */
export function listNewsBySlug(ctx: Ctx, after: string, limit: number): Promise<NewsRow[]> {
  return ctx.db
    .select()
    .from(news)
    .where(and(eq(news.tenantId, ctx.tenantId), gt(news.slug, after)))
    .orderBy(asc(news.slug))
    .limit(limit)
}

/** By slug. */
export async function getNewsCalled(ctx: Ctx, slugs: readonly string[]): Promise<Map<string, NewsRow>> {
  const where = all([equals(news.tenantId, ctx.tenantId), amongMany(news.slug, slugs)])
  return new Map((await one(ctx.db, { where })).map((row) => [row.slug, row]))
}

/** Appends a number if the slug is taken. */
export async function freeSlug(w: Writer, slug: string): Promise<string> {
  const rows = await w.db
    .select({ slug: news.slug })
    .from(news)
    .where(and(eq(news.tenantId, w.tenantId), or(eq(news.slug, slug), like(news.slug, `${slug}-%`))))
  const taken = new Set(rows.map((row) => row.slug))
  if (!taken.has(slug)) return slug
  let number = 2
  while (taken.has(`${slug}-${number}`)) number++
  return `${slug}-${number}`
}

/** Scheduled news of all councils whose time has come. */
export const listDue = (db: Db, now: Date, limit: number): Promise<{ tenantId: string; id: string }[]> =>
  db
    .select({ tenantId: news.tenantId, id: news.id })
    .from(news)
    .where(and(eq(news.status, 'scheduled'), lte(news.publishedAt, now)))
    .limit(limit)

export const newsKeys = ({ title, summary = null, body }: typeof news.$inferInsert) =>
  nameKeys(title, summary, body)

export async function insertNews(w: Writer, values: typeof news.$inferInsert): Promise<NewsRow> {
  const [row] = await w.db
    .insert(news)
    .values({ ...values, ...newsKeys(values) })
    .returning()
  return row as NewsRow
}

export async function updateNews(w: Writer, before: NewsRow, values: Partial<NewsRow>): Promise<NewsRow> {
  const { id, version } = before
  const [row] = await w.db
    .update(news)
    .set({ ...values, ...newsKeys({ ...before, ...values }), version: version + 1, updatedAt: w.clock.now() })
    .where(and(eq(news.tenantId, w.tenantId), eq(news.id, id)))
    .returning()
  if (!row) throw notFound('News')
  return row
}

export async function deleteNews(w: Writer, id: string): Promise<void> {
  await w.db.delete(news).where(and(eq(news.tenantId, w.tenantId), eq(news.id, id)))
}
