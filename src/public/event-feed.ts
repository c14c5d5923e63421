import type { Ctx } from '../core/ctx'
import { renderMarkdownAt } from '../lib/markdown'
import { localDate } from '../lib/time'
import { listShown } from '../resources/events/store'
import type { EventRow } from '../resources/events/table'
import type { FeedItem, FeedShape } from './feed'
import { feedGuide, pageOf, publicAddress, websiteOf } from './place'

const feedEvents = 50

/** Events that are not over, the next first. */
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
    description: `Events from ${ctx.tenant.name}`,
    website: websiteOf(ctx),
    guide: feedGuide(base),
    self: { rss: address('events.rss') },
    updated,
    items: rows.map((row) => itemOf(ctx, row)),
  }
}

/** Many readers and calendars do not show the status itself. */
const marks: Partial<Record<EventRow['status'], string>> = {
  cancelled: 'Cancelled: ',
  postponed: 'Postponed: ',
}

export const markedTitle = ({ status, title }: EventRow): string => `${marks[status] ?? ''}${title}`

/** The event’s page on the council’s website, or where people book or take part. */
export const linkOf = ({ tenant }: Ctx, { id, bookingUrl, onlineUrl }: EventRow): string | undefined =>
  pageOf(tenant.eventPage, { id }, bookingUrl, onlineUrl)

function itemOf(ctx: Ctx, row: EventRow): FeedItem {
  const { id, summary, body, publishedAt, updatedAt, type } = row
  const facts = [whenOf(row), row.venueName, row.venueAddress].filter(Boolean).join(', ')
  return {
    id: `urn:x-reeve:event:${id}`,
    title: markedTitle(row),
    link: linkOf(ctx, row),
    summary: [facts, summary].filter(Boolean).join('. '),
    html: renderMarkdownAt(websiteOf(ctx), [facts, body ?? summary].filter(Boolean).join('\n\n')),
    published: publishedAt ?? updatedAt,
    updated: updatedAt,
    tags: [type],
  }
}

/** Such as `Saturday 9 May 2026, 10:00 to 12:00`. */
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
