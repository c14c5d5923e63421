import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import type { caseEndings } from '../cases/derived/figures.table'
import { type caseCounters, cases, priorities } from '../cases/table'
import type { Grouping } from './model'
import type { Period } from './period'

/** Duplicates are never counted. */
export type Filters = Period & { wardId: string | undefined; categoryId: string | undefined }

export const finishedAt = sql`coalesce(${cases.resolvedAt}, ${cases.closedAt})`
/** Reopening clears these instants, and testing them is cheaper than comparing the status. */
export const isOpen = sql`${finishedAt} is null`
export const notDuplicate = sql`(${cases.resolution} is null or ${cases.resolution} <> 'duplicate')`

const indexed: ReadonlySet<Grouping> = new Set(['ward', 'category', 'group', 'assignee', 'resolution'])

/**
 * The council's cases in the given ward and category. If the figures index covers everything needed, only the index
 * is read. Otherwise the table is scanned: any other index would fetch rows from all over it, ten times slower.
 */
export function ofCases(ctx: Ctx, { wardId, categoryId }: Filters, grouping: Grouping | null = null): SQL {
  const mine = sql`${cases.tenantId} = ${ctx.tenantId}`
  const parts = [
    grouping === null || indexed.has(grouping) ? mine : sql`(${mine}) is true`,
    ...(wardId === undefined ? [] : [sql`(${cases.wardId} = ${wardId}) is true`]),
    ...(categoryId === undefined ? [] : [sql`(${cases.categoryId} = ${categoryId}) is true`]),
  ]
  return sql.join(parts, sql` and `)
}

type Placed = typeof caseCounters | typeof caseEndings

export const ofPlace = (table: Placed, { wardId, categoryId }: Filters): SQL =>
  sql.join(
    [
      sql``,
      ...(wardId === undefined ? [] : [sql`${table.wardId} = ${wardId}`]),
      ...(categoryId === undefined ? [] : [sql`${table.categoryId} = ${categoryId}`]),
    ],
    sql` and `,
  )

export const within = (
  instant: SQL | typeof cases.receivedAt,
  { start, end }: Pick<Period, 'start' | 'end'>,
): SQL => sql`${instant} >= ${start.getTime()} and ${instant} < ${end.getTime()}`

/** 1 or 0, for sums. */
export const one = (condition: SQL): SQL => sql`count(*) filter (where ${condition})`

export const rowsOf = (ctx: Ctx, query: SQL): Promise<unknown[][]> => ctx.slowRead(query, null, 'reports')

const columns: Partial<Record<Grouping, SQL>> = {
  ward: sql`${cases.wardId}`,
  category: sql`${cases.categoryId}`,
  group: sql`${cases.categoryId}`,
  councillor: sql`${cases.councillorId}`,
  assignee: sql`${cases.assigneeId}`,
  channel: sql`${cases.sourceChannel}`,
  type: sql`${cases.type}`,
  resolution: sql`${cases.resolution}`,
  priority: sql.join([
    sql`case ${cases.priority}`,
    ...priorities.map((word, i) => sql` when ${sql.raw(String(i))} then ${sql.raw(`'${word}'`)}`),
    sql` end`,
  ]),
}

/** Category groups are merged later, in `names.service.ts`. */
export const columnOf = (grouping: Grouping): SQL => columns[grouping] as SQL
