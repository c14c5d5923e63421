import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { contains } from '../../db/filters'
import { findRows, ordering } from '../../db/paging'
import { prepared } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import type { Slice } from '../../lib/page'
import type { WardQuery } from './model'
import { type Boundary, type WardRow, wardBoundaries, wards } from './table'

const mine = (ctx: Ctx, ...conditions: (SQL | undefined)[]) =>
  and(eq(wards.tenantId, ctx.tenantId), ...conditions)

/** The asked-for part of the tenant's wards. */
export function listWards(ctx: Ctx, query: WardQuery, slice: Slice) {
  const { search, tier, enabled, gssCode, sort = 'name' } = query
  const where = mine(
    ctx,
    search === undefined ? undefined : contains([wards.name, wards.nameCy], search),
    tier === undefined ? undefined : eq(wards.tier, tier),
    enabled === undefined ? undefined : eq(wards.enabled, enabled),
    gssCode === undefined ? undefined : eq(wards.gssCode, gssCode),
  )
  const fields = { name: ['name'], gssCode: ['gssCode'], electorate: ['electorate'] }
  return findRows(ctx.db, wards, where, ordering(wards, sort, fields), slice)
}

const byId = prepared((db) =>
  db
    .select()
    .from(wards)
    .where(and(eq(wards.tenantId, sql.placeholder('tenantId')), eq(wards.id, sql.placeholder('id'))))
    .limit(1)
    .prepare(),
)

export async function getWard(ctx: Ctx, id: string): Promise<WardRow> {
  const [row] = await byId(ctx.db).execute({ tenantId: ctx.tenantId, id })
  if (!row) throw notFound('Ward')
  return row
}

/** The ward's boundary; null where none was imported. */
export async function getBoundary(ctx: Ctx, wardId: string): Promise<Boundary | null> {
  const [row] = await ctx.db
    .select({ boundary: wardBoundaries.boundary })
    .from(wardBoundaries)
    .where(and(eq(wardBoundaries.tenantId, ctx.tenantId), eq(wardBoundaries.wardId, wardId)))
    .limit(1)
  return row?.boundary ?? null
}

/** All the tenant's wards, for imports; 10,000 at most. */
export const listAllWards = (ctx: Ctx): Promise<WardRow[]> =>
  ctx.db.select().from(wards).where(mine(ctx)).limit(10_000)

export async function insertWard(w: Writer, values: typeof wards.$inferInsert): Promise<WardRow> {
  const [row] = await w.db.insert(wards).values(values).returning()
  return row as WardRow
}

export async function updateWard(w: Writer, row: WardRow, values: Partial<WardRow>): Promise<WardRow> {
  const [updated] = await w.db
    .update(wards)
    .set({ ...values, version: row.version + 1, updatedAt: w.clock.now() })
    .where(mine(w, eq(wards.id, row.id)))
    .returning()
  if (!updated) throw notFound('Ward')
  return updated
}

export async function saveBoundary(w: Writer, wardId: string, boundary: Boundary): Promise<void> {
  await w.db
    .insert(wardBoundaries)
    .values({ wardId, tenantId: w.tenantId, boundary })
    .onConflictDoUpdate({ target: wardBoundaries.wardId, set: { boundary } })
}
