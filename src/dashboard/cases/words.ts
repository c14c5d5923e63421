import type { Tenant } from '../../core/ctx'
import type { CaseView } from '../../resources/cases/model'
import { isFinished } from '../../resources/cases/rules/lifecycle'
import type { SlaState } from '../../resources/cases/rules/target'
import type { CaseStatus } from '../../resources/cases/table'
import { formatDay } from '../words'

/** The colours only repeat what the words say. */
const statusColours: Record<CaseStatus, string> = {
  open: 'govuk-tag--blue',
  in_progress: 'govuk-tag--yellow',
  resolved: 'govuk-tag--green',
  closed: 'govuk-tag--grey',
}

export const statusColour = (status: CaseStatus) => statusColours[status]

export const slaStateWords: Record<SlaState, string> = {
  breached: 'Overdue or missed',
  due_soon: 'Due soon',
  on_track: 'On track',
  paused: 'Paused',
  met: 'Met',
  none: 'No target',
}

type Aimed = Pick<CaseView, 'slaState' | 'dueAt' | 'status'>

/** `Overdue since 3 March 2026`, `Due 5 March 2026`, `Paused`. */
export function targetWords({ slaState, dueAt, status }: Aimed, { timezone }: Pick<Tenant, 'timezone'>) {
  const day = formatDay(dueAt, timezone)
  const words: Record<SlaState, string> = {
    breached: isFinished(status) ? `Missed, was due ${day}` : `Overdue since ${day}`,
    due_soon: `Due soon, on ${day}`,
    on_track: `Due ${day}`,
    paused: 'Paused',
    met: 'Met',
    none: 'No target',
  }
  return words[slaState]
}
