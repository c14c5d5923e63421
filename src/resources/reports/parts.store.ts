import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import type { caseEndings } from '../cases/derived/figures.table'
import { type caseCounters, cases, priorities } from '../cases/table'
import type { Grouping } from './model'
import type { Period } from './period'

/** What of a council's cases a report is about. Duplicates are never counted. */
export type Filters = Period & { wardId: string | undefined; categoryId: string | undefined }

export const finishedAt = sql`coalesce(${cases.resolvedAt}, ${cases.closedAt})`
/** The ends of a case are cleared when it is taken up again: cheaper to look at than the word of its status. */
export const isOpen = sql`${finishedAt} is null`
export const notDuplicate = sql`(${cases.resolution} is null or ${cases.resolution} <> 'duplicate')`

/** Groupings by what the index of figures holds. */
const indexed: ReadonlySet<Grouping> = new Set(['ward', 'category', 'group', 'assignee', 'resolution'])

/**
 * The council's cases in the ward and category asked for. Where all that is asked of them stands in the index of figures,
 * that is read alone. Else the rows are looked through one by one: by any other index over a council they would be
 * fetched from all over the table, which takes ten times as long.
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

/** One where it is so, else none: for sums. */
export const one = (condition: SQL): SQL => sql`count(*) filter (where ${condition})`

export const rowsOf = (ctx: Ctx, query: SQL): Promise<unknown[][]> => ctx.aside(query, null, 'reports')

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

/** What a case is grouped under; groups of categories are put together by who knows them. */
export const columnOf = (grouping: Grouping): SQL => columns[grouping] as SQL
