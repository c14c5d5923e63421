import type { Tenant } from '../../../core/ctx'
import { endOfLocalDate, localDate, startOfLocalDate } from '../../../lib/time'
import { addDays, type DayType, daysWithin, workCalendar } from '../../../lib/workdays'
import type { CaseRow, TargetState } from '../table'
import { isFinished } from './lifecycle'

export const slaStates = ['none', 'on_track', 'due_soon', 'breached', 'met', 'paused'] as const
export type SlaState = (typeof slaStates)[number]

/** Days to resolve a case in; null for no target. */
export type TargetRule = { days: number | null; dayType: DayType }

/** `due_soon` begins this many days before the last day. */
const soonDays = 2

type Council = Pick<Tenant, 'nation' | 'timezone' | 'calendar'>
export type Due = Pick<CaseRow, 'dueAt' | 'dueSoonAt'>

export type Target = Due &
  Pick<CaseRow, 'targetFrom' | 'targetDayType' | 'pausedDays' | 'targetState' | 'breachAt'>

const calendarOf = ({ nation, calendar }: Council) => workCalendar(nation, calendar)

/** At 23:59:59 of the local date. */
export function dueOn(council: Council, date: string, dayType: DayType): Due {
  const soon = addDays(date, -soonDays, dayType, calendarOf(council))
  return {
    dueAt: endOfLocalDate(date, council.timezone),
    dueSoonAt: startOfLocalDate(soon, council.timezone) ?? null,
  }
}

/** Day 1 is the first day after the local date of `from`; days of waiting for others come on top. */
export function dueBy(council: Council, { days, dayType }: TargetRule, from: Date, pausedDays = 0): Due {
  if (days === null) return { dueAt: null, dueSoonAt: null }
  const start = localDate(from, council.timezone)
  return dueOn(council, addDays(start, days + pausedDays, dayType, calendarOf(council)), dayType)
}

const centuryMs = 100 * 365 * 86_400_000

/**
 * The target under the days off of `council`, for a case whose target was worked out under those of `was`; null if it stays.
 * A target that the old days off do not give came from elsewhere, and stays too.
 */
export function dueUnder(council: Council, was: Council, row: CaseRow): Due | null {
  const { dueAt, targetDayType, targetFrom, receivedAt } = row
  const from = targetFrom ?? receivedAt
  if (dueAt === null || targetDayType !== 'working' || dueAt.getTime() - from.getTime() > centuryMs)
    return null
  const [start, date] = [localDate(from, council.timezone), localDate(dueAt, council.timezone)]
  const days = daysWithin(start, date, 'working', calendarOf(was))
  if (addDays(start, days, 'working', calendarOf(was)) !== date) return null
  const moved = addDays(start, days, 'working', calendarOf(council))
  return moved === date ? null : dueOn(council, moved, 'working')
}

/** Excludes the date on which the wait began, includes the one on which it ended. */
function daysWaited(council: Council, since: Date, until: Date, dayType: DayType): number {
  const { timezone } = council
  const [after, last] = [localDate(since, timezone), localDate(until, timezone)]
  return daysWithin(after, last, dayType, calendarOf(council))
}

/**
 * The target after a change. It restarts by the rule `restart`, if any (a new category, a reopening), and moves on by the
 * days of a wait that ended at `waitEnd`; `moved` is where other days off have put it.
 */
export function targetAfter(
  council: Council,
  before: CaseRow,
  after: CaseRow,
  { restart, waitEnd, moved }: { restart: TargetRule | null; waitEnd: Date; moved: Due | null },
): Target {
  const isReopened = after.reopenCount > before.reopenCount
  const dayType = restart?.dayType ?? before.targetDayType
  const hasWaited = before.pendingSince !== null && after.pendingSince === null
  const waited = hasWaited ? daysWaited(council, before.pendingSince as Date, waitEnd, dayType) : 0
  const pausedDays = (isReopened ? 0 : before.pausedDays) + waited
  const targetFrom = after.targetFrom ?? after.receivedAt
  let due: Due = { dueAt: before.dueAt, dueSoonAt: before.dueSoonAt }
  if (moved) due = moved
  else if (restart) due = dueBy(council, restart, targetFrom, pausedDays)
  else if (waited > 0 && before.dueAt) {
    const date = addDays(localDate(before.dueAt, council.timezone), waited, dayType, calendarOf(council))
    due = dueOn(council, date, dayType)
  }
  const isSame = due.dueAt?.getTime() === before.dueAt?.getTime()
  return {
    ...due,
    targetFrom,
    targetDayType: dayType,
    pausedDays,
    targetState: targetStateOf({ ...after, ...due }),
    breachAt: isSame ? before.breachAt : due.dueAt,
  }
}

/** The part of the target's state that does not depend on the time. */
export function targetStateOf(
  row: Pick<CaseRow, 'status' | 'dueAt' | 'pendingReason' | 'resolvedAt' | 'closedAt'>,
): TargetState {
  const { status, dueAt, pendingReason, resolvedAt, closedAt } = row
  if (dueAt === null) return 'none'
  if (isFinished(status)) return ((resolvedAt ?? closedAt) as Date) <= dueAt ? 'met' : 'missed'
  return pendingReason === null ? 'running' : 'paused'
}

export function slaStateOf({ targetState, dueAt, dueSoonAt }: CaseRow, now: Date): SlaState {
  if (targetState === 'missed') return 'breached'
  if (targetState !== 'running') return targetState
  if (dueAt !== null && now > dueAt) return 'breached'
  return dueSoonAt !== null && now >= dueSoonAt ? 'due_soon' : 'on_track'
}

/** When a case resolved `now` closes by itself; null if the council does not want that. */
export function closingTime(council: Council & Pick<Tenant, 'reopenWindowDays'>, now: Date): Date | null {
  const { timezone, reopenWindowDays } = council
  if (reopenWindowDays === null) return null
  const date = addDays(localDate(now, timezone), reopenWindowDays, 'working', calendarOf(council))
  return endOfLocalDate(date, timezone)
}

/**
 * Answers about cases may be kept for as long as this stays the same: targets become due soon when a local date begins, and
 * are missed one second before it ends.
 */
export const targetDay = (timezone: string, now: Date) =>
  `${localDate(now, timezone)} ${localDate(new Date(now.getTime() + 999), timezone)}`
