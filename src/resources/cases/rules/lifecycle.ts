import type { EventName } from '../../../core/outbox/table'
import type { Role } from '../../../core/scopes'
import { conflict, type Issue, type IssueCode } from '../../../lib/errors'
import { type CaseRow, type CaseStatus, type PendingReason, type Resolution, resolutions } from '../table'

type Need = 'resolution' | 'reason' | null

/** Every allowed move, and what it needs besides the new status. */
const moves: Record<CaseStatus, Partial<Record<CaseStatus, Need>>> = {
  open: { in_progress: null, resolved: 'resolution', closed: 'resolution' },
  in_progress: { open: 'reason', resolved: 'resolution', closed: 'resolution' },
  resolved: { in_progress: 'reason', closed: null },
  closed: { in_progress: 'reason' },
}

/** `role` is null for a caller who acts for nobody. */
export const mayMove = (from: CaseStatus, to: CaseStatus, role: Role | null): boolean =>
  from !== 'closed' || to !== 'in_progress' || role === null || role === 'admin' || role === 'manager'

export type Move = { to: CaseStatus; needs: Need }

export const allowedMoves = ({ status }: Pick<CaseState, 'status'>, role: Role | null): Move[] =>
  (Object.entries(moves[status]) as [CaseStatus, Need][])
    .filter(([to]) => mayMove(status, to, role))
    .map(([to, needs]) => ({ to, needs }))

export const isFinished = (status: CaseStatus) => status === 'resolved' || status === 'closed'

export const isReopening = (from: CaseStatus, to: CaseStatus) => isFinished(from) && to === 'in_progress'

export type CaseState = Pick<
  CaseRow,
  | 'status'
  | 'resolution'
  | 'duplicateOfId'
  | 'pendingReason'
  | 'pendingSince'
  | 'pendingUntil'
  | 'assigneeId'
  | 'acknowledgedAt'
  | 'resolvedAt'
  | 'closedAt'
  | 'reopenCount'
>

/** What is left out stays as it is, as far as the move allows. */
export type StateChange = {
  status?: CaseStatus | undefined
  resolution?: Resolution | undefined
  reason?: string | undefined
  duplicateOfId?: string | undefined
  pending?: { reason: PendingReason; until: Date | null } | null | undefined
}

/**
 * The state after a change. Throws a `conflict` that lists the allowed moves if this is none of them; adds to `issues` every
 * field that is missing or does not belong.
 */
export function changeState(before: CaseState, change: StateChange, now: Date, issues: Issue[]): CaseState {
  const to = change.status ?? before.status
  assertAllowed(before.status, to)
  const fault: Fault = (path, code, message) => void issues.push({ in: 'body', path, code, message })
  checkReason(before.status, to, change, fault)
  return {
    ...before,
    ...timesAfter(before, to, now),
    ...resolutionAfter(before, to, change, fault),
    ...pendingAfter(before, to, change, now, fault),
    status: to,
    assigneeId: before.status === 'in_progress' && to === 'open' ? null : before.assigneeId,
  }
}

type Fault = (path: string, code: IssueCode, message: string) => void

function assertAllowed(from: CaseStatus, to: CaseStatus): void {
  if (from === to || to in moves[from]) return
  throw conflict(`A case cannot go from ${from} to ${to}`, { from, to, allowed: Object.keys(moves[from]) })
}

function checkReason(from: CaseStatus, to: CaseStatus, { reason }: StateChange, fault: Fault): void {
  if (from !== to && moves[from][to] === 'reason' && reason === undefined) {
    fault('reason', 'required', `Required to go from ${from} to ${to}`)
  }
  if (from === to && reason !== undefined)
    fault('reason', 'misplaced', 'Can only be sent with a change of status')
}

/** Starting work acknowledges a case; reopening it clears its endings. */
function timesAfter(before: CaseState, to: CaseStatus, now: Date): Partial<CaseState> {
  if (before.status === to) return {}
  if (to === 'resolved') return { resolvedAt: now }
  if (to === 'closed') return { closedAt: now }
  if (to === 'open') return {}
  const acknowledgedAt = before.acknowledgedAt ?? now
  if (!isReopening(before.status, to)) return { acknowledgedAt }
  return { acknowledgedAt, resolvedAt: null, closedAt: null, reopenCount: before.reopenCount + 1 }
}

function resolutionAfter(
  before: CaseState,
  to: CaseStatus,
  { resolution: given, duplicateOfId: link }: StateChange,
  fault: Fault,
): Pick<CaseState, 'resolution' | 'duplicateOfId'> {
  if (!isFinished(to)) {
    if (given !== undefined)
      fault('resolution', 'rule', 'Only a resolved or closed case can have a resolution')
    if (link !== undefined)
      fault('duplicateOfId', 'rule', 'Only a resolved or closed case can be a duplicate')
    return { resolution: null, duplicateOfId: null }
  }
  if (before.status !== to && moves[before.status][to] === 'resolution' && given === undefined) {
    fault('resolution', 'required', `Required to go from ${before.status} to ${to}`)
  }
  const resolution = given ?? before.resolution
  if (given !== undefined && !resolutionsFor(before, to).includes(given)) {
    fault('resolution', 'rule', 'A case that was fixed must be resolved before it is closed')
  }
  if (resolution !== 'duplicate') {
    if (link !== undefined)
      fault('duplicateOfId', 'misplaced', 'Can only be sent with the resolution duplicate')
    return { resolution, duplicateOfId: null }
  }
  const duplicateOfId = link ?? before.duplicateOfId
  if (given !== undefined && duplicateOfId === null) {
    fault('duplicateOfId', 'required', 'Required with the resolution duplicate')
  }
  return { resolution, duplicateOfId }
}

/** The resolutions that fit a status: a case that was fixed is resolved before it is closed. */
export const resolutionsFor = ({ resolvedAt }: Pick<CaseState, 'resolvedAt'>, to: CaseStatus): Resolution[] =>
  resolutions.filter((resolution) => resolution !== 'fixed' || to === 'resolved' || resolvedAt !== null)

type Pending = Pick<CaseState, 'pendingReason' | 'pendingSince' | 'pendingUntil'>

const notPending: Pending = { pendingReason: null, pendingSince: null, pendingUntil: null }

/** A new reason does not restart the wait. */
function pendingAfter(
  before: CaseState,
  to: CaseStatus,
  { pending }: StateChange,
  now: Date,
  fault: Fault,
): Pending {
  const { pendingReason, pendingSince, pendingUntil } = before
  if (to !== 'in_progress') {
    if (pending) fault('pending', 'rule', 'Only a case in progress can wait for others')
    return notPending
  }
  if (pending === undefined) return { pendingReason, pendingSince, pendingUntil }
  if (pending === null) return notPending
  if (pending.until !== null && pending.until <= now) fault('pending.until', 'range', 'Must be in the future')
  return { pendingReason: pending.reason, pendingSince: pendingSince ?? now, pendingUntil: pending.until }
}

export function eventsOfMove(from: CaseStatus, to: CaseStatus): EventName[] {
  if (from === to) return []
  return [
    'case_status_changed',
    ...(to === 'resolved' ? ['case_resolved' as const] : []),
    ...(to === 'closed' ? ['case_closed' as const] : []),
    ...(isReopening(from, to) ? ['case_reopened' as const] : []),
  ]
}
