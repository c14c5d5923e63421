import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { users } from '../../core/users/table'
import { cachedTotal } from '../../db/cached-totals'
import { all, amongMany, type Condition, equals, same, withoutIndex } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { countOf, findSlice, ordering } from '../../db/paging'
import { prepared, preparedByForm, preparedInsert } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { type Found, maxPagedRows, type Slice } from '../../lib/page'
import { categories } from '../categories/table'
import { wards } from '../wards/table'
import { countCases } from './derived/counters.store'
import { takePosition } from './derived/feed-order.store'
import { follow } from './derived/follow.store'
import { type CaseFilters, matching, visibleCases, withInternalRef } from './filters'
import type { CaseWithNames } from './model'
import { meantReference } from './rules/reference'
import { targetDay } from './rules/target'
import { type CaseRow, caseSequences, cases } from './table'

const withNames = (db: Db) =>
  db
    .select({
      case: cases,
      ward: { id: wards.id, name: wards.name },
      category: { id: categories.id, name: categories.name, visibility: categories.visibility },
      assignee: { id: users.id, name: users.name, role: users.role },
    })
    .from(cases)
    .leftJoin(wards, eq(wards.id, cases.wardId))
    .leftJoin(categories, eq(categories.id, cases.categoryId))
    .leftJoin(users, eq(users.id, cases.assigneeId))

const sortFields = {
  createdAt: ['createdAt'],
  updatedAt: ['updatedAt'],
  dueAt: ['dueAt'],
  priority: ['priority'],
  reference: ['referenceYear', 'referenceNumber'],
}

const select = preparedByForm<CaseWithNames>((db, { where, orderBy, limit, offset }) =>
  withNames(db)
    .where(where)
    .orderBy(...orderBy)
    .limit(limit)
    .offset(offset),
)

export const orderOf = (filters: CaseFilters) => ordering(cases, filters.sort ?? '-createdAt', sortFields)

export function listCases(ctx: Ctx, filters: CaseFilters, slice: Slice): Promise<Found<CaseWithNames>> {
  const where = matching(ctx, filters)
  return findSlice<CaseWithNames>({
    slice,
    order: orderOf(filters),
    where,
    select: (asked) => select(ctx.db, asked),
    rowOf: (found) => found.case,
    count: () => totalCases(ctx, filters, where),
  })
}

/** Exact if the counters know it; otherwise it stops counting just beyond what can be paged through. */
export function totalCases(ctx: Ctx, filters: CaseFilters, where = matching(ctx, filters)): Promise<number> {
  const day = filters.slaState && targetDay(ctx.tenant.timezone, ctx.clock.now())
  const asked = JSON.stringify({ ...filters, sort: undefined })
  const key = JSON.stringify([ctx.revision, ctx.tenantId, ctx.acting, day, asked])
  return cachedTotal(ctx.db, key, () => countCases(ctx, filters, where))
}

const countWhere = countOf(cases, maxPagedRows + 1)

/** Not limited to what the caller may see. */
export const listCasesWhere = (
  ctx: Ctx,
  where: Condition,
  sort: CaseFilters['sort'],
  slice: Slice,
): Promise<Found<CaseWithNames>> =>
  findSlice<CaseWithNames>({
    slice,
    order: orderOf({ sort }),
    where,
    select: (asked) => select(ctx.db, asked),
    rowOf: (found) => found.case,
    count: () => countWhere(ctx.db, where),
  })

/** Keeps the order of `places`. */
export async function getCasesAt(ctx: Ctx, places: readonly number[]): Promise<CaseWithNames[]> {
  if (places.length === 0) return []
  const where = all([withoutIndex(visibleCases(ctx)), amongMany(cases.position, places)])
  const found = await one(ctx.db, { where })
  const byPlace = new Map(found.map((row) => [row.case.position, row]))
  return places.flatMap((place) => byPlace.get(place) ?? [])
}

/** By id; leaves out cases that the caller may not see. */
export async function getCasesById(ctx: Ctx, ids: readonly string[]): Promise<Map<string, CaseWithNames>> {
  if (ids.length === 0) return new Map()
  const found = await one(ctx.db, { where: all([withoutIndex(visibleCases(ctx)), amongMany(cases.id, ids)]) })
  return new Map(found.map((row) => [row.case.id, row]))
}

const one = preparedByForm<CaseWithNames>((db, { where }) => withNames(db).where(where))

/** Not limited to what the caller may see. */
export async function findCaseWhere(ctx: Ctx, where: Condition): Promise<CaseWithNames | undefined> {
  const [found] = await one(ctx.db, { where })
  return found
}

/** Finds a case by its reference as people type it, even one that the caller may not see. */
export const findByReference = (ctx: Ctx, typed: string): Promise<CaseWithNames | undefined> =>
  findCaseWhere(
    ctx,
    all([
      equals(cases.tenantId, ctx.tenantId),
      equals(cases.reference, meantReference(typed, ctx.tenant.referencePrefix) ?? typed),
    ]),
  )

async function findVisible(ctx: Ctx, isThisCase: Condition): Promise<CaseWithNames | undefined> {
  const [found] = await one(ctx.db, { where: all([visibleCases(ctx), isThisCase]) })
  return found
}

/** Throws `not_found` if there is no such case or the caller may not see it. */
export async function getCase(ctx: Ctx, idOrReference: string): Promise<CaseWithNames> {
  const found = await findCase(ctx, idOrReference)
  if (!found) throw notFound('Case')
  return found
}

/** Undefined if there is no such case or the caller may not see it. */
export function findCase(ctx: Ctx, idOrReference: string): Promise<CaseWithNames | undefined> {
  const reference = meantReference(idOrReference, ctx.tenant.referencePrefix)
  return findVisible(
    ctx,
    reference === undefined ? equals(cases.id, idOrReference.trim()) : equals(cases.reference, reference),
  )
}

/** Undefined if the typed text is not the reference of a case that the caller may see. */
export async function findReferred(ctx: Ctx, typed: string): Promise<CaseWithNames | undefined> {
  const reference = meantReference(typed, ctx.tenant.referencePrefix)
  return reference === undefined ? undefined : findVisible(ctx, equals(cases.reference, reference))
}

/** The case with the typed reference, or the only one with it as internal reference; null if there is none. */
export async function findExactly(ctx: Ctx, typed: string): Promise<CaseWithNames | null> {
  const found = await findReferred(ctx, typed)
  if (found) return found
  const where = withInternalRef(ctx, [typed], visibleCases(ctx))
  const order = orderOf({ sort: 'reference' })
  const [only, another] = await select(ctx.db, { where, order, limit: 2 })
  return another === undefined ? (only ?? null) : null
}

/** Not limited to what the caller may see: the change may have taken the case out of their view. */
export async function reloadCase(w: Writer, id: string): Promise<CaseWithNames> {
  const [found] = await one(w.db, { where: all([equals(cases.tenantId, w.tenantId), equals(cases.id, id)]) })
  if (!found) throw notFound('Case')
  return found
}

const takeNumbers = prepared((db) =>
  db
    .insert(caseSequences)
    .values({
      tenantId: sql.placeholder('tenantId'),
      year: sql.placeholder('year'),
      last: sql.placeholder('count'),
    })
    .onConflictDoUpdate({
      target: same(caseSequences.tenantId, caseSequences.year),
      set: { last: sql`${caseSequences.last} + excluded.last` },
    })
    .returning()
    .prepare(),
)

/** Taken in the same transaction as the case, so that no number is skipped or used twice. */
export const nextReferenceNumber = (w: Writer, year: number): Promise<number> =>
  takeReferenceNumbers(w, year, 1)

/** Takes this many numbers at once, and returns the first. */
export async function takeReferenceNumbers(w: Writer, year: number, count: number): Promise<number> {
  const [row] = await takeNumbers(w.db).execute({ tenantId: w.tenantId, year, count })
  return (row as { last: number }).last - count + 1
}

const insertRow = preparedInsert(cases)

/** Adds a case with everything derived from it. */
export async function insertCase(
  w: Writer,
  values: Omit<typeof cases.$inferInsert, 'position'>,
): Promise<CaseRow> {
  const position = await takePosition(w, values.id)
  const row = await insertRow(w.db, { ...values, position })
  await follow(w, null, row)
  return row
}

/** Changes a case with everything derived from it. */
export async function updateCase(w: Writer, row: CaseRow, values: Partial<CaseRow>): Promise<CaseRow> {
  const [updated] = await w.db
    .update(cases)
    .set({ ...values, version: row.version + 1, updatedAt: w.clock.now() })
    .where(and(eq(cases.tenantId, w.tenantId), eq(cases.id, row.id)))
    .returning()
  if (!updated) throw notFound('Case')
  await follow(w, row, updated)
  return updated
}
