import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import { cases } from '../cases/table'
import type { Grouping } from './model'
import {
  columnOf,
  type Filters,
  finishedAt,
  isOpen,
  notDuplicate,
  ofCases,
  one,
  rowsOf,
  within,
} from './parts.store'

/**
 * Cases with a target resolved in the period and how many of those in time; targets that fell due in it and how many
 * of those were missed.
 */
export type SlaCount = { key: string | null; due: number; met: number; fallen: number; breached: number }

/** In the order of the columns. */
export function targetSums(ctx: Ctx, filters: Filters): SQL[] {
  const resolved = sql`${within(finishedAt, filters)} and ${cases.dueAt} is not null`
  // A paused target has not fallen due, whatever its date.
  const fallen = sql`${within(sql`${cases.dueAt}`, filters)} and ${cases.dueAt} < ${ctx.clock.now().getTime()}
    and ${cases.targetState} <> 'paused'`
  const isLate = sql`(${isOpen} or ${finishedAt} > ${cases.dueAt})`
  return [
    resolved,
    sql`${resolved} and ${finishedAt} <= ${cases.dueAt}`,
    fallen,
    sql`${fallen} and ${isLate}`,
  ].map((condition) => one(sql`${condition} and ${notDuplicate}`))
}

export const toSlaCount = ([key, due, met, fallen, breached]: unknown[]): SlaCount => ({
  key: key == null ? null : String(key),
  due: Number(due),
  met: Number(met),
  fallen: Number(fallen),
  breached: Number(breached),
})

export async function countAllTargets(ctx: Ctx, filters: Filters): Promise<SlaCount> {
  const sums = sql.join(targetSums(ctx, filters), sql`, `)
  const [row = []] = await rowsOf(ctx, sql`select null, ${sums} from ${cases} where ${ofCases(ctx, filters)}`)
  return toSlaCount(row)
}

export async function countTargets(ctx: Ctx, filters: Filters, grouping: Grouping): Promise<SlaCount[]> {
  const group = columnOf(grouping)
  const rows = await rowsOf(
    ctx,
    sql`select ${group} as key, ${sql.join(targetSums(ctx, filters), sql`, `)}
      from ${cases} where ${ofCases(ctx, filters, grouping)} group by ${group}`,
  )
  return rows.map(toSlaCount)
}
