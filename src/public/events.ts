import { type Static, Type } from '@sinclair/typebox'
import ical, { ICalEventStatus } from 'ical-generator'
import type { Ctx } from '../core/ctx'
import { Strict } from '../core/schema'
import { plainText, renderMarkdown } from '../lib/markdown'
import { localDate } from '../lib/time'
import { EventView, toView } from '../resources/events/model'
import { listShown } from '../resources/events/store'
import type { EventRow } from '../resources/events/table'
import { type FeedItem, type FeedShape, plain } from './feed'
import { publicAddress } from './place'

const shownEvents = 1_000
const feedEvents = 50
const pastMs = 90 * 86_400_000

/** What is over by then is no longer in the calendar. */
export const calendarStart = (now: Date) => new Date(now.getTime() - pastMs)

/** When an event that is over at this instant leaves the calendar. */
export const calendarEnd = (over: Date) => new Date(over.getTime() + pastMs)

/** What everybody may see of a council's events of the last three months and of those to come. */
export const calendarEvents = (ctx: Ctx, wardId: string | undefined): Promise<EventRow[]> =>
  listShown(ctx, { wardId, since: calendarStart(ctx.clock.now()) }, shownEvents)

const PublicEvent = Type.Omit(EventView, ['organiserId', 'createdAt', 'approved'], {
  title: 'PublicEvent',
  additionalProperties: false,
})

export const PublicEventList = Strict({ events: Type.Array(PublicEvent) }, { title: 'PublicEventList' })

/** An event as everybody may see it. */
export function toPublicEvent(row: EventRow): Static<typeof PublicEvent> {
  const { organiserId: _o, createdAt: _c, approved: _a, ...event } = toView(row)
  return event
}

const statuses: Partial<Record<EventRow['status'], ICalEventStatus>> = {
  approved: ICalEventStatus.CONFIRMED,
  postponed: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
}

/** The events as a calendar (RFC 5545): times in UTC, days as dates, cancelled ones struck out. */
export function toCalendar({ tenant }: Ctx, events: readonly EventRow[]): string {
  const calendar = ical({
    name: plain(`${tenant.name}: events`),
    prodId: { company: 'Reeve', product: 'Reeve', language: 'EN' },
    ttl: 3_600,
  })
  for (const event of events) {
    const { id, title, summary, body, status, sequence, updatedAt, createdAt, type } = event
    const url = event.bookingUrl ?? event.onlineUrl
    const text = [summary, body === null ? null : plainText(body), event.onlineUrl]
      .filter(Boolean)
      .join('\n\n')
    calendar.createEvent({
      id: `${id}@reeve`,
      stamp: updatedAt,
      created: createdAt,
      lastModified: updatedAt,
      sequence,
      summary: plain(title),
      ...spanOf(event),
      status: statuses[status] ?? null,
      categories: [{ name: type }],
      ...(text === '' ? {} : { description: plain(text) }),
      ...(url === null ? {} : { url: unescapable(url) }),
      ...placeOf(event),
    })
  }
  return calendar.toString()
}

/** The library escapes addresses as if they were texts, which readers do not undo. */
const unescapable = (url: string) => url.replace(/[,;\\]/g, encodeURIComponent)

/** The library writes whole days by their date in UTC. */
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

/** The events that are not over as a feed, the next first. */
export async function eventFeed(
  ctx: Ctx,
  base: string,
  wardId: string | undefined,
  updated: Date,
): Promise<FeedShape> {
  const rows = await listShown(ctx, { wardId, since: ctx.clock.now() }, feedEvents)
  const address = (file: string) => publicAddress(base, ctx, file)
  return {
    id: `urn:x-reeve:${ctx.tenantId}:events`,
    title: `${ctx.tenant.name}: events`,
    author: ctx.tenant.name,
    description: `What takes place in ${ctx.tenant.name}`,
    link: address('events.json'),
    self: { rss: address('events.rss') },
    updated,
    items: rows.map((row) => itemOf(row, address('events.json'))),
  }
}

const marks: Partial<Record<EventRow['status'], string>> = {
  cancelled: 'Cancelled: ',
  postponed: 'Postponed: ',
}

function itemOf(row: EventRow, address: string): FeedItem {
  const { id, title, summary, body, bookingUrl, onlineUrl, publishedAt, updatedAt, type } = row
  const facts = [whenOf(row), row.venueName, row.venueAddress].filter(Boolean).join(', ')
  return {
    id: `urn:x-reeve:event:${id}`,
    title: `${marks[row.status] ?? ''}${title}`,
    link: bookingUrl ?? onlineUrl ?? `${address}#${id}`,
    summary: [facts, summary].filter(Boolean).join('. '),
    html: renderMarkdown([facts, body ?? summary].filter(Boolean).join('\n\n')),
    published: publishedAt ?? updatedAt,
    updated: updatedAt,
    tags: [type],
  }
}

/** When it takes place, in words: `Saturday 9 May 2026, 10:00 to 12:00`. */
function whenOf({ startAt, endAt, allDay, timezone }: EventRow): string {
  const day = (instant: Date) => format(instant, timezone, { dateStyle: 'full' })
  const time = (instant: Date) => format(instant, timezone, { timeStyle: 'short' })
  const last = endAt && new Date(endAt.getTime() - 1)
  const isOneDay = last === null || localDate(last, timezone) === localDate(startAt, timezone)
  if (allDay) return isOneDay ? day(startAt) : `${day(startAt)} to ${day(last)}`
  if (endAt === null) return `${day(startAt)}, ${time(startAt)}`
  return isOneDay
    ? `${day(startAt)}, ${time(startAt)} to ${time(endAt)}`
    : `${day(startAt)}, ${time(startAt)} to ${day(endAt)}, ${time(endAt)}`
}

const format = (instant: Date, timeZone: string, style: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...style }).format(instant)
