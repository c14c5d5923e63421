import { eq, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { all, type Condition, equals, oneOf, same } from '../../../db/conditions'
import { countOf } from '../../../db/paging'
import { prepared, preparedByForm } from '../../../db/prepared'
import { maxPagedRows } from '../../../lib/page'
import { type CaseFilters, isBounded, visibleCases } from '../filters'
import { type CaseRow, type CaseStatus, caseCounters, cases } from '../table'

const counted = new Set(['sort', 'status', 'wardId', 'categoryId', 'archived'])

const countMatches = countOf(cases, maxPagedRows + 1)

const sumCounters = preparedByForm<{ total: number }>((db, { where }) =>
  db
    .select({ total: sql<number>`coalesce(sum(${caseCounters.cases}), 0)` })
    .from(caseCounters)
    .where(where),
)

/** Takes the total from the counters if they know all the filters; otherwise counts, up to one more than can be paged. */
export async function countCases(ctx: Ctx, filters: CaseFilters, where: Condition): Promise<number> {
  const isCounted = Object.entries(filters).every(([name, value]) => value === undefined || counted.has(name))
  if (!isCounted || isBounded(ctx)) return countMatches(ctx.db, where)
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

const { tenantId, archived, status, wardId, categoryId } = caseCounters

export type WardCount = { wardId: string; status: CaseStatus; total: number }

/** Includes archived cases; leaves out those that the caller may not see. */
export async function countByWard(ctx: Ctx): Promise<WardCount[]> {
  const rows = isBounded(ctx) ? await countVisible(ctx) : await sumByWard(ctx)
  return rows.map(({ total, ...row }) => ({ ...row, total: Number(total) }))
}

const sumByWard = (ctx: Ctx): Promise<WardCount[]> =>
  ctx.db
    .select({ wardId, status, total: sql<number>`sum(${caseCounters.cases})` })
    .from(caseCounters)
    .where(eq(tenantId, ctx.tenantId))
    .groupBy(wardId, status)

const selectVisible = preparedByForm<WardCount>((db, { where }) =>
  db
    .select({
      wardId: sql<string>`coalesce(${cases.wardId}, '')`,
      status: cases.status,
      total: sql<number>`count(*)`,
    })
    .from(cases)
    .where(where)
    .groupBy(sql`coalesce(${cases.wardId}, '')`, cases.status),
)

const countVisible = (ctx: Ctx): Promise<WardCount[]> => selectVisible(ctx.db, { where: visibleCases(ctx) })

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
      target: same(tenantId, archived, status, wardId, categoryId),
      set: { cases: sql`${caseCounters.cases} + ${sql.placeholder('change')}` },
    })
    .prepare(),
)

const addToCounter = (w: Writer, row: CaseRow, change: 1 | -1) =>
  addCases(w.db).execute({
    tenantId: w.tenantId,
    archived: row.archived,
    status: row.status,
    wardId: row.wardId ?? '',
    categoryId: row.categoryId ?? '',
    change,
  })

const isCountedAlike = (before: CaseRow, after: CaseRow) =>
  before.archived === after.archived &&
  before.status === after.status &&
  before.wardId === after.wardId &&
  before.categoryId === after.categoryId

/** Moves a case from the counter it was in to the one it belongs in. */
export async function keepCounters(w: Writer, before: CaseRow | null, after: CaseRow | null): Promise<void> {
  if (before && after && isCountedAlike(before, after)) return
  if (before) await addToCounter(w, before, -1)
  if (after) await addToCounter(w, after, 1)
}
