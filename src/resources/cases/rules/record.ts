import type { Change } from '../../../core/change'
import type { Writer } from '../../../core/ctx'
import type { EventName } from '../../../core/outbox/table'
import { type CaseWithNames, toView } from '../model'
import { isNobody, type Resident } from '../residents/model'
import type { CaseRow } from '../table'

/** Fields whose values may stand in the audit log: they name no person's trouble. */
export const safe = [
  'reference',
  'type',
  'status',
  'resolution',
  'duplicateOfId',
  'pendingReason',
  'pendingSince',
  'pendingUntil',
  'priority',
  'sourceChannel',
  'wardId',
  'categoryId',
  'assigneeId',
  'councillorId',
  'publicState',
  'highlightedForPublic',
  'archived',
  'reopenCount',
  'receivedAt',
  'acknowledgedAt',
  'resolvedAt',
  'closedAt',
  'dueAt',
  'followUpAt',
]

/** What the audit log is told of a row: not what only the store's own upkeep needs. */
function told(row: CaseRow, resident: Resident) {
  const { version: _v, updatedAt: _u, position: _p, ...rest } = row
  const { targetFrom: _f, dueSoonAt: _s, breachAt: _b, closesAt: _c, targetState: _t, ...more } = rest
  const { firstResponseAt: _r, responseCount: _n, reassignCount: _g, ...fields } = more
  return { ...fields, ...resident }
}

const isPublic = (row: CaseRow | null) => row?.publicState === 'approved'

/** A change as the audit log and the events tell of it; residents' fields apart from everything else. */
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
    before: before && told(before, was),
    after: told(after, is),
    safe,
    publicPart: isPublic(before) || isPublic(after) ? 'cases' : undefined,
    events: events.map((name) => ({ name, data, personal: isNobody(is) ? null : is })),
  }
}
