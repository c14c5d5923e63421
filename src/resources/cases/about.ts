import { Type } from '@sinclair/typebox'
import { type About, prefixed, type Reach, webhookEvent } from '../../core/about'
import { OneOf, Strict } from '../../core/schema'
import { changedAt, createdAt, ids } from '../sample-values'
import { CaseView } from './model'
import { caseStatuses } from './table'
import { TimelineEntryView } from './timeline/model'

const data = Strict({
  case: CaseView,
  previousStatus: Type.Optional(OneOf(caseStatuses, 'What it was before; absent where the case is new')),
})

const reachOf = ({ case: { wardId, categoryId } }: { case: CaseView }): Reach => ({
  wardIds: [wardId],
  categoryId,
})

const event = (description: string) => webhookEvent(description, data, reachOf)

const actions = {
  'case.assign': 'Cases given to somebody',
  'case.breach': 'Target of a case missed',
  'case.close': 'Case closed after its time to be reopened',
  'case.contact': 'Case created by the contact form',
  'case.create': 'Case created',
  'case.erase': 'Case erased',
  'case.export': 'Cases exported',
  'case.import': 'Case imported',
  'case.note': 'Note added to a case',
  'case.resume': 'Case taken up again after waiting',
  'case.update': 'Case changed',
  'resident.export': 'Cases exported with residents’ details',
  'resident.read': 'Resident’s details read',
  'resident.search': 'Cases searched by a resident’s details',
  'resident.send': 'Resident’s details sent to a webhook',
} as const

declare module '../../core/about' {
  interface Actions extends CaseActions {}
}
type CaseActions = typeof actions

const parameters = {
  'cases.id': 'Identifier of the case, or its reference, such as `CW-2026-0042`',
  'cases.search': 'Words that cases must hold, the last one also as a beginning',
  'cases.status': 'Only cases in these states',
  'cases.resolution': 'Only cases that ended in these ways',
  'cases.slaState': 'Only cases that stand to their target like this now',
  'cases.dueBefore': 'Only cases that are due before this instant',
  'cases.kind': 'Only entries of these kinds',
  'cases.since': 'Where to go on: empty from the start, then `nextCursor`',
  'cases.type': 'Only cases of these types',
  'cases.sourceChannel': 'Only cases that came in this way',
  'cases.priority': 'Only cases of these priorities',
  'cases.archived': 'Archived cases in place of the others',
  'cases.wardId': 'Only cases of these wards',
  'cases.categoryId': 'Only cases of these categories',
  'cases.assigneeId': 'Only cases given to these people; `none` for those given to nobody',
  'cases.councillorId': 'Only cases of these councillors',
  'cases.bbox': 'Only cases in this box: minLongitude,minLatitude,maxLongitude,maxLatitude',
  'cases.visibility': 'Only entries for these readers',
}

const publicCase = {
  status: 'in_progress',
  highlighted: false,
  location: { latitude: 51.471, longitude: -2.571 },
  updatedAt: changedAt,
}

/** Most fields stand under their bare names, since cases show and take them in many shapes. */
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
      summary: 'A case that is to be resolved without saying how it ended',
      error: 'Invalid request',
      details: {
        issues: [{ in: 'body', path: 'resolution', message: 'Required to go from open to resolved' }],
      },
    },
  },
  Forbidden: {
    reopening: {
      summary: 'A closed case, reopened by a key that acts for a caseworker',
      error: 'Only a manager or admin may reopen a closed case',
      details: { role: 'caseworker' },
    },
  },
  NotFound: { unknown: { summary: 'An unknown id', error: 'Case not found' } },
  Conflict: {
    move: {
      summary: 'A status that cannot be reached from the present one',
      error: 'A case cannot go from closed to open',
      details: { from: 'closed', to: 'open', allowed: ['in_progress'] },
    },
    publicMove: {
      summary: 'What is public of a case, taken back before it was approved',
      error: 'What is public of a case cannot go from draft to withdrawn',
      details: { from: 'draft', to: 'withdrawn', allowed: ['approved'] },
    },
  },
  Unavailable: {
    record: {
      summary: 'A resident’s data that nobody could put on record',
      error: 'It could not be put on record',
      details: { retryAfter: 2 },
    },
  },
} satisfies About['refusals']

/** Cases, their timeline and their residents. */
export const casesAbout = {
  tag: { name: 'Cases', description: 'Residents’ problems and their progress.' },
  scopes: {
    'cases:read': { heading: 'Cases', allows: 'See cases, their history and their public side' },
    'cases:write': { heading: 'Cases', allows: 'Make and change cases, and add notes' },
    'residents:read': { heading: 'Residents', allows: 'See residents’ names and how to reach them' },
  },
  entities: { case: 'Case' },
  actions,
  events: {
    case_created: event('A case was made.'),
    case_status_changed: event('A case moved to another status.'),
    case_resolved: event('A case was resolved; `case_status_changed` tells of it too.'),
    case_closed: event('A case was closed; `case_status_changed` tells of it too.'),
    case_note_added: webhookEvent(
      'A note was added to a case.',
      Strict({ case: CaseView, note: TimelineEntryView }),
      reachOf,
    ),
    contact_submitted: event('A resident sent the council a message, which made a case.'),
    case_updated: event('Something of a case changed that no other event tells of.'),
    case_assigned: event('A case was given to somebody, or to nobody.'),
    case_reopened: event(
      'A resolved or closed case was taken up again; `case_status_changed` tells of it too.',
    ),
    case_sla_breached: event('A case missed its target.'),
  },
  parameters,
  samples,
  refusals,
} satisfies About
