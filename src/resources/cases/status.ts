import { conflict } from '../../lib/errors'
import type { CaseStatus } from './table'

/** Which moves a case may make: forward, straight to an end, and back where work is taken up again. */
const moves: Record<CaseStatus, readonly CaseStatus[]> = {
  open: ['in_progress', 'resolved', 'closed'],
  in_progress: ['open', 'resolved', 'closed'],
  resolved: ['in_progress', 'closed'],
  closed: ['in_progress'],
}

export type StatusTimes = {
  acknowledgedAt: Date | null
  resolvedAt: Date | null
  closedAt: Date | null
  reopenCount: number
}

/** Refuses a move that is not in the table; staying as it is is no move. */
export function assertMove(from: CaseStatus, to: CaseStatus): void {
  if (from === to || moves[from].includes(to)) return
  throw conflict(`A case cannot go from ${from} to ${to}`, { from, to, allowed: moves[from] })
}

/** The times and reopen count after a move: being worked on acknowledges a case, reopening clears its ends. */
export function timesAfter(from: CaseStatus, to: CaseStatus, times: StatusTimes, now: Date): StatusTimes {
  const { acknowledgedAt, resolvedAt, closedAt, reopenCount } = times
  if (from === to) return { acknowledgedAt, resolvedAt, closedAt, reopenCount }
  const isReopened = (from === 'resolved' || from === 'closed') && to === 'in_progress'
  return {
    acknowledgedAt: acknowledgedAt ?? (to === 'in_progress' ? now : null),
    resolvedAt: to === 'resolved' ? now : isReopened ? null : resolvedAt,
    closedAt: to === 'closed' ? now : isReopened ? null : closedAt,
    reopenCount: reopenCount + (isReopened ? 1 : 0),
  }
}

/** The events a move causes, besides the one that says that the status changed. */
export function eventsOfMove(from: CaseStatus, to: CaseStatus): string[] {
  if (from === to) return []
  const reopened = (from === 'resolved' || from === 'closed') && to === 'in_progress'
  const special = to === 'resolved' ? ['case_resolved'] : to === 'closed' ? ['case_closed'] : []
  return ['case_status_changed', ...special, ...(reopened ? ['case_reopened'] : [])]
}
