import { sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { all, type Condition, equals, oneOf, same } from '../../../db/conditions'
import { countOf } from '../../../db/paging'
import { prepared, preparedByForm } from '../../../db/prepared'
import { maxPagedRows } from '../../../lib/page'
import { type CaseFilters, isBounded } from '../filters'
import { type CaseRow, caseCounters, cases } from '../table'

const counted = new Set(['sort', 'status', 'wardId', 'categoryId', 'archived'])

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

/** Counts a case into its combination or out of it. */
export async function addToCounter(w: Writer, row: CaseRow, change: 1 | -1): Promise<void> {
  await addCases(w.db).execute({
    tenantId: w.tenantId,
    archived: row.archived,
    status: row.status,
    wardId: row.wardId ?? '',
    categoryId: row.categoryId ?? '',
    change,
  })
}
