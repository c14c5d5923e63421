import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import type { Durations } from '../../lib/durations'
import { caseEndings } from '../cases/derived/figures.table'
import { cases } from '../cases/table'
import type { Grouping } from './model'
import {
  columnOf,
  type Filters,
  finishedAt,
  isOpen,
  notDuplicate,
  ofCases,
  ofPlace,
  one,
  rowsOf,
  within,
} from './parts.store'
import { type SlaCount, targetSums, toSlaCount } from './targets.store'

const scalars = {
  overdueNow: (_: Filters, now: number) => sql`${cases.dueAt} < ${now} and ${cases.targetState} = 'running'`,
  dueSoon: (_: Filters, now: number) =>
    sql`${cases.dueAt} >= ${now} and ${cases.dueSoonAt} <= ${now} and ${cases.targetState} = 'running'`,
  firstContact: (filters: Filters) =>
    sql`${within(finishedAt, filters)} and ${notDuplicate} and ${cases.reassignCount} = 0
      and ${cases.responseCount} <= 1`,
  withoutWard: (filters: Filters) => sql`${countedIn(filters)} and ${cases.wardId} is null`,
  withoutCategory: (filters: Filters) => sql`${countedIn(filters)} and ${cases.categoryId} is null`,
  withoutLocation: (filters: Filters) => sql`${countedIn(filters)} and ${cases.latitude} is null`,
  duplicates: (filters: Filters) => sql`${within(cases.receivedAt, filters)} and not ${notDuplicate}`,
  receivedInAll: (filters: Filters) => within(cases.receivedAt, filters),
} satisfies Record<string, (filters: Filters, now: number) => SQL>

const countedIn = (filters: Filters) => sql`${within(cases.receivedAt, filters)} and ${notDuplicate}`

export type Scalars = Record<keyof typeof scalars, number> & {
  oldestOpen: Date | null
  targets: SlaCount
}

/** All figures from a single pass over the cases. */
export async function countScalars(ctx: Ctx, filters: Filters): Promise<Scalars> {
  const now = ctx.clock.now().getTime()
  const names = Object.keys(scalars) as (keyof typeof scalars)[]
  const sums = [...targetSums(ctx, filters), ...names.map((name) => one(scalars[name](filters, now)))]
  const [row = []] = await rowsOf(
    ctx,
    sql`select min(${cases.receivedAt}) filter (where ${isOpen}), ${sql.join(sums, sql`, `)}
      from ${cases} where ${ofCases(ctx, filters)}`,
  )
  const [oldest = null, due, met, fallen, breached, ...counts] = row
  const figures = Object.fromEntries(names.map((name, i) => [name, Number(counts[i] ?? 0)]))
  return {
    ...figures,
    oldestOpen: oldest === null ? null : new Date(Number(oldest)),
    targets: toSlaCount([null, due, met, fallen, breached]),
  } as Scalars
}

const reopenedWithinMs = 30 * 86_400_000

/** Endings in the period, and how many were reopened within 30 days. */
export async function countReopened(
  ctx: Ctx,
  filters: Filters,
): Promise<{ endings: number; reopened: number }> {
  const { endedAt, reopenedAt, isDuplicate, tenantId } = caseEndings
  const [row = []] = await rowsOf(
    ctx,
    sql`select count(*), ${one(sql`${reopenedAt} - ${endedAt} <= ${reopenedWithinMs}`)} from ${caseEndings}
      where ${tenantId} = ${ctx.tenantId} and ${isDuplicate} = 0 and ${endedAt} >= ${filters.start.getTime()}
      and ${endedAt} < ${filters.end.getTime()} ${ofPlace(caseEndings, filters)}`,
  )
  return { endings: Number(row[0] ?? 0), reopened: Number(row[1] ?? 0) }
}

/** Days from receipt to instants in the period, by group, in a single pass over the cases. */
async function measure(
  ctx: Ctx,
  filters: Filters,
  { group = sql`null`, ends, where }: { group?: SQL; ends: readonly SQL[]; where: SQL },
  bands: readonly number[] = [],
): Promise<{ key: string | null; kind: number; durations: Durations }[]> {
  const { timezone, nation, calendar } = ctx.tenant
  const rows = await ctx.slowRead(
    sql`select ${group}, ${cases.receivedAt}, ${sql.join([...ends], sql`, `)} from ${cases}
      where ${ofCases(ctx, filters)} and ${notDuplicate} and ${where}`,
    { kind: 'durations', timezone, nation, calendar, bands },
    'reports',
  )
  return rows.map(([key, kind, durations]) => ({
    key: key === null ? null : String(key),
    kind: Number(kind),
    durations: durations as Durations,
  }))
}

const moments = {
  acknowledged: sql`${cases.acknowledgedAt}`,
  answered: sql`${cases.firstResponseAt}`,
  resolved: finishedAt,
}

type Moment = keyof typeof moments

/** For each of these instants, the durations of cases that reached it in the period. */
export async function measureWaits<M extends Moment>(
  ctx: Ctx,
  filters: Filters,
  wanted: readonly M[],
): Promise<Record<M, Durations | undefined>> {
  const come = wanted.map((moment) => sql`(${within(moments[moment], filters)})`)
  const measured = await measure(ctx, filters, {
    ends: wanted.map((moment, i) => sql`case when ${come[i]} then ${moments[moment]} end`),
    where: sql`(${sql.join(come, sql` or `)})`,
  })
  const found = wanted.map((moment, i) => [moment, measured.find(({ kind }) => kind === i)?.durations])
  return Object.fromEntries(found)
}

/** Ages of open cases in bands of working days, by group if there is one. */
export const measureAges = (
  ctx: Ctx,
  filters: Filters,
  grouping: Grouping | null,
  bands: readonly number[],
) =>
  measure(
    ctx,
    filters,
    {
      group: grouping === null ? sql`null` : columnOf(grouping),
      ends: [sql`${ctx.clock.now().getTime()}`],
      where: isOpen,
    },
    bands,
  )

/** Late open cases by assignee. */
export async function countOverdue(ctx: Ctx, filters: Filters): Promise<Map<string | null, number>> {
  const late = sql`${cases.targetState} = 'running' and ${cases.dueAt} < ${ctx.clock.now().getTime()}`
  const rows = await rowsOf(
    ctx,
    sql`select ${cases.assigneeId}, count(*) from ${cases} where ${ofCases(ctx, filters)} and ${late}
      group by ${cases.assigneeId}`,
  )
  return new Map(rows.map(([key, count]) => [key === null ? null : String(key), Number(count)]))
}

export type Outcome = { key: string | null; resolved: number; firstContact: number }

const atFirstContact = sql`${cases.reassignCount} = 0 and ${cases.responseCount} <= 1`

/** Outcomes of cases resolved in the period, and how many were resolved at first contact. */
export async function countOutcomes(ctx: Ctx, filters: Filters): Promise<Outcome[]> {
  const rows = await rowsOf(
    ctx,
    sql`select ${cases.resolution}, count(*), ${one(atFirstContact)} from ${cases} where ${ofCases(ctx, filters)}
      and ${within(finishedAt, filters)} and ${notDuplicate} group by ${cases.resolution}`,
  )
  return rows.map(([key, resolved, firstContact]) => ({
    key: key === null ? null : String(key),
    resolved: Number(resolved),
    firstContact: Number(firstContact),
  }))
}
