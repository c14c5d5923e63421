import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import { type CountedKind, caseDays, caseEndings, everywhere } from '../cases/derived/figures.table'
import { caseCounters, cases } from '../cases/table'
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
import { periodOfDays } from './period'

const countedKinds = sql`('received', 'resolved', 'closed', 'ended', 'reopened')`

export type DayCount = { kind: CountedKind | 'open'; day: number; cases: number }

/** Daily counts since a period began and open cases now, both from one moment. */
export async function countDays(ctx: Ctx, filters: Filters): Promise<DayCount[]> {
  const { wardId = everywhere, categoryId = everywhere, fromDay } = filters
  const rows = await rowsOf(
    ctx,
    sql`select ${caseDays.kind}, ${caseDays.day}, ${caseDays.cases} from ${caseDays}
      where ${caseDays.tenantId} = ${ctx.tenantId} and ${caseDays.wardId} = ${wardId}
      and ${caseDays.categoryId} = ${categoryId} and ${caseDays.kind} in ${countedKinds} and ${caseDays.day} >= ${fromDay}
      union all ${openNow(ctx, filters, sql`'open', 0`)}`,
  )
  return rows.map(([kind, day, total]) => ({
    kind: kind as DayCount['kind'],
    day: Number(day),
    cases: Number(total ?? 0),
  }))
}

const openNow = (ctx: Ctx, filters: Filters, key: SQL, groupBy = sql``): SQL =>
  sql`select ${key}, sum(${caseCounters.cases}) as opened from ${caseCounters}
    where ${caseCounters.tenantId} = ${ctx.tenantId} and ${caseCounters.status} in ('open', 'in_progress')
    ${ofPlace(caseCounters, filters)} ${groupBy}`

export type GroupCount = {
  key: string | null
  received: number
  resolved: number
  open: number
  previousReceived: number
}

export async function countPlaces(
  ctx: Ctx,
  filters: Filters,
  place: 'wardId' | 'categoryId',
): Promise<GroupCount[]> {
  const { fromDay, toDay } = filters
  const { day, kind } = caseDays
  const sum = (condition: SQL) => sql`coalesce(sum(${caseDays.cases}) filter (where ${condition}), 0)`
  const during = sql`${day} >= ${fromDay} and ${day} < ${toDay}`
  const mine = sql`${caseDays.tenantId} = ${ctx.tenantId} and ${inPlaces(ctx, filters, place)}`
  const days = sql`select ${caseDays[place]} as place, ${sum(sql`${kind} = 'received' and ${during}`)} as received,
    ${sum(sql`${kind} = 'resolved' and ${during}`)} as resolved, 0 as opened,
    ${sum(sql`${kind} = 'received' and ${day} < ${fromDay}`)} as previous
    from ${caseDays} where ${mine} and ${kind} in ('received', 'resolved')
    and ${day} >= ${2 * fromDay - toDay} and ${day} < ${toDay} group by ${caseDays[place]}`
  const later = sql`select ${caseDays[place]} as place, 0, 0, ${sum(sql`${kind} = 'ended'`)} - ${sum(sql`${kind} <> 'ended'`)}, 0
    from ${caseDays} where ${mine} and ${kind} in ('received', 'reopened', 'ended') and ${day} >= ${toDay}
    group by ${caseDays[place]}`
  const key = sql`${caseCounters[place]} as place, 0 as received, 0 as resolved`
  const now = openNow(ctx, filters, key, sql`group by ${caseCounters[place]}`)
  const rows = await rowsOf(
    ctx,
    sql`select place, sum(received), sum(resolved), sum(opened), sum(previous) from (${days} union all ${later} union all
      select place, received, resolved, opened, 0 from (${now}) as now_open) as counted group by place`,
  )
  return rows.map(toGroupCount)
}

function inPlaces(ctx: Ctx, { wardId, categoryId }: Filters, place: 'wardId' | 'categoryId'): SQL {
  const each = (name: 'wardId' | 'categoryId', id: string | undefined) =>
    id === undefined
      ? sql`${caseDays[name]} in (select ${caseCounters[name]} from ${caseCounters}
          where ${caseCounters.tenantId} = ${ctx.tenantId})`
      : sql`${caseDays[name]} = ${id}`
  const only = (name: 'wardId' | 'categoryId', id: string | undefined) =>
    sql`${caseDays[name]} = ${id ?? everywhere}`
  return place === 'wardId'
    ? sql`${each('wardId', wardId)} and ${only('categoryId', categoryId)}`
    : sql`${each('categoryId', categoryId)} and ${only('wardId', wardId)}`
}

const toGroupCount = ([key, received, resolved, open, previous]: unknown[]): GroupCount => ({
  key: key === '' || key === null ? null : String(key),
  received: Number(received),
  resolved: Number(resolved),
  open: Number(open),
  previousReceived: Number(previous),
})

/** Reads the cases themselves; cases reopened since are counted from the record of their endings. */
export async function countGroups(ctx: Ctx, filters: Filters, grouping: Grouping): Promise<GroupCount[]> {
  const { fromDay, toDay } = filters
  const before = periodOfDays(2 * fromDay - toDay, fromDay, ctx.tenant.timezone)
  const group = columnOf(grouping)
  const to = filters.end.getTime()
  const wasOpen = sql`${cases.receivedAt} < ${to} and (${isOpen} or ${finishedAt} >= ${to})`
  const scan = sql`select ${group} as key, ${one(within(cases.receivedAt, filters))} as received,
    ${one(sql`${within(finishedAt, filters)}`)} as resolved, ${one(wasOpen)} as opened,
    ${one(within(cases.receivedAt, before))} as previous
    from ${cases} where ${ofCases(ctx, filters, grouping)} and ${notDuplicate} group by ${group}`
  const finishedThen = sql`select ${group} as key, 0 as received, 0 as resolved, 0 - count(*) as opened, 0 as previous
    from ${caseEndings} join ${cases} on ${cases.id} = ${caseEndings.caseId}
    where ${caseEndings.tenantId} = ${ctx.tenantId} and ${caseEndings.endedAt} < ${to}
    and ${caseEndings.reopenedAt} >= ${to} and ${caseEndings.isDuplicate} = 0 and ${wasOpen} ${ofPlace(caseEndings, filters)} group by ${group}`
  const rows = await rowsOf(
    ctx,
    sql`select key, sum(received), sum(resolved), sum(opened), sum(previous)
      from (${scan} union all ${finishedThen}) as counted group by key`,
  )
  return rows.map(toGroupCount)
}
