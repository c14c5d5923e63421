import { type Static, Type } from '@sinclair/typebox'
import ical, { ICalEventStatus } from 'ical-generator'
import type { Ctx } from '../core/ctx'
import { Strict } from '../core/schema'
import { changedAt } from '../core/tenants/store'
import type { TenantRow } from '../core/tenants/table'
import { plainText } from '../lib/markdown'
import { localDate } from '../lib/time'
import { EventView, toView } from '../resources/events/model'
import { lastOver, listShown } from '../resources/events/store'
import type { EventRow } from '../resources/events/table'
import { latest } from './answer'
import { linkOf, markedTitle } from './event-feed'
import { plain } from './feed'

const shownEvents = 1_000
const pastMs = 90 * 86_400_000

const calendarStart = (now: Date) => new Date(now.getTime() - pastMs)

/** Public events of the last three months and those to come. */
export const calendarEvents = (ctx: Ctx, wardId: string | undefined): Promise<EventRow[]> =>
  listShown(ctx, { wardId, since: calendarStart(ctx.clock.now()) }, shownEvents)

/** When public events last changed: an event leaves the feed when it is over, and the calendar three months later. */
export async function eventsChanged(ctx: Ctx, council: TenantRow): Promise<Date> {
  const now = ctx.clock.now()
  const over = await lastOver(ctx, now)
  const past = await lastOver(ctx, calendarStart(now))
  const leftCalendar = past && new Date(past.getTime() + pastMs)
  return latest(council, changedAt(council, 'events'), over, leftCalendar)
}

const PublicEvent = Type.Omit(EventView, ['organiserId', 'createdAt', 'approved'], {
  title: 'PublicEvent',
  additionalProperties: false,
})

export const PublicEventList = Strict({ events: Type.Array(PublicEvent) }, { title: 'PublicEventList' })

export function toPublicEvent(row: EventRow): Static<typeof PublicEvent> {
  const { organiserId: _o, createdAt: _c, approved: _a, ...event } = toView(row)
  return event
}

const statuses: Partial<Record<EventRow['status'], ICalEventStatus>> = {
  approved: ICalEventStatus.CONFIRMED,
  postponed: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
}

/** The events as iCalendar (RFC 5545). */
export function toCalendar(ctx: Ctx, events: readonly EventRow[]): string {
  const calendar = ical({
    name: plain(`${ctx.tenant.name}: events`),
    prodId: { company: 'Reeve', product: 'Reeve', language: 'EN' },
    ttl: 3_600,
  })
  for (const event of events) {
    const { id, summary, body, status, sequence, updatedAt, createdAt, type } = event
    const url = linkOf(ctx, event)
    const text = [summary, body === null ? null : plainText(body), event.onlineUrl]
      .filter(Boolean)
      .join('\n\n')
    calendar.createEvent({
      id: `${id}@reeve`,
      stamp: updatedAt,
      created: createdAt,
      lastModified: updatedAt,
      sequence,
      summary: plain(markedTitle(event)),
      ...spanOf(event),
      status: statuses[status] ?? null,
      categories: [{ name: type }],
      ...(text === '' ? {} : { description: plain(text) }),
      ...(url === undefined ? {} : { url: unescapable(url) }),
      ...placeOf(event),
    })
  }
  return `${calendar.toString()}\r\n`
}

/** The library escapes addresses as if they were text, which readers do not undo. */
const unescapable = (url: string) => url.replace(/[,;\\]/g, encodeURIComponent)

/** The library takes the date of a whole day from its UTC date. */
function spanOf({ startAt, endAt, allDay, timezone }: EventRow) {
  const day = (instant: Date) => new Date(`${localDate(instant, timezone)}T00:00:00Z`)
  const end = endAt === null ? {} : { end: allDay ? day(endAt) : endAt }
  return { start: allDay ? day(startAt) : startAt, allDay, ...end }
}

function placeOf({ venueName, venueAddress, latitude, longitude }: EventRow) {
  const place = venueName ?? venueAddress
  if (place === null) return {}
  const geo = latitude !== null && longitude !== null ? { geo: { lat: latitude, lon: longitude } } : {}
  const address = venueName !== null && venueAddress !== null ? { address: plain(venueAddress) } : {}
  return { location: { title: plain(place), ...address, ...geo } }
}
