import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { users } from '../../core/users/table'
import { all, any, atLeast, below, type Condition, equals, isNull, oneOf, within } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { countOf, findSlice, ordering } from '../../db/paging'
import { prepared, preparedByForm, preparedInsert } from '../../db/prepared'
import { keptTotal } from '../../db/totals'
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

/** The part of the tenant's cases that the caller may see; no condition where that is all of them. */
function visible({ acting }: Ctx): Condition | undefined {
  if (acting?.role === 'caseworker') return equals(cases.assigneeId, acting.id)
  if (acting?.role === 'councillor') return oneOf(cases.wardId, acting.wardIds)
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

function assignedTo(ids: readonly string[] | undefined): Condition | undefined {
  if (!ids?.includes('none')) return oneOf(cases.assigneeId, ids)
  const people = ids.filter((id) => id !== 'none')
  return any([isNull(cases.assigneeId), people.length > 0 ? oneOf(cases.assigneeId, people) : undefined])
}

function matching(ctx: Ctx, filters: CaseFilters): Condition {
  const { bbox, archived = false } = filters
  return all([
    equals(cases.tenantId, ctx.tenantId),
    visible(ctx),
    equals(cases.archived, archived),
    oneOf(cases.status, filters.status),
    oneOf(cases.type, filters.type),
    oneOf(cases.wardId, filters.wardId),
    oneOf(cases.categoryId, filters.categoryId),
    assignedTo(filters.assigneeId),
    oneOf(cases.councillorId, filters.councillorId),
    oneOf(cases.sourceChannel, filters.sourceChannel),
    oneOf(cases.priority, filters.priority),
    atLeast(cases.createdAt, filters.createdFrom),
    below(cases.createdAt, filters.createdTo),
    atLeast(cases.updatedAt, filters.updatedFrom),
    below(cases.updatedAt, filters.updatedTo),
    within(cases.longitude, bbox && [bbox[0], bbox[2]]),
    within(cases.latitude, bbox && [bbox[1], bbox[3]]),
  ])
}

const sortFields = {
  createdAt: ['createdAt'],
  updatedAt: ['updatedAt'],
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

/** The asked-for part of the cases that match and that the caller may see. */
export function listCases(ctx: Ctx, filters: CaseFilters, slice: Slice): Promise<Found<CaseWithNames>> {
  const where = matching(ctx, filters)
  return findSlice<CaseWithNames>({
    slice,
    order: ordering(cases, filters.sort ?? '-createdAt', sortFields),
    where,
    select: (asked) => select(ctx.db, asked),
    rowOf: (found) => found.case,
    count: () => {
      const key = JSON.stringify([ctx.revision, where.form, where.values])
      return keptTotal(ctx.db, key, () => countCases(ctx, filters, where))
    },
  })
}

const counted = new Set(['page', 'pageSize', 'cursor', 'sort', 'status', 'wardId', 'categoryId', 'archived'])

const countMatches = countOf(cases, maxPagedRows + 1)

const sumCounters = preparedByForm<{ total: number }>((db, { where }) =>
  db
    .select({ total: sql<number>`coalesce(sum(${caseCounters.cases}), 0)` })
    .from(caseCounters)
    .where(where),
)

/**
 * How many cases match: exact and cheap by the counters for status, ward, category and archived; by counting
 * for other filters, which stops one beyond what can be paged through.
 */
async function countCases(ctx: Ctx, filters: CaseFilters, where: Condition): Promise<number> {
  const isCounted = Object.entries(filters).every(([name, value]) => value === undefined || counted.has(name))
  if (!isCounted || visible(ctx)) return countMatches(ctx.db, where)
  const counters = all([
    equals(caseCounters.tenantId, ctx.tenantId),
    equals(caseCounters.archived, filters.archived ?? false),
    oneOf(caseCounters.status, filters.status),
    oneOf(caseCounters.wardId, filters.wardId),
    oneOf(caseCounters.categoryId, filters.categoryId),
  ])
  const [sum] = await sumCounters(ctx.db, { where: counters })
  return Number(sum?.total ?? 0)
}

const one = preparedByForm<CaseWithNames>((db, { where }) => withNames(db).where(where))

/** One case that the caller may see, by its id or reference; throws where there is none. */
export async function getCase(ctx: Ctx, idOrReference: string): Promise<CaseWithNames> {
  const named = looksLikeReference(idOrReference)
    ? equals(cases.reference, idOrReference.toUpperCase())
    : equals(cases.id, idOrReference)
  const [found] = await one(ctx.db, {
    where: all([equals(cases.tenantId, ctx.tenantId), visible(ctx), named]),
  })
  if (!found) throw notFound('Case')
  return found
}

/** A case just written, though the change may have taken it out of the caller's view. */
export async function reloadCase(w: Writer, id: string): Promise<CaseWithNames> {
  const [found] = await one(w.db, { where: all([equals(cases.tenantId, w.tenantId), equals(cases.id, id)]) })
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
    .where(and(eq(cases.tenantId, w.tenantId), eq(cases.id, row.id)))
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
