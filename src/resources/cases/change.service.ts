import type { Written } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { assertMayPublish } from '../../core/publishing'
import { isEqual } from '../../lib/equal'
import { forbidden, type Issue, invalid } from '../../lib/errors'
import { getCategory } from '../categories/store'
import { recordConfirmed } from './confirmed.service'
import type { FieldName } from './fields'
import type { CaseWithNames } from './model'
import type { Resident } from './residents/model'
import { putResident } from './residents/store'
import { entriesOf, eventsOfChange, publicUpdate, withResponse } from './rules/history'
import { changeState, isFinished, isReopening, mayMove, type StateChange } from './rules/lifecycle'
import type { Confirmation, Guarded } from './rules/personal'
import { assertPublicMove, changesPublicVersion, guardPublic } from './rules/publication'
import { changeOf } from './rules/record'
import { closingTime, type Due, type TargetRule, targetAfter } from './rules/target'
import { getCase, reloadCase, updateCase } from './store'
import type { CaseRow } from './table'
import { insertEntry } from './timeline/store'

/** The category's target if it has one, otherwise the council's. */
export async function targetRule(ctx: Ctx, categoryId: string | null): Promise<TargetRule> {
  const category = categoryId === null ? null : await getCategory(ctx, categoryId)
  if (category !== null && category.targetDays !== null) {
    return { days: category.targetDays, dayType: category.dayType }
  }
  return { days: ctx.tenant.targetDays, dayType: ctx.tenant.targetDayType }
}

/**
 * `waitEnd` is when the wait that this change ends was over; now by default. `moved` is a target that something outside the
 * case has moved, and why.
 */
export type CaseChange = {
  state: StateChange
  columns?: Partial<CaseRow>
  resident?: Resident
  issues?: Issue[]
  waitEnd?: Date
  confirmation?: Confirmation | undefined
  moved?: { due: Due; why: string } | null
}

/** Makes a change with everything that follows from it: target, history, events. Returns the case as it is afterwards. */
export async function changeCase(
  w: Writer,
  found: CaseWithNames,
  was: Resident,
  asked: CaseChange,
): Promise<Written<CaseWithNames>> {
  const { state, columns = {}, resident = was, issues = [], waitEnd = w.clock.now(), moved = null } = asked
  const { confirmation } = asked
  const before = found.case
  const wanted = await rowAfter(w, before, { state, columns, issues, waitEnd, moved })
  const checked = { state, columns, issues, resident, was, confirmation }
  const confirmed = await checkChange(w, before, wanted, checked)
  const changed = differing(before, wanted)
  const isSameResident = isEqual(was, resident)
  if (Object.keys(changed).length === 0 && isSameResident) return { changes: [], result: found }
  const isBreached =
    before.targetState === 'running' && before.breachAt !== null && before.breachAt < w.clock.now()
  // A missed target is reported even if this change comes before the clock has noticed.
  if (isBreached && !('breachAt' in changed)) changed.breachAt = null
  await recordConfirmed(w, before.id, confirmed, confirmation)
  const after = await updateCase(w, before, changed)
  if (!isSameResident) await putResident(w, before.id, resident)
  const reloaded = await reloadCase(w, after.id)
  if (isBreached) await insertEntry(w, before.id, { kind: 'target', to: { slaState: 'breached' } })
  const why = { status: state.reason ?? null, target: moved?.why ?? null }
  for (const entry of entriesOf(found, reloaded, why)) await insertEntry(w, before.id, entry)
  const names = [...Object.keys(changed), ...(isSameResident ? [] : ['resident'])]
  const events = [
    ...(isBreached ? ['case_sla_breached' as const] : []),
    ...eventsOfChange(before, after, names),
    ...(moved ? ['case_updated' as const] : []),
  ]
  const change = changeOf(w, before, reloaded, { was, is: resident }, events)
  return { changes: [change], result: reloaded }
}

type Asked = Required<Pick<CaseChange, 'state' | 'columns' | 'issues' | 'waitEnd' | 'moved'>>

/** The row as it would be after the change, target included. */
async function rowAfter(
  w: Writer,
  before: CaseRow,
  { state, columns, issues, waitEnd, moved: outside }: Asked,
): Promise<CaseRow> {
  const now = w.clock.now()
  const moved = changeState(before, state, now, issues)
  const after: CaseRow = { ...before, ...moved, ...columns }
  if (moved.assigneeId !== before.assigneeId) after.assigneeId = moved.assigneeId
  const isReopened = isReopening(before.status, after.status)
  if (isReopened) after.targetFrom = now
  if (before.status !== after.status) {
    after.closesAt = after.status === 'resolved' ? closingTime(w.tenant, now) : null
  }
  const isRestarted = isReopened || (before.categoryId !== after.categoryId && !isFinished(after.status))
  const restart = isRestarted && issues.length === 0 ? await targetRule(w, after.categoryId) : null
  if (before.assigneeId !== null && after.assigneeId !== null && before.assigneeId !== after.assigneeId) {
    after.reassignCount++
  }
  const isAnswered = publicUpdate(before, after).some(({ visibility }) => visibility === 'public')
  const response = isAnswered ? withResponse(before, now) : {}
  return {
    ...after,
    ...response,
    ...targetAfter(w.tenant, before, after, { restart, waitEnd, moved: outside?.due ?? null }),
  }
}

const unreadableIssue: Issue = {
  in: 'body',
  path: 'publicState',
  code: 'rule',
  message: 'The resident’s details cannot be read, so nobody can tell whether the public text names them',
}

type Checked = Omit<Asked, 'waitEnd' | 'moved'> &
  Pick<CaseChange, 'confirmation'> & { resident: Resident; was: Resident }

/**
 * Refuses faulty fields first, all at once; then what the caller's role does not allow. Returns the personal data that was
 * confirmed.
 */
async function checkChange(
  w: Writer,
  before: CaseRow,
  after: CaseRow,
  { state, columns, issues, resident, was, confirmation }: Checked,
): Promise<Guarded['confirmed']> {
  const isBack = before.status === 'in_progress' && after.status === 'open'
  if (isBack && columns.assigneeId) {
    const message = 'A case that moves back to open has to be unassigned'
    issues.push({ in: 'body', path: 'assigneeId', code: 'rule', message })
  }
  await checkDuplicate(w, before, state, issues)
  assertPublicMove(before.publicState, after.publicState)
  const isNewlyShown = before.publicState !== after.publicState || was.residentName !== resident.residentName
  const touchesPublic = isNewlyShown || 'publicSummary' in columns || 'publicThemes' in columns
  const passed = isNewlyShown ? {} : { passed: before }
  const isGuarded = after.publicState === 'approved' && touchesPublic
  const guarded = isGuarded ? guardPublic(after, resident.residentName, { confirmation, ...passed }) : null
  issues.push(...(guarded?.issues ?? []))
  if (isGuarded && resident.residentUnreadable) issues.push(unreadableIssue)
  if (issues.length > 0) throw invalid(issues)
  if (changesPublicVersion(before, after)) assertMayPublish(w)
  const role = w.acting?.role ?? null
  if (!mayMove(before.status, after.status, role)) {
    throw forbidden('Only a manager or admin may reopen a closed case', { role })
  }
  return guarded?.confirmed ?? []
}

/** A duplicate may not point to itself or to another duplicate, or it could go round in circles. */
async function checkDuplicate(
  w: Writer,
  before: CaseRow,
  state: StateChange,
  issues: Issue[],
): Promise<void> {
  if (state.duplicateOfId === undefined || issues.some(({ path }) => path === 'duplicateOfId')) return
  const { case: original } = await getCase(w, state.duplicateOfId)
  const message =
    original.id === before.id
      ? 'A case cannot be a duplicate of itself'
      : original.duplicateOfId !== null
        ? 'That case is a duplicate itself: enter the case that it repeats'
        : null
  if (message !== null) issues.push({ in: 'body', path: 'duplicateOfId', code: 'rule', message })
}

function differing(before: CaseRow, wanted: CaseRow): Partial<CaseRow> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !isEqual(before[name as FieldName], value)),
  )
}
