import { type About, prefixed, reachOfWards, webhookEvent } from '../../core/about'
import { Strict } from '../../core/schema'
import { changedAt, createdAt, ids } from '../sample-values'
import { EventView } from './model'

const actions = {
  'event.approve': 'Event approved',
  'event.create': 'Event created',
  'event.delete': 'Event deleted',
  'event.export': 'Events exported',
  'event.import': 'Event imported',
  'event.update': 'Event changed',
} as const

declare module '../../core/about' {
  interface Actions extends EventActions {}
}
type EventActions = typeof actions

const data = Strict({ event: EventView })

const event = (description: string) => webhookEvent(description, data, (of) => reachOfWards(of.event))

const id = 'e6v1h4n9c3k8t2w5m7p0r4ff'
const times = { startAt: '2026-05-09T09:00:00.000Z', endAt: '2026-05-09T11:00:00.000Z' }
const invitation = '<p>Come and <em>talk</em> to Owen Price, no appointment needed.</p>'

/** Also shown by the public list. */
export const eventSample = {
  id,
  title: 'Ward surgery at the library',
  summary: 'Meet your councillor',
  body: 'Come and *talk* to Owen Price, no appointment needed.\n\n- streets and parking\n- housing',
  bodyHtml: `${invitation}\n<ul>\n<li>streets and parking</li>\n<li>housing</li>\n</ul>`,
  type: 'surgery',
  ...times,
  allDay: false,
  onlineUrl: null,
  wardIds: [ids.ward],
  organiserId: ids.councillor,
  bookingUrl: null,
  status: 'approved',
  approved: true,
  sequence: 0,
  createdAt,
  updatedAt: changedAt,
}

export const eventsAbout = {
  tag: { name: 'Events', description: 'Surgeries, meetings, consultations and the like.' },
  scopes: {
    'events:read': { heading: 'Events', allows: 'View events' },
    'events:write': { heading: 'Events', allows: 'Create, change, approve and delete events' },
  },
  entities: { event: 'Event' },
  actions,
  events: {
    event_published: event('An event became public for the first time.'),
    event_updated: event('A public event changed.'),
    event_cancelled: event('A public event was cancelled.'),
  },
  parameters: {
    'events.type': 'Only events of these types',
    'events.status': 'Only events in these states',
    'events.approved': 'Only public events, or only those not public',
    'events.wardId': 'Only events for this ward',
    'events.from': 'Only events that end after this instant',
    'events.to': 'Only events that start before this instant',
  },
  samples: {
    'events.id': id,
    ...prefixed('Event', eventSample),
    ...prefixed('venue', {
      name: 'Junction 3 Library',
      address: 'Lower Ashley Road, Bristol',
      latitude: 51.4629,
      longitude: -2.5746,
    }),
    ...prefixed('createEvent', {
      ...times,
      bodyHtml: invitation,
      wardIds: [],
      status: 'pending',
      approved: false,
      updatedAt: createdAt,
    }),
    'updateEvent.sequence': 1,
    'Approved.approved': 1,
  },
  refusals: {
    Conflict: {
      eventMove: {
        summary: 'A cancelled event approved again',
        error: 'An event cannot go from cancelled to approved',
        details: { from: 'cancelled', to: 'approved', allowed: [] },
      },
    },
  },
} satisfies About
