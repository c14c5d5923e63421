import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { readInstant } from '../../core/instants'
import type { EventName } from '../../core/outbox/table'
import { assertUnchanged } from '../../core/precondition'
import { inspect } from '../../core/validation'
import { write } from '../../core/write'
import { type Issue, invalid } from '../../lib/errors'
import type { Found, Slice } from '../../lib/page'
import { localYear } from '../../lib/time'
import { changeCase, targetRule } from './change.service'
import { readColumns, readResident } from './columns.service'
import { initialValues } from './fields'
import type { CaseFilters } from './filters'
import { CaseCreate, CasePatch } from './input'
import type { CaseView, CaseWithNames } from './model'
import { isNobody, nobody } from './residents/model'
import { showChanged, viewFor } from './residents/service'
import { getResident, putResident } from './residents/store'
import type { StateChange } from './rules/lifecycle'
import { changeOf } from './rules/record'
import { formatReference } from './rules/reference'
import { dueBy } from './rules/target'
import { searchCases } from './search.store'
import { getCase, insertCase, listCases, nextReferenceNumber, reloadCase } from './store'
import type { CaseRow } from './table'

export const findCases = (ctx: Ctx, filters: CaseFilters, slice: Slice): Promise<Found<CaseWithNames>> =>
  filters.search === undefined
    ? listCases(ctx, filters, slice)
    : searchCases(ctx, filters, filters.search, slice)

/** Throws if the caller has found `issues` already, together with every other fault. */
export const createCase = (ctx: Ctx, input: CaseCreate, issues: readonly Issue[] = []): Promise<CaseView> =>
  write(ctx, 'case.create', async (w) => {
    const inspected = inspect(CaseCreate, input)
    const sound = { summary: '', ...inspected.sound }
    const { change, view } = await makeCase(w, sound, ['case_created'], [...issues, ...inspected.issues])
    return { changes: [change], result: view }
  })

type Made = { row: CaseRow; change: Change; view: CaseView }

/** Creates a case within a change. Throws if there are `issues`. */
export async function makeCase(
  w: Writer,
  input: CaseCreate,
  events: readonly EventName[],
  issues: Issue[],
): Promise<Made> {
  const now = w.clock.now()
  const columns = await readColumns(w, input, issues)
  const resident = readResident(nobody, input, issues)
  if (issues.length > 0) throw invalid(issues)
  const year = localYear(now, w.tenant.timezone)
  const number = await nextReferenceNumber(w, year)
  const receivedAt = columns.receivedAt ?? now
  const rule = await targetRule(w, columns.categoryId ?? null)
  const due = dueBy(w.tenant, rule, receivedAt)
  const row = await insertCase(w, {
    id: w.newId(),
    tenantId: w.tenantId,
    reference: formatReference(w.tenant.referencePrefix, year, number),
    referenceYear: year,
    referenceNumber: number,
    summary: input.summary,
    status: 'open',
    ...initialValues,
    // Caseworkers see only their own cases: without this they could not see what they have just created.
    assigneeId: w.acting?.role === 'caseworker' ? w.acting.id : null,
    createdAt: now,
    updatedAt: now,
    ...columns,
    ...due,
    receivedAt,
    targetFrom: receivedAt,
    targetDayType: rule.dayType,
    targetState: due.dueAt === null ? 'none' : 'running',
    breachAt: due.dueAt,
  })
  if (!isNobody(resident)) await putResident(w, row.id, resident)
  const found = await reloadCase(w, row.id)
  const change = changeOf(w, null, found, { was: nobody, is: resident }, events)
  // The caller has just sent the resident's details, so showing them is no disclosure to record.
  return { row, change, view: viewFor(w, found, resident) }
}

/** Changes the given fields; a value that is the same already is not a change. */
export const patchCase = (ctx: Ctx, idOrReference: string, input: CasePatch): Promise<CaseView> =>
  write(ctx, 'case.update', async (w) => {
    const found = await getCase(w, idOrReference)
    const resident = await getResident(w, found.case.id)
    assertUnchanged(w, viewFor(w, found, resident))
    const { issues, sound } = inspect(CasePatch, input)
    const columns = await readColumns(w, sound, issues, found.case)
    const state = readState(w, sound, issues)
    const wanted = readResident(resident, sound, issues)
    const { confirmPersonalData: confirmation } = sound
    const change = { columns, state, resident: wanted, issues, confirmation }
    const { changes, result } = await changeCase(w, found, resident, change)
    return { changes, result: await showChanged(w, result, wanted) }
  })

function readState(w: Writer, input: CasePatch, issues: Issue[]): StateChange {
  const { status, resolution, reason, duplicateOfId, pending } = input
  const until = readInstant(w, 'body', 'pending.until', pending?.until ?? undefined, issues) ?? null
  return {
    status,
    resolution,
    reason,
    duplicateOfId,
    pending: pending ? { reason: pending.reason, until } : pending,
  }
}
