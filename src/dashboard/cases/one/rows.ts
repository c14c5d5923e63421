import type { Tenant } from '../../../core/ctx'
import type { CaseView } from '../../../resources/cases/model'
import { listFields } from '../../form/listed'
import { formatDay, formatInstant, wordsOf } from '../../words'
import { furtherFields, furtherValues } from '../fields'
import { targetWords } from '../words'
import { pendingWords, resolutionWords } from './words'

/** A row of details; `href` links its lines. */
export type Row = { key: string; lines: string[]; href?: string }

/** The names behind ids of a case, as far as the visitor may see them. */
export type Related = {
  councillor: string | null
  /** The reference of the original; null if the visitor may not see it. */
  duplicateOf: string | null
}

const nothing = 'None'

function waitOf({ pending }: CaseView, timezone: string): string[] {
  if (pending === null) return ['Nobody']
  const since = `since ${formatDay(pending.since, timezone)}`
  const until = pending.until === null ? '' : `, until ${formatDay(pending.until, timezone)}`
  return [`${pendingWords[pending.reason]}, ${since}${until}`]
}

/** Paused and met targets are worded without their day, so it follows on a line of its own. */
function targetOf(view: CaseView, tenant: Pick<Tenant, 'timezone'>): string[] {
  const { slaState, dueAt } = view
  const isNamed = dueAt === null || (slaState !== 'paused' && slaState !== 'met')
  return [targetWords(view, tenant), ...(isNamed ? [] : [`Due ${formatDay(dueAt, tenant.timezone)}`])]
}

function locationOf({ location }: CaseView): string[] {
  if (location === null) return [nothing]
  const { address, postcode, uprn, latitude, longitude } = location
  const place = latitude === null || longitude === null ? null : `${latitude}, ${longitude}`
  return [address, postcode, uprn && `UPRN ${uprn}`, place && `Latitude and longitude ${place}`].filter(
    (line) => line !== null && line !== '',
  ) as string[]
}

function duplicateRow({ duplicateOfId }: CaseView, { duplicateOf }: Related): Row[] {
  if (duplicateOfId === null) return []
  const key = 'Duplicate of'
  return duplicateOf === null
    ? [{ key, lines: ['A case that you do not have permission to view'] }]
    : [{ key, lines: [duplicateOf], href: `/admin/cases/${duplicateOf}` }]
}

/** Every detail of a case except its texts. */
export function rowsOf(view: CaseView, related: Related, tenant: Pick<Tenant, 'timezone'>): Row[] {
  const { timezone } = tenant
  const row = (key: string, ...lines: string[]): Row => ({ key, lines })
  const moment = (key: string, at: string | null): Row[] =>
    at === null ? [] : [row(key, formatInstant(at, timezone))]
  return [
    row('Type', wordsOf(view.type)),
    row('Priority', wordsOf(view.priority)),
    row('Status', wordsOf(view.status)),
    ...(view.resolution === null ? [] : [row('Resolution', resolutionWords[view.resolution])]),
    ...duplicateRow(view, related),
    ...(view.status === 'in_progress' ? [row('Waiting for', ...waitOf(view, timezone))] : []),
    row('Target', ...targetOf(view, tenant)),
    row('Assigned to', view.assignee?.name ?? 'Nobody'),
    row('Councillor', related.councillor ?? nothing),
    row('Ward', view.ward?.name ?? nothing),
    row('Category', view.category?.name ?? nothing),
    row('Location', ...locationOf(view)),
    row('Follow up', view.followUpAt === null ? nothing : formatDay(view.followUpAt, timezone)),
    ...moment('Received', view.receivedAt),
    ...moment('Acknowledged', view.acknowledgedAt),
    ...moment('Resolved', view.resolvedAt),
    ...moment('Closed', view.closedAt),
    ...(view.reopenCount === 0
      ? []
      : [row('Reopened', view.reopenCount === 1 ? 'Once' : `${view.reopenCount} times`)]),
    ...listFields(furtherFields, furtherValues(view)).map(({ label, text }) => row(label, text)),
    row('Source', wordsOf(view.sourceChannel)),
    row('Archived', view.archived ? 'Yes' : 'No'),
  ]
}
