import type { Change } from '../../core/change'
import type { Ctx, Writer } from '../../core/ctx'
import { readInstant, readRange } from '../../core/instants'
import type { EventName } from '../../core/outbox/table'
import { missingHalf } from '../../core/point'
import { assertUnchanged } from '../../core/precondition'
import { assertAllFound, assertMayPublish, assertMove } from '../../core/publishing'
import { findActiveUser } from '../../core/users/store'
import { write } from '../../core/write'
import type { NameKey } from '../../db/name-columns'
import { isEqual } from '../../lib/equal'
import { type Issue, type IssueCode, invalid } from '../../lib/errors'
import { endOfDays, startOfDay } from '../../lib/time'
import { unknownWards } from '../wards/store'
import {
  type EventCreate,
  type EventPatch,
  type EventQuery,
  type EventView,
  eventMoves,
  isPublic,
  toView,
} from './model'
import { deleteEvent, type EventFilters, getEvent, getEvents, insertEvent, updateEvent } from './store'
import type { EventRow } from './table'

const safe = ['title', 'type', 'status', 'startAt', 'endAt', 'allDay', 'wardIds', 'organiserId', 'deleted']

/** Every bad filter is named. */
export function readFilters(ctx: Ctx, query: EventQuery): EventFilters {
  const { page: _p, pageSize: _s, cursor: _c, from: _f, to: _t, ...plain } = query
  return { ...plain, ...readRange(ctx, query) }
}

const noVenue = { venueName: null, venueAddress: null, latitude: null, longitude: null }

type Unsaved = Omit<EventRow, 'version' | NameKey>

/** The row with the given fields changed, and every fault of it. */
export async function rowWith<T extends Unsaved>(
  ctx: Ctx,
  before: T,
  input: EventPatch,
): Promise<{ after: T; issues: Issue[] }> {
  const issues: Issue[] = []
  const { startAt, endAt, venue, status: _s, ...plain } = input
  const after: T = { ...before, ...plain }
  const at = (path: string, text: string) => readInstant(ctx, 'body', path, text, issues)
  if (startAt !== undefined) after.startAt = at('startAt', startAt) ?? before.startAt
  if (endAt !== undefined) after.endAt = endAt === null ? null : (at('endAt', endAt) ?? null)
  if (venue === null) Object.assign(after, noVenue)
  else if (venue) {
    issues.push(...missingHalf('venue', venue, before))
    Object.assign(after, columnsOf(venue))
  }
  if (issues.length === 0) checkTimes(after, issues)
  for (const i of await unknownWards(ctx, input.wardIds ?? [])) {
    issues.push({ in: 'body', path: `wardIds.${i}`, code: 'not_found', message: 'There is no such ward' })
  }
  if (input.organiserId && !(await findActiveUser(ctx, input.organiserId))) {
    issues.push({
      in: 'body',
      path: 'organiserId',
      code: 'not_found',
      message: 'There is no active user with this id',
    })
  }
  return { after, issues }
}

/** Reports every fault at once. */
async function rowAfter<T extends Unsaved>(w: Writer, before: T, input: EventPatch): Promise<T> {
  const { after, issues } = await rowWith(w, before, input)
  if (issues.length > 0) throw invalid(issues)
  return after
}

function columnsOf({
  name,
  address,
  latitude,
  longitude,
}: NonNullable<EventPatch['venue']>): Partial<EventRow> {
  const columns = { venueName: name, venueAddress: address, latitude, longitude }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

/** All-day events start and end at midnight. */
function checkTimes(
  event: Pick<EventRow, 'startAt' | 'endAt' | 'allDay' | 'timezone'>,
  issues: Issue[],
): void {
  const fault = (path: string, code: IssueCode, message: string) =>
    void issues.push({ in: 'body', path, code, message })
  const { startAt, allDay, timezone } = event
  const isMidnight = (instant: Date) => startOfDay(instant, timezone).getTime() === instant.getTime()
  if (allDay && !isMidnight(startAt)) fault('startAt', 'format', 'Must be a date: the event lasts all day')
  if (allDay && event.endAt === null) event.endAt = endOfDays(startAt, 1, timezone)
  const { endAt } = event
  if (endAt === null) return
  if (endAt <= startAt) {
    const hint = allDay ? ': the day after its last, for an event that lasts all day' : ''
    issues.push({
      in: 'body',
      path: 'endAt',
      code: 'order',
      other: 'startAt',
      message: `Must come after startAt${hint}`,
    })
  } else if (allDay && !isMidnight(endAt)) fault('endAt', 'format', 'Must be a date: the day after the last')
}

const upkeep = ['version', 'updatedAt', 'sequence', 'sortKey', 'searchText']
const auditFields = (row: EventRow) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !upkeep.includes(name)))

export function changeOf(before: EventRow | null, after: EventRow, events: readonly EventName[]): Change {
  const data = { event: toView(after) }
  const isShown = isPublic(after.status) || (before !== null && isPublic(before.status))
  return {
    entity: 'event',
    id: after.id,
    before: before && auditFields(before),
    after: auditFields(after),
    safe,
    events: events.map((name) => ({ name, data })),
    publicPart: isShown ? 'events' : undefined,
  }
}

/** A new event with only these fields. */
export function blankEvent(ctx: Ctx, known: Pick<EventRow, 'id' | 'title' | 'status'>): Unsaved {
  const now = ctx.clock.now()
  return {
    ...known,
    tenantId: ctx.tenantId,
    summary: null,
    body: null,
    type: 'community',
    startAt: now,
    endAt: null,
    allDay: false,
    timezone: ctx.tenant.timezone,
    ...noVenue,
    onlineUrl: null,
    wardIds: [],
    organiserId: null,
    bookingUrl: null,
    publishedAt: null,
    sequence: 0,
    createdAt: now,
    updatedAt: now,
  }
}

/** It is public only once approved. */
export const createEvent = (ctx: Ctx, { status = 'pending', ...input }: EventCreate): Promise<EventView> =>
  write(ctx, 'event.create', async (w) => {
    const blank = blankEvent(w, { id: w.newId(), title: input.title, status })
    const row = await insertEvent(w, await rowAfter(w, blank, input))
    return { changes: [changeOf(null, row, [])], result: toView(row) }
  })

/** Without a difference, nothing is recorded. */
export const patchEvent = (ctx: Ctx, id: string, input: EventPatch): Promise<EventView> =>
  write(ctx, 'event.update', async (w) => {
    const before = await getEvent(w, id)
    assertUnchanged(w, toView(before))
    const status = input.status ?? before.status
    assertMove('An event', eventMoves, before.status, status)
    if (isPublic(before.status) || isPublic(status)) assertMayPublish(w)
    const wanted = { ...(await rowAfter(w, before, input)), status }
    const { changes, row } = await saveEvent(w, before, wanted)
    return { changes, result: toView(row) }
  })

/** Saves it with its calendar sequence number and webhook events. */
export async function saveEvent(
  w: Writer,
  before: EventRow,
  wanted: EventRow,
): Promise<{ changes: Change[]; row: EventRow }> {
  if (isEqual(wanted, before)) return { changes: [], row: before }
  const isShown = isPublic(wanted.status)
  const isNew = isShown && before.publishedAt === null
  const row = await updateEvent(w, before, {
    ...wanted,
    publishedAt: isNew ? w.clock.now() : before.publishedAt,
    sequence: before.sequence + (isShown && !isNew ? 1 : 0),
  })
  const isCancelled = row.status === 'cancelled' && before.status !== 'cancelled'
  const name = isNew ? 'event_published' : isCancelled ? 'event_cancelled' : 'event_updated'
  return { changes: [changeOf(before, row, isShown ? [name] : [])], row }
}

/** All or none; those already approved stay so. */
export const approveEvents = (ctx: Ctx, ids: readonly string[]): Promise<{ approved: number }> =>
  write(ctx, 'event.approve', async (w) => {
    assertMayPublish(w)
    const found = await getEvents(w, ids)
    assertAllFound(ids, found)
    const changes: Change[] = []
    for (const before of found.values()) {
      assertMove(`The event ${before.id}`, eventMoves, before.status, 'approved')
      changes.push(...(await saveEvent(w, before, { ...before, status: 'approved' })).changes)
    }
    return { changes, result: { approved: changes.length } }
  })

/** A public event is announced as cancelled. */
export const removeEvent = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'event.delete', async (w) => {
    const row = await getEvent(w, id)
    assertUnchanged(w, toView(row))
    if (isPublic(row.status)) assertMayPublish(w)
    await deleteEvent(w, id)
    const isExpected = row.status === 'approved' || row.status === 'postponed'
    const change = {
      ...changeOf(row, { ...row, status: 'cancelled' }, isExpected ? ['event_cancelled'] : []),
      before: { deleted: false, title: row.title },
      after: { deleted: true, title: null },
    }
    return { changes: [change], result: undefined }
  })
