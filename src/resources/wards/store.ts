import { and, asc, eq, gte, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { all, amongMany, any, equals, holdsFolded, same } from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { nameKeys } from '../../lib/name-keys'
import type { Slice } from '../../lib/page'
import { dateOfDay, dayNumber, localDate, startOfLocalDate } from '../../lib/time'
import { boxOf, holds } from './boundary'
import { isValidOn, type WardLookup, type WardQuery } from './model'
import { type Boundary, type WardRow, wardBoundaries, wards, wardTiers } from './table'

const mine = (ctx: Ctx, ...conditions: (SQL | undefined)[]) =>
  and(eq(wards.tenantId, ctx.tenantId), ...conditions)

const list = listOf(wards)
const fields = { name: ['sortKey'], gssCode: ['gssCode'], electorate: ['electorate'] }

export function listWards(ctx: Ctx, query: WardQuery, slice: Slice) {
  const where = all([
    equals(wards.tenantId, ctx.tenantId),
    holdsFolded(wards.searchText, query.search),
    equals(wards.tier, query.tier),
    equals(wards.enabled, query.enabled),
    equals(wards.gssCode, query.gssCode),
  ])
  return list(ctx.db, where, ordering(wards, query.sort ?? 'name', fields), slice)
}

const one = preparedByForm<WardRow>((db, { where }) => db.select().from(wards).where(where))

export async function getWard(ctx: Ctx, id: string): Promise<WardRow> {
  const row = await findWard(ctx, id)
  if (!row) throw notFound('Ward')
  return row
}

export async function findWard(ctx: Ctx, id: string): Promise<WardRow | undefined> {
  const where = all([equals(wards.tenantId, ctx.tenantId), equals(wards.id, id)])
  const [row] = await one(ctx.db, { where })
  return row
}

export async function listWardsCalled(
  ctx: Ctx,
  { slug, gssCode }: { slug?: string; gssCode?: string | null },
): Promise<WardRow[]> {
  if (!slug && !gssCode) return []
  const hasName = any([equals(wards.slug, slug || undefined), equals(wards.gssCode, gssCode || undefined)])
  return one(ctx.db, { where: all([equals(wards.tenantId, ctx.tenantId), hasName]) })
}

/** Positions of the unknown ids. */
export async function unknownWards(ctx: Ctx, ids: readonly string[]): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await one(ctx.db, {
    where: all([equals(wards.tenantId, ctx.tenantId), amongMany(wards.id, ids)]),
  })
  const known = new Set(rows.map(({ id }) => id))
  return ids.flatMap((id, i) => (known.has(id) ? [] : [i]))
}

/** Null if none was imported. */
export async function getBoundary(ctx: Ctx, wardId: string): Promise<Boundary | null> {
  const [row] = await ctx.db
    .select({ boundary: wardBoundaries.boundary })
    .from(wardBoundaries)
    .where(and(eq(wardBoundaries.tenantId, ctx.tenantId), eq(wardBoundaries.wardId, wardId)))
    .limit(1)
  return row?.boundary ?? null
}

/** At most 10,000. */
export const listAllWards = (ctx: Ctx): Promise<WardRow[]> =>
  ctx.db.select().from(wards).where(mine(ctx)).limit(10_000)

export const wardKeys = ({ name, nameCy = null, gssCode = null }: typeof wards.$inferInsert) =>
  nameKeys(name, nameCy, gssCode)

export async function insertWard(w: Writer, values: typeof wards.$inferInsert): Promise<WardRow> {
  const [row] = await w.db
    .insert(wards)
    .values({ ...values, ...wardKeys(values) })
    .returning()
  return row as WardRow
}

export async function updateWard(w: Writer, row: WardRow, values: Partial<WardRow>): Promise<WardRow> {
  const [updated] = await w.db
    .update(wards)
    .set({
      ...values,
      ...wardKeys({ ...row, ...values }),
      version: row.version + 1,
      updatedAt: w.clock.now(),
    })
    .where(mine(w, eq(wards.id, row.id)))
    .returning()
  if (!updated) throw notFound('Ward')
  return updated
}

export async function saveBoundary(w: Writer, wardId: string, boundary: Boundary): Promise<void> {
  const values = { boundary, ...boxOf(boundary) }
  await w.db
    .insert(wardBoundaries)
    .values({ wardId, tenantId: w.tenantId, ...values })
    .onConflictDoUpdate({ target: same(wardBoundaries.wardId), set: values })
}

export type BoundedWard = { ward: WardRow; boundary: Boundary | null }

export const today = ({ clock, tenant }: Ctx): string => localDate(clock.now(), tenant.timezone)

/** `state` changes with any ward, and when one begins or ends; `changed` is when that last happened. */
export async function wardsState(ctx: Ctx): Promise<{ state: string; changed: Date | null }> {
  const date = today(ctx)
  const [row] = await ctx.db
    .select({
      wards: sql<number>`count(*)`,
      versions: sql<number | null>`sum(${wards.version})`,
      changed: sql<number | null>`max(${wards.updatedAt})`,
      begun: sql<string | null>`max(case when ${wards.validFrom} <= ${date} then ${wards.validFrom} end)`,
      ended: sql<string | null>`max(case when ${wards.validTo} < ${date} then ${wards.validTo} end)`,
    })
    .from(wards)
    .where(mine(ctx))
  const { changed = null, begun = null, ended = null } = row ?? {}
  const moments = [
    changed === null ? 0 : Number(changed),
    momentOf(begun, ctx),
    momentOf(ended === null ? null : dateOfDay(dayNumber(ended) + 1), ctx),
  ]
  const last = Math.max(...moments)
  return { state: JSON.stringify(row), changed: last === 0 ? null : new Date(last) }
}

const momentOf = (date: string | null, { tenant }: Ctx): number =>
  (date === null ? undefined : startOfLocalDate(date, tenant.timezone))?.getTime() ?? 0

/** In use today, by name, starting after the given name and id; including wards without a boundary. */
export async function listBoundedWards(
  ctx: Ctx,
  after: { name: string; id: string } | null,
  limit: number,
): Promise<BoundedWard[]> {
  const date = today(ctx)
  return ctx.db
    .select({ ward: wards, boundary: wardBoundaries.boundary })
    .from(wards)
    .leftJoin(wardBoundaries, eq(wardBoundaries.wardId, wards.id))
    .where(
      mine(
        ctx,
        eq(wards.enabled, true),
        or(isNull(wards.validFrom), lte(wards.validFrom, date)),
        or(isNull(wards.validTo), gte(wards.validTo, date)),
        after ? sql`(${wards.name}, ${wards.id}) > (${after.name}, ${after.id})` : undefined,
      ),
    )
    .orderBy(asc(wards.name), asc(wards.id))
    .limit(limit)
}

/** Wards in use whose bounding box contains the point; at most 100. */
function listWardsAround(
  ctx: Ctx,
  longitude: number,
  latitude: number,
): Promise<{ ward: WardRow; boundary: Boundary }[]> {
  return ctx.db
    .select({ ward: wards, boundary: wardBoundaries.boundary })
    .from(wardBoundaries)
    .innerJoin(wards, eq(wards.id, wardBoundaries.wardId))
    .where(
      and(
        eq(wardBoundaries.tenantId, ctx.tenantId),
        lte(wardBoundaries.west, longitude),
        gte(wardBoundaries.east, longitude),
        lte(wardBoundaries.south, latitude),
        gte(wardBoundaries.north, latitude),
        eq(wards.enabled, true),
      ),
    )
    .orderBy(asc(wards.name), asc(wards.id))
    .limit(100)
}

/** Chooses between two areas of one kind over the same ground, as after new boundaries. */
const laterFirst = ({ ward: a }: { ward: WardRow }, { ward: b }: { ward: WardRow }): number =>
  (b.validFrom ?? '').localeCompare(a.validFrom ?? '') || b.createdAt.getTime() - a.createdAt.getTime()

/** The smallest kind of area comes first, and of one kind the ward that began later; undefined if there is none. */
export async function findWardAt(
  ctx: Ctx,
  { latitude, longitude, tier }: WardLookup,
): Promise<WardRow | undefined> {
  const date = today(ctx)
  const around = await listWardsAround(ctx, longitude, latitude)
  const holding = around
    .filter(
      ({ ward, boundary }) =>
        (tier === undefined || ward.tier === tier) &&
        isValidOn(ward, date) &&
        holds(boundary, longitude, latitude),
    )
    .sort(laterFirst)
  return wardTiers.flatMap((kind) => holding.filter(({ ward }) => ward.tier === kind))[0]?.ward
}
