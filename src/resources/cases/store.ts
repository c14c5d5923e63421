import { and, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { users } from '../../core/users/table'
import { anyOf, boundedCount, orderBy } from '../../db/filters'
import { notFound } from '../../lib/errors'
import { maxPagedRows, type PageWindow } from '../../lib/page'
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

const withNames = (ctx: Ctx) =>
  ctx.db
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

const sortColumns = {
  createdAt: cases.createdAt,
  updatedAt: cases.updatedAt,
  priority: cases.priority,
  reference: [cases.referenceYear, cases.referenceNumber],
}

export const listCases = (
  ctx: Ctx,
  filters: CaseFilters,
  { offset, pageSize }: PageWindow,
): Promise<CaseWithNames[]> =>
  withNames(ctx)
    .where(matching(ctx, filters))
    .orderBy(...orderBy(filters.sort ?? '-createdAt', sortColumns, cases.id))
    .limit(pageSize)
    .offset(offset)

const counted = new Set(['page', 'pageSize', 'sort', 'status', 'wardId', 'categoryId', 'archived'])

/**
 * How many cases match: exact and cheap by the counters for status, ward, category and archived; by counting
 * for other filters, which stops one beyond what can be paged through.
 */
export async function countCases(ctx: Ctx, filters: CaseFilters): Promise<number> {
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
  const named = looksLikeReference(idOrReference)
    ? eq(cases.reference, idOrReference.toUpperCase())
    : eq(cases.id, idOrReference)
  const [found] = await withNames(ctx)
    .where(mine(ctx, visible(ctx), named))
    .limit(1)
  if (!found) throw notFound('Case')
  return found
}

/** A case just written, though the change may have taken it out of the caller's view. */
export async function reloadCase(w: Writer, id: string): Promise<CaseWithNames> {
  const [found] = await withNames(w)
    .where(mine(w, eq(cases.id, id)))
    .limit(1)
  if (!found) throw notFound('Case')
  return found
}

/** The next reference number of the year: counted up with the change, so none is skipped or given twice. */
export async function nextReferenceNumber(w: Writer, year: number): Promise<number> {
  const [row] = await w.db
    .insert(caseSequences)
    .values({ tenantId: w.tenantId, year, last: 1 })
    .onConflictDoUpdate({
      target: [caseSequences.tenantId, caseSequences.year],
      set: { last: sql`${caseSequences.last} + 1` },
    })
    .returning()
  return (row as { last: number }).last
}

export async function insertCase(w: Writer, values: typeof cases.$inferInsert): Promise<CaseRow> {
  const [row] = await w.db.insert(cases).values(values).returning()
  await addToCounter(w, row as CaseRow, 1)
  return row as CaseRow
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

async function addToCounter(w: Writer, { archived, status, wardId, categoryId }: CaseRow, change: 1 | -1) {
  const {
    tenantId,
    archived: isArchived,
    status: inStatus,
    wardId: inWard,
    categoryId: inCategory,
  } = caseCounters
  await w.db
    .insert(caseCounters)
    .values({
      tenantId: w.tenantId,
      archived,
      status,
      wardId: wardId ?? '',
      categoryId: categoryId ?? '',
      cases: change,
    })
    .onConflictDoUpdate({
      target: [tenantId, isArchived, inStatus, inWard, inCategory],
      set: { cases: sql`${caseCounters.cases} + ${change}` },
    })
}
