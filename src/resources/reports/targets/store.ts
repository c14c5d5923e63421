import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../../core/ctx'
import { cases } from '../../cases/table'
import type { Grouping } from '../model'
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
} from '../parts/store'

/**
 * Of the cases with a target that were resolved in the time, how many there are and how many were in time; of those whose
 * target fell into it and is past, how many there are and how many were not resolved by then.
 */
export type SlaCount = { key: string | null; due: number; met: number; fallen: number; breached: number }

/** What is counted of targets, in that order. */
export function targetSums(ctx: Ctx, filters: Filters): SQL[] {
  const resolved = sql`not (${isOpen}) and ${cases.dueAt} is not null and ${within(finishedAt, filters)}`
  // A target that waits has not fallen due, whatever its date says.
  const fallen = sql`${cases.targetState} <> 'paused' and ${within(sql`${cases.dueAt}`, filters)}
    and ${cases.dueAt} < ${ctx.clock.now().getTime()}`
  const isLate = sql`(${isOpen} or ${finishedAt} > ${cases.dueAt})`
  return [
    resolved,
    sql`${resolved} and ${finishedAt} <= ${cases.dueAt}`,
    fallen,
    sql`${fallen} and ${isLate}`,
  ].map((condition) => one(sql`${notDuplicate} and ${condition}`))
}

export const toSlaCount = ([key, due, met, fallen, breached]: unknown[]): SlaCount => ({
  key: key == null ? null : String(key),
  due: Number(due),
  met: Number(met),
  fallen: Number(fallen),
  breached: Number(breached),
})

/** By group, how targets were kept. */
export async function countTargets(ctx: Ctx, filters: Filters, grouping: Grouping): Promise<SlaCount[]> {
  const group = columnOf(grouping)
  const rows = await rowsOf(
    ctx,
    sql`select ${group} as key, ${sql.join(targetSums(ctx, filters), sql`, `)}
      from ${cases} where ${ofCases(ctx, filters, grouping)} group by ${group}`,
  )
  return rows.map(toSlaCount)
}
