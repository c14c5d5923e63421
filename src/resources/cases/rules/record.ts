import type { Change } from '../../../core/change'
import type { Writer } from '../../../core/ctx'
import type { EventName } from '../../../core/outbox/table'
import { auditedValues, type FieldName, unauditedFields } from '../fields'
import { type CaseWithNames, toView } from '../model'
import { isNobody, type Resident } from '../residents/model'
import type { CaseRow } from '../table'

/** A row as the audit log compares it, without columns that serve only the store's upkeep. */
function auditFields(row: CaseRow, resident: Resident): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of Object.keys(row) as FieldName[]) {
    if (!unauditedFields.has(name)) fields[name] = row[name]
  }
  return { ...fields, ...resident }
}

const isPublic = (row: CaseRow | null) => row?.publicState === 'approved'

/** A change for the audit log and the events. Residents' details stay apart: only some receivers may have them. */
export function changeOf(
  w: Writer,
  before: CaseRow | null,
  found: CaseWithNames,
  { was, is }: { was: Resident; is: Resident },
  events: readonly EventName[],
): Change {
  const after = found.case
  const data = {
    case: toView(found, w.clock.now()),
    ...(before === null ? {} : { previousStatus: before.status }),
  }
  return {
    entity: 'case',
    id: after.id,
    before: before && auditFields(before, was),
    after: auditFields(after, is),
    safe: auditedValues,
    publicPart: isPublic(before) || isPublic(after) ? 'cases' : undefined,
    events: events.map((name) => ({ name, data, personal: isNobody(is) ? null : is })),
  }
}
