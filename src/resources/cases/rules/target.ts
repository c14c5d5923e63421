import type { Tenant } from '../../../core/ctx'
import { endOfLocalDate, localDate, startOfLocalDate } from '../../../lib/time'
import { addDays, type DayType, daysWithin, workCalendar } from '../../../lib/workdays'
import type { CaseRow, TargetState } from '../table'
import { isFinished } from './lifecycle'

export const slaStates = ['none', 'on_track', 'due_soon', 'breached', 'met', 'paused'] as const
export type SlaState = (typeof slaStates)[number]

/** Days to resolve a case in, counted by `dayType`; null where there is no target. */
export type TargetRule = { days: number | null; dayType: DayType }

/** A target is near from this many days before its last. */
const soonDays = 2

type Council = Pick<Tenant, 'nation' | 'timezone' | 'calendar'>
type Due = Pick<CaseRow, 'dueAt' | 'dueSoonAt'>

export type Target = Due &
  Pick<CaseRow, 'targetFrom' | 'targetDayType' | 'pausedDays' | 'targetState' | 'breachAt'>

const calendarOf = ({ nation, calendar }: Council) => workCalendar(nation, calendar)

/** Due at 23:59:59 of the local date. */
export function dueOn(council: Council, date: string, dayType: DayType): Due {
  const soon = addDays(date, -soonDays, dayType, calendarOf(council))
  return {
    dueAt: endOfLocalDate(date, council.timezone),
    dueSoonAt: startOfLocalDate(soon, council.timezone) ?? null,
  }
}

/**
 * When a case is due that came in at `from`: day 1 is the first day after its local date, days while it waited for
 * others come on top.
 */
export function dueBy(council: Council, { days, dayType }: TargetRule, from: Date, pausedDays = 0): Due {
  if (days === null) return { dueAt: null, dueSoonAt: null }
  const start = localDate(from, council.timezone)
  return dueOn(council, addDays(start, days + pausedDays, dayType, calendarOf(council)), dayType)
}

/** Days of a wait that the target moves on by: those after the date it began on, up to the date it ended on. */
function daysWaited(council: Council, since: Date, until: Date, dayType: DayType): number {
  const { timezone } = council
  const [after, last] = [localDate(since, timezone), localDate(until, timezone)]
  return daysWithin(after, last, dayType, calendarOf(council))
}

/**
 * The target after a change of the case. It starts anew, by `restart`, where the case got another category or was
 * reopened; it moves on by the days of a wait that has ended at `waitEnd`.
 */
export function targetAfter(
  council: Council,
  before: CaseRow,
  after: CaseRow,
  { restart, waitEnd }: { restart: TargetRule | null; waitEnd: Date },
): Target {
  const isReopened = after.reopenCount > before.reopenCount
  const dayType = restart?.dayType ?? before.targetDayType
  const hasWaited = before.pendingSince !== null && after.pendingSince === null
  const waited = hasWaited ? daysWaited(council, before.pendingSince as Date, waitEnd, dayType) : 0
  const pausedDays = (isReopened ? 0 : before.pausedDays) + waited
  const targetFrom = after.targetFrom ?? after.receivedAt
  let due: Due = { dueAt: before.dueAt, dueSoonAt: before.dueSoonAt }
  if (restart) due = dueBy(council, restart, targetFrom, pausedDays)
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

/** What of the target's state is settled without looking at the time. */
export function targetStateOf(
  row: Pick<CaseRow, 'status' | 'dueAt' | 'pendingReason' | 'resolvedAt' | 'closedAt'>,
): TargetState {
  const { status, dueAt, pendingReason, resolvedAt, closedAt } = row
  if (dueAt === null) return 'none'
  if (isFinished(status)) return ((resolvedAt ?? closedAt) as Date) <= dueAt ? 'met' : 'missed'
  return pendingReason === null ? 'running' : 'paused'
}

/** How the case stands to its target at this moment. */
export function slaStateOf({ targetState, dueAt, dueSoonAt }: CaseRow, now: Date): SlaState {
  if (targetState === 'missed') return 'breached'
  if (targetState !== 'running') return targetState
  if (dueAt !== null && now > dueAt) return 'breached'
  return dueSoonAt !== null && now >= dueSoonAt ? 'due_soon' : 'on_track'
}

/** When a case resolved now is closed for good; null where the council closes none by itself. */
export function closingTime(council: Council & Pick<Tenant, 'reopenWindowDays'>, now: Date): Date | null {
  const { timezone, reopenWindowDays } = council
  if (reopenWindowDays === null) return null
  const date = addDays(localDate(now, timezone), reopenWindowDays, 'working', calendarOf(council))
  return endOfLocalDate(date, timezone)
}

/**
 * What of the time the answers about cases depend on: targets come near when a local date begins and are missed one
 * second before it ends.
 */
export const targetDay = (timezone: string, now: Date) =>
  `${localDate(now, timezone)} ${localDate(new Date(now.getTime() + 999), timezone)}`
