import type { EventName } from '../../../core/outbox/table'
import { isEqual } from '../../../lib/equal'
import { consequences } from '../fields'
import type { CaseWithNames } from '../model'
import type { CaseRow } from '../table'
import type { NewEntry } from '../timeline/model'
import { eventsOfMove } from './lifecycle'

const text = (value: Date | string | null) => (value instanceof Date ? value.toISOString() : value)

const statusOf = ({ status, resolution }: CaseRow) => ({ status, resolution })

const assigneeOf = ({ case: row, assignee }: CaseWithNames) => ({
  assigneeId: row.assigneeId,
  assignee: assignee?.name ?? null,
})

const targetOf = ({ dueAt, pendingReason, pendingUntil }: CaseRow) => ({
  dueAt: text(dueAt),
  pending: pendingReason,
  pendingUntil: text(pendingUntil),
})

/** The entries that a change adds to the case’s history, in order, with their author’s comments. */
export function entriesOf(
  before: CaseWithNames,
  after: CaseWithNames,
  why: { status: string | null; target: string | null },
): NewEntry[] {
  const changed = <T extends Record<string, string | null>>(
    kind: NewEntry['kind'],
    from: T,
    to: T,
    body: string | null = null,
  ): NewEntry[] => (isEqual(from, to) ? [] : [{ kind, body, from, to }])
  return [
    ...changed('status', statusOf(before.case), statusOf(after.case), why.status),
    ...changed('assignment', assigneeOf(before), assigneeOf(after)),
    ...changed('target', targetOf(before.case), targetOf(after.case), why.target),
    ...publicUpdate(before.case, after.case),
  ]
}

/** Tells residents what was published; only staff see that it was withdrawn. */
export function publicUpdate(before: CaseRow, after: CaseRow): NewEntry[] {
  const isUnchanged = isEqual(
    [before.publicState, before.publicState === 'approved' && before.publicSummary],
    [after.publicState, after.publicState === 'approved' && after.publicSummary],
  )
  if (isUnchanged) return []
  const [from, to] = [{ publicState: before.publicState }, { publicState: after.publicState }]
  return after.publicState === 'approved'
    ? [{ kind: 'public_update', visibility: 'public', body: after.publicSummary, from, to }]
    : [{ kind: 'public_update', body: null, from, to }]
}

/** Counts that the resident is being told something. */
export const withResponse = ({ firstResponseAt, responseCount }: CaseRow, now: Date) => ({
  firstResponseAt: firstResponseAt ?? now,
  responseCount: responseCount + 1,
})

/** The events that a change of the fields `changed` causes. */
export function eventsOfChange(before: CaseRow, after: CaseRow, changed: readonly string[]): EventName[] {
  const isUpdated = changed.some((name) => !consequences.has(name))
  const hasNewResolution = before.status === after.status && before.resolution !== after.resolution
  return [
    ...eventsOfMove(before.status, after.status),
    ...(before.assigneeId !== after.assigneeId ? ['case_assigned' as const] : []),
    ...(isUpdated || hasNewResolution ? ['case_updated' as const] : []),
  ]
}
