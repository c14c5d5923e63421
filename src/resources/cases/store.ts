import { and, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { users } from '../../core/users/table'
import type { Db } from '../../db/dialect'
import { anyOf, boundedCount } from '../../db/filters'
import { findSlice, ordering } from '../../db/paging'
import { prepared, preparedInsert } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { type Found, maxPagedRows, type Slice } from '../../lib/page'
import { categories } from '../categories/table'
import { wards } from '../wards/table'
import type { CaseQuery, CaseWithNames } from './model'
import { looksLikeReference } from './reference'
import { type CaseRow, caseCounters, caseSequences, cases } from './table'

/** A list's filters with their texts already read: instants as dates, the box as numbers. */
export type CaseFilters = Omit<
  CaseQuery,
  'createdFrom' | 'createdTo' | 'updatedFrom' | 'updatedTo' | 'bbox'
> & {
  createdFrom?: Date | undefined
  createdTo?: Date | undefined
  updatedFrom?: Date | undefined
  updatedTo?: Date | undefined
  bbox?: readonly [number, number, number, number] | undefined
}

const mine = (ctx: Ctx, ...conditions: (SQL | undefined)[]) =>
  and(eq(cases.tenantId, ctx.tenantId), ...conditions)

/** The part of the tenant's cases that the caller may see; no condition where that is all of them. */
function visible({ acting }: Ctx): SQL | undefined {
  if (acting?.role === 'caseworker') return eq(cases.assigneeId, acting.id)
  if (acting?.role === 'councillor') return inArray(cases.wardId, [...acting.wardIds])
  return undefined
}

const withNames = (db: Db) =>
  db
    .select({
      case: cases,
      ward: { id: wards.id, name: wards.name },
      category: { id: categories.id, name: categories.name },
      assignee: { id: users.id, name: users.name, role: users.role },
    })
    .from(cases)
    .leftJoin(wards, eq(wards.id, cases.wardId))
    .leftJoin(categories, eq(categories.id, cases.categoryId))
    .leftJoin(users, eq(users.id, cases.assigneeId))

function matching(ctx: Ctx, filters: CaseFilters): SQL | undefined {
  const { assigneeId, bbox, archived = false } = filters
  const people = assigneeId?.filter((id) => id !== 'none')
  const nobody = assigneeId?.includes('none') ? isNull(cases.assigneeId) : undefined
  return mine(
    ctx,
    visible(ctx),
    eq(cases.archived, archived),
    anyOf(cases.status, filters.status),
    anyOf(cases.type, filters.type),
    anyOf(cases.wardId, filters.wardId),
    anyOf(cases.categoryId, filters.categoryId),
    assigneeId && or(nobody, people?.length ? inArray(cases.assigneeId, people) : undefined),
    anyOf(cases.councillorId, filters.councillorId),
    anyOf(cases.sourceChannel, filters.sourceChannel),
    anyOf(cases.priority, filters.priority),
    filters.createdFrom && gte(cases.createdAt, filters.createdFrom),
    filters.createdTo && lt(cases.createdAt, filters.createdTo),
    filters.updatedFrom && gte(cases.updatedAt, filters.updatedFrom),
    filters.updatedTo && lt(cases.updatedAt, filters.updatedTo),
    bbox &&
      sql`${cases.longitude} BETWEEN ${bbox[0]} AND ${bbox[2]} AND ${cases.latitude} BETWEEN ${bbox[1]} AND ${bbox[3]}`,
  )
}

const sortFields = {
  createdAt: ['createdAt'],
  updatedAt: ['updatedAt'],
  priority: ['priority'],
  reference: ['referenceYear', 'referenceNumber'],
}

/** The asked-for part of the cases that match and that the caller may see. */
export const listCases = (ctx: Ctx, filters: CaseFilters, slice: Slice): Promise<Found<CaseWithNames>> =>
  findSlice<CaseWithNames>({
    slice,
    order: ordering(cases, filters.sort ?? '-createdAt', sortFields),
    where: matching(ctx, filters),
    select: (where, orderBy, limit, offset) =>
      withNames(ctx.db)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit)
        .offset(offset),
    rowOf: (found) => found.case,
    count: () => countCases(ctx, filters),
  })

const counted = new Set(['page', 'pageSize', 'cursor', 'sort', 'status', 'wardId', 'categoryId', 'archived'])

/**
 * How many cases match: exact and cheap by the counters for status, ward, category and archived; by counting
 * for other filters, which stops one beyond what can be paged through.
 */
async function countCases(ctx: Ctx, filters: CaseFilters): Promise<number> {
  const isCounted = Object.entries(filters).every(([name, value]) => value === undefined || counted.has(name))
  if (!isCounted || visible(ctx)) return boundedCount(ctx.db, cases, matching(ctx, filters), maxPagedRows + 1)
  const [sum] = await ctx.db
    .select({ total: sql<number>`coalesce(sum(${caseCounters.cases}), 0)` })
    .from(caseCounters)
    .where(
      and(
        eq(caseCounters.tenantId, ctx.tenantId),
        eq(caseCounters.archived, filters.archived ?? false),
        anyOf(caseCounters.status, filters.status),
        anyOf(caseCounters.wardId, filters.wardId),
        anyOf(caseCounters.categoryId, filters.categoryId),
      ),
    )
  return Number(sum?.total ?? 0)
}

/** One case that the caller may see, by its id or reference; throws where there is none. */
export async function getCase(ctx: Ctx, idOrReference: string): Promise<CaseWithNames> {
  const isReference = looksLikeReference(idOrReference)
  const name = isReference ? idOrReference.toUpperCase() : idOrReference
  const view = visible(ctx)
  const [found] = view
    ? await withNames(ctx.db)
        .where(mine(ctx, view, eq(isReference ? cases.reference : cases.id, name)))
        .limit(1)
    : await (isReference ? byReference : byId)(ctx.db).execute({ tenantId: ctx.tenantId, name })
  if (!found) throw notFound('Case')
  return found
}

const oneBy = (column: typeof cases.id | typeof cases.reference) =>
  prepared((db) =>
    withNames(db)
      .where(and(eq(cases.tenantId, sql.placeholder('tenantId')), eq(column, sql.placeholder('name'))))
      .limit(1)
      .prepare(),
  )

const byId = oneBy(cases.id)
const byReference = oneBy(cases.reference)

/** A case just written, though the change may have taken it out of the caller's view. */
export async function reloadCase(w: Writer, id: string): Promise<CaseWithNames> {
  const [found] = await byId(w.db).execute({ tenantId: w.tenantId, name: id })
  if (!found) throw notFound('Case')
  return found
}

const takeNumber = prepared((db) =>
  db
    .insert(caseSequences)
    .values({ tenantId: sql.placeholder('tenantId'), year: sql.placeholder('year'), last: 1 })
    .onConflictDoUpdate({
      target: [caseSequences.tenantId, caseSequences.year],
      set: { last: sql`${caseSequences.last} + 1` },
    })
    .returning()
    .prepare(),
)

/** The next reference number of the year: counted up with the change, so none is skipped or given twice. */
export async function nextReferenceNumber(w: Writer, year: number): Promise<number> {
  const [row] = await takeNumber(w.db).execute({ tenantId: w.tenantId, year })
  return (row as { last: number }).last
}

const insertRow = preparedInsert(cases)

export async function insertCase(w: Writer, values: typeof cases.$inferInsert): Promise<CaseRow> {
  const row = await insertRow(w.db, values)
  await addToCounter(w, row, 1)
  return row
}

export async function updateCase(w: Writer, row: CaseRow, values: Partial<CaseRow>): Promise<CaseRow> {
  const [updated] = await w.db
    .update(cases)
    .set({ ...values, version: row.version + 1, updatedAt: w.clock.now() })
    .where(mine(w, eq(cases.id, row.id)))
    .returning()
  if (!updated) throw notFound('Case')
  await addToCounter(w, row, -1)
  await addToCounter(w, updated, 1)
  return updated
}

const { tenantId, archived, status, wardId, categoryId } = caseCounters

const addCases = prepared((db) =>
  db
    .insert(caseCounters)
    .values({
      tenantId: sql.placeholder('tenantId'),
      archived: sql.placeholder('archived'),
      status: sql.placeholder('status'),
      wardId: sql.placeholder('wardId'),
      categoryId: sql.placeholder('categoryId'),
      cases: sql.placeholder('change'),
    })
    .onConflictDoUpdate({
      target: [tenantId, archived, status, wardId, categoryId],
      set: { cases: sql`${caseCounters.cases} + ${sql.placeholder('change')}` },
    })
    .prepare(),
)

/** Counts a case into its combination or out of it. */
async function addToCounter(w: Writer, row: CaseRow, change: 1 | -1): Promise<void> {
  await addCases(w.db).execute({
    tenantId: w.tenantId,
    archived: row.archived,
    status: row.status,
    wardId: row.wardId ?? '',
    categoryId: row.categoryId ?? '',
    change,
  })
}
