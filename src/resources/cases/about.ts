import { Type } from '@sinclair/typebox'
import { type About, prefixed, type Reach, webhookEvent } from '../../core/about'
import { OneOf, Strict } from '../../core/schema'
import { changedAt, createdAt, ids } from '../sample-values'
import { CaseView } from './model'
import { caseStatuses } from './table'
import { TimelineEntryView } from './timeline/model'

const data = Strict({
  case: CaseView,
  previousStatus: Type.Optional(OneOf(caseStatuses, 'The status before; absent if the case is new')),
})

const reachOf = ({ case: { wardId, categoryId } }: { case: CaseView }): Reach => ({
  wardIds: [wardId],
  categoryId,
})

const event = (description: string) => webhookEvent(description, data, reachOf)

const actions = {
  'case.assign': 'Cases assigned',
  'case.breach': 'Case missed its target',
  'case.close': 'Case closed automatically',
  'case.confirm_personal_data': 'Personal data in a public text confirmed',
  'case.contact': 'Case created from the contact form',
  'case.create': 'Case created',
  'case.erase': 'Case erased',
  'case.export': 'Cases exported',
  'case.import': 'Case imported',
  'case.note': 'Note added to a case',
  'case.move_target': 'Target moved by days off',
  'case.resume': 'Case resumed',
  'case.update': 'Case changed',
  'resident.export': 'Cases exported with residents’ details',
  'resident.read': 'Resident’s details viewed',
  'resident.search': 'Cases searched by a resident’s details',
  'resident.send': 'Resident’s details sent to a webhook',
} as const

declare module '../../core/about' {
  interface Actions extends CaseActions {}
}
type CaseActions = typeof actions

const parameters = {
  'cases.id': 'Id of the case, or its reference, such as `CW-2026-0042`',
  'cases.search': 'Words that the case must contain; the last may be the start of a word',
  'cases.status': 'Only cases in these states',
  'cases.resolution': 'Only cases with these outcomes',
  'cases.slaState': 'Only cases whose target is in these states now',
  'cases.dueBefore': 'Only cases due before this instant',
  'cases.kind': 'Only entries of these kinds',
  'cases.since': 'Where to continue: empty to start, then `nextCursor`',
  'cases.type': 'Only cases of these types',
  'cases.sourceChannel': 'Only cases received through these channels',
  'cases.priority': 'Only cases with these priorities',
  'cases.archived': 'Archived cases instead of the others',
  'cases.wardId': 'Only cases in these wards',
  'cases.categoryId': 'Only cases in these categories',
  'cases.assigneeId': 'Only cases assigned to these people; `none` for unassigned cases',
  'cases.councillorId': 'Only cases for these councillors',
  'cases.bbox': 'Only cases in this area: minLongitude,minLatitude,maxLongitude,maxLatitude',
  'cases.visibility': 'Only entries with this visibility',
}

const publicCase = {
  status: 'in_progress',
  highlighted: false,
  location: { latitude: 51.471, longitude: -2.571 },
  updatedAt: changedAt,
}

/** Mostly bare names: the same fields appear in many schemas of cases. */
const samples = {
  'Case.id': ids.case,
  'CaseWithTimeline.id': ids.case,
  'cases.id': ids.case,
  ...prefixed('ward', { id: ids.ward, name: 'Ashley' }),
  ...prefixed('category', { id: ids.category, name: 'Potholes' }),
  ...prefixed('assignee', { id: ids.user, name: 'Ada Green', role: 'caseworker' }),
  ...prefixed('author', { type: 'user', id: ids.user, name: 'Ada Green' }),
  ...prefixed('TimelineEntry', {
    id: 'm3x8c1v6b9n2k5j7h4g0f2ee',
    at: changedAt,
    kind: 'note',
    from: null,
    to: null,
    visibility: 'internal',
  }),
  ...prefixed('CaseChange', { type: 'upserted', id: ids.case, at: changedAt }),
  ...prefixed('updateCase', { updatedAt: changedAt, acknowledgedAt: changedAt, version: 2 }),
  ...prefixed('PublicCase', publicCase),
  ...prefixed('PublicCaseWithTimeline', publicCase),
  ...prefixed('PublicEntry', { at: changedAt, kind: 'status', status: 'in_progress', body: null }),
  ...prefixed('TrackedCase', { reference: 'CW-2026-0042', status: 'in_progress', updatedAt: changedAt }),
  'createCase.publicThemes': [],
  wardId: ids.ward,
  categoryId: ids.category,
  assigneeId: ids.user,
  councillorId: ids.councillor,
  internalRef: 'HW-7781',
  type: 'service_request',
  summary: 'Pothole on Mina Road',
  description: 'About 40 cm across, near the junction with James Street.',
  publicSummary: 'Pothole reported on Mina Road',
  publicThemes: ['roads'],
  highlightedForPublic: false,
  priority: 'normal',
  sourceChannel: 'phone',
  latitude: 51.4705,
  longitude: -2.5706,
  address: 'Mina Road, Bristol',
  postcode: 'BS2 9YT',
  uprn: '906700123456',
  resolution: null,
  duplicateOfId: null,
  pending: null,
  publicState: 'draft',
  dueAt: '2026-03-27T23:59:59.000Z',
  slaState: 'on_track',
  residentName: 'Margaret Hughes',
  residentEmail: 'm.hughes@example.org',
  residentPhone: '0117 496 0123',
  residentAddress: '12 Mina Road, Bristol',
  residentPostcode: 'BS2 9YT',
  residentMessage: null,
  body: 'Rang the depot: a crew is booked for Thursday.',
  receivedAt: createdAt,
  createdAt,
  updatedAt: createdAt,
  followUpAt: null,
  acknowledgedAt: null,
  resolvedAt: null,
  closedAt: null,
  reopenCount: 0,
  archived: false,
  version: 1,
}

const refusals = {
  BadRequest: {
    resolution: {
      summary: 'A case resolved without a resolution',
      error: 'Invalid request',
      details: {
        issues: [{ in: 'body', path: 'resolution', message: 'Required to go from open to resolved' }],
      },
    },
  },
  Forbidden: {
    reopening: {
      summary: 'A closed case reopened by a key acting for a caseworker',
      error: 'Only a manager or admin may reopen a closed case',
      details: { role: 'caseworker' },
    },
  },
  NotFound: { unknown: { summary: 'An unknown id', error: 'Case not found' } },
  Conflict: {
    move: {
      summary: 'A status that cannot follow the current one',
      error: 'A case cannot go from closed to open',
      details: { from: 'closed', to: 'open', allowed: ['in_progress'] },
    },
    publicMove: {
      summary: 'A public summary withdrawn before it was approved',
      error: 'What is public of a case cannot go from draft to withdrawn',
      details: { from: 'draft', to: 'withdrawn', allowed: ['approved'] },
    },
  },
  Unavailable: {
    record: {
      summary: 'A resident’s details that could not be released because the audit log failed',
      error: 'The audit log could not be written',
      details: { retryAfter: 2 },
    },
  },
} satisfies About['refusals']

/** Cases, their timeline and their residents. */
export const casesAbout = {
  tag: { name: 'Cases', description: 'Residents’ problems and the progress on them.' },
  scopes: {
    'cases:read': { heading: 'Cases', allows: 'View cases, their history and what is public' },
    'cases:write': { heading: 'Cases', allows: 'Create and change cases, and add notes' },
    'residents:read': { heading: 'Residents', allows: 'View residents’ names and contact details' },
  },
  entities: { case: 'Case' },
  actions,
  events: {
    case_created: event('A case was created.'),
    case_status_changed: event('The status of a case changed.'),
    case_resolved: event('A case was resolved; `case_status_changed` is sent too.'),
    case_closed: event('A case was closed; `case_status_changed` is sent too.'),
    case_note_added: webhookEvent(
      'A note was added to a case.',
      Strict({ case: CaseView, note: TimelineEntryView }),
      reachOf,
    ),
    contact_submitted: event('A resident sent the council a message, which created a case.'),
    case_updated: event('A case changed in a way that no other event covers.'),
    case_assigned: event('A case was assigned or unassigned.'),
    case_reopened: event('A resolved or closed case was reopened; `case_status_changed` is sent too.'),
    case_sla_breached: event('A case missed its target.'),
  },
  parameters,
  samples,
  refusals,
} satisfies About
