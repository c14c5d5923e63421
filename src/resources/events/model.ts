import { type Static, Type } from '@sinclair/typebox'
import { Markdown, type Moves, RenderedHtml, WardIds, WebAddress } from '../../core/publishing'
import {
  Id,
  Instant,
  InstantOrDate,
  ListOf,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Prose,
  Sort,
  Strict,
  Text,
} from '../../core/schema'
import { timezones } from '../../lib/local-time'
import { renderMarkdown } from '../../lib/markdown'
import { type EventRow, type EventStatus, eventStatuses, eventTypes } from './table'

const eventSorts = ['startAt', 'createdAt', 'updatedAt', 'title'] as const

/** A cancelled event is final; a postponed one is approved again with its new time. */
export const eventMoves: Moves<EventStatus> = {
  draft: ['pending'],
  pending: ['approved', 'draft'],
  approved: ['cancelled', 'postponed'],
  postponed: ['approved', 'cancelled'],
  cancelled: [],
}

/** Cancelled and postponed events stay public, so that people learn of it. */
export const isPublic = (status: EventStatus) =>
  status === 'approved' || status === 'cancelled' || status === 'postponed'

const VenueView = Strict({
  name: Nullable(Type.String()),
  address: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
})

export const EventView = Strict(
  {
    id: Type.String(),
    title: Type.String(),
    summary: Nullable(Type.String()),
    body: Nullable(Type.String({ description: 'Markdown' })),
    bodyHtml: Nullable(RenderedHtml),
    type: OneOf(eventTypes),
    startAt: Instant,
    endAt: Nullable(Type.String({ description: 'The first instant after the event' })),
    allDay: Type.Boolean(),
    timezone: Type.String(),
    venue: Nullable(VenueView),
    onlineUrl: Nullable(Type.String()),
    wardIds: Type.Array(Type.String()),
    organiserId: Nullable(Type.String()),
    bookingUrl: Nullable(Type.String()),
    status: OneOf(eventStatuses),
    approved: Type.Boolean({ description: 'Whether it is public' }),
    sequence: Type.Integer({ description: 'Increases with every public change' }),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { title: 'Event' },
)
export type EventView = Static<typeof EventView>

const VenueInput = Strict({
  name: Type.Optional(Nullable(Text(200))),
  address: Type.Optional(Nullable(Prose(500))),
  latitude: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))),
  longitude: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
})

const settled = {
  type: Type.Optional(OneOf(eventTypes)),
  allDay: Type.Optional(Type.Boolean()),
  timezone: Type.Optional(OneOf(timezones)),
  wardIds: Type.Optional(WardIds),
}

const clearable = {
  summary: Type.Optional(Nullable(Text(500))),
  body: Type.Optional(Nullable(Markdown)),
  endAt: Type.Optional(Nullable(InstantOrDate)),
  venue: Type.Optional(Nullable(VenueInput)),
  onlineUrl: Type.Optional(Nullable(WebAddress)),
  bookingUrl: Type.Optional(Nullable(WebAddress)),
  organiserId: Type.Optional(Nullable(Id)),
}

const Title = Text(200, { examples: ['Ward surgery at the library'] })

export const EventCreate = Strict(
  {
    title: Title,
    startAt: InstantOrDate,
    status: Type.Optional(OneOf(['draft', 'pending'] as const, 'pending by default')),
    ...settled,
    ...clearable,
  },
  {
    examples: [
      {
        title: 'Ward surgery at the library',
        type: 'surgery',
        body: 'Come and *talk* to Owen Price, no appointment needed.',
        startAt: '2026-05-09T10:00:00+01:00',
        endAt: '2026-05-09T12:00:00+01:00',
        venue: {
          name: 'Junction 3 Library',
          address: 'Lower Ashley Road, Bristol',
          latitude: 51.4629,
          longitude: -2.5746,
        },
      },
    ],
  },
)
export type EventCreate = Static<typeof EventCreate>

export const EventPatch = Strict(
  {
    title: Type.Optional(Title),
    startAt: Type.Optional(InstantOrDate),
    status: Type.Optional(OneOf(eventStatuses, 'Only some changes are allowed; others answer 409')),
    ...settled,
    ...clearable,
  },
  { examples: [{ status: 'postponed' }] },
)
export type EventPatch = Static<typeof EventPatch>

export const EventQuery = Strict({
  ...PageQuery,
  sort: Sort(eventSorts),
  search: Type.Optional(Text(100, { description: 'Part of the title, summary, body or venue' })),
  type: Type.Optional(ListOf(OneOf(eventTypes))),
  status: Type.Optional(ListOf(OneOf(eventStatuses))),
  approved: Type.Optional(Type.Boolean()),
  wardId: Type.Optional(Id),
  from: Type.Optional(InstantOrDate),
  to: Type.Optional(InstantOrDate),
  upcoming: Type.Optional(
    Type.Boolean({ description: 'Only events that are not over, or only those that are' }),
  ),
})
export type EventQuery = Static<typeof EventQuery>

export const EventList = Strict({ events: Type.Array(EventView), pagination: PaginationView })

export function toView(row: EventRow): EventView {
  const { id, title, summary, body, type, allDay, timezone, onlineUrl, wardIds, organiserId } = row
  const { venueName: name, venueAddress: address, latitude, longitude } = row
  const venue = { name, address, latitude, longitude }
  return {
    id,
    title,
    summary,
    body,
    bodyHtml: body === null ? null : renderMarkdown(body),
    type,
    startAt: row.startAt.toISOString(),
    endAt: row.endAt?.toISOString() ?? null,
    allDay,
    timezone,
    venue: Object.values(venue).every((value) => value === null) ? null : venue,
    onlineUrl,
    wardIds,
    organiserId,
    bookingUrl: row.bookingUrl,
    status: row.status,
    approved: isPublic(row.status),
    sequence: row.sequence,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
