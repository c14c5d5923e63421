import { Type } from '@sinclair/typebox'
import { Markdown, WebAddress } from '../../core/publishing'
import { Id, InstantOrDate, Nullable, OneOf, Prose, Strict, Text } from '../../core/schema'
import type { RecordShape } from '../../core/transfer'
import { timezones } from '../../lib/local-time'
import { eventStatuses, eventTypes } from './table'

const clearable = <T extends Parameters<typeof Nullable>[0]>(schema: T) => Type.Optional(Nullable(schema))

/** An event in a file: its wards by code or slug, its organiser by e-mail address. */
export const EventRecord = Strict({
  id: Type.Optional(Id),
  title: Text(200),
  summary: clearable(Text(500)),
  body: clearable(Markdown),
  type: Type.Optional(OneOf(eventTypes)),
  startAt: InstantOrDate,
  endAt: clearable(InstantOrDate),
  allDay: Type.Optional(Type.Boolean()),
  timezone: Type.Optional(OneOf(timezones)),
  venueName: clearable(Text(200)),
  venueAddress: clearable(Prose(500)),
  latitude: clearable(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: clearable(Type.Number({ minimum: -180, maximum: 180 })),
  onlineUrl: clearable(WebAddress),
  wards: Type.Optional(Type.Array(Text(200), { maxItems: 100 })),
  organiser: clearable(Text(254)),
  bookingUrl: clearable(WebAddress),
  status: Type.Optional(OneOf(eventStatuses)),
})

export const eventShape: RecordShape<typeof EventRecord> = {
  list: 'events',
  one: 'event',
  schema: EventRecord,
  nameOf: ({ title }) => title,
}
