import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import {
  all,
  amongMany,
  below,
  type Condition,
  equals,
  forWard,
  holdsFolded,
  includes,
  oneOf,
} from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import { nameKeys } from '../../lib/name-keys'
import type { Found, Slice } from '../../lib/page'
import type { EventQuery } from './model'
import { type EventRow, type EventStatus, events } from './table'

/** An event without an end is over as soon as it starts. */
const overAt = sql`coalesce(${events.endAt}, ${events.startAt} + 1)`

const comparedWithEnd =
  (operator: '>' | '<=') =>
  (instant: Date | undefined): Condition | undefined =>
    instant && {
      form: `over ${operator}`,
      values: [instant.getTime()],
      build: ([place]) => sql`${overAt} ${sql.raw(operator)} ${place}`,
    }

const notOverAt = comparedWithEnd('>')
const overBy = comparedWithEnd('<=')

export type EventFilters = Pick<
  EventQuery,
  'search' | 'type' | 'approved' | 'wardId' | 'upcoming' | 'sort'
> & {
  status?: readonly EventStatus[] | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const list = listOf(events)
const fields = {
  startAt: ['startAt'],
  createdAt: ['createdAt'],
  updatedAt: ['updatedAt'],
  title: ['sortKey'],
}

export function listEvents(ctx: Ctx, filters: EventFilters, slice: Slice): Promise<Found<EventRow>> {
  const { search, type, status, approved, wardId, from, to, upcoming, sort = 'startAt' } = filters
  const now = ctx.clock.now()
  const where = all([
    equals(events.tenantId, ctx.tenantId),
    holdsFolded(events.searchText, search),
    oneOf(events.type, type),
    oneOf(events.status, status),
    approved === undefined ? undefined : oneOf(events.status, approved ? publicStatuses : otherStatuses),
    includes(events.wardIds, wardId),
    notOverAt(from),
    below(events.startAt, to),
    upcoming === undefined ? undefined : upcoming ? notOverAt(now) : overBy(now),
  ])
  return list(ctx.db, where, ordering(events, sort, fields), slice)
}

const publicStatuses: readonly EventStatus[] = ['approved', 'cancelled', 'postponed']
const otherStatuses: readonly EventStatus[] = ['draft', 'pending']

/** The last time an event left the public lists by this instant. */
export async function lastOver(ctx: Ctx, instant: Date): Promise<Date | null> {
  const [row] = await ctx.db
    .select({ at: sql<number | null>`max(${overAt})` })
    .from(events)
    .where(and(eq(events.tenantId, ctx.tenantId), sql`${overAt} <= ${instant.getTime()}`))
  const { at = null } = row ?? {}
  return at === null ? null : new Date(Number(at))
}

const selectShown = preparedByForm<EventRow>((db, { where, orderBy, limit }) =>
  db
    .select()
    .from(events)
    .where(where)
    .orderBy(...orderBy)
    .limit(limit),
)
const byStart = ordering(events, 'startAt', fields)

/** Public events not over since then; for a ward, together with those for the whole council. */
export function listShown(
  ctx: Ctx,
  { wardId, since }: { wardId: string | undefined; since: Date },
  limit: number,
): Promise<EventRow[]> {
  const where = all([
    equals(events.tenantId, ctx.tenantId),
    oneOf(events.status, publicStatuses),
    notOverAt(since),
    forWard(events.wardIds, wardId),
  ])
  return selectShown(ctx.db, { where, order: byStart, limit })
}

const one = preparedByForm<EventRow>((db, { where }) => db.select().from(events).where(where))

export async function getEvent(ctx: Ctx, id: string): Promise<EventRow> {
  const [row] = await one(ctx.db, {
    where: all([equals(events.tenantId, ctx.tenantId), equals(events.id, id)]),
  })
  if (!row) throw notFound('Event')
  return row
}

/** By id. */
export async function getEvents(ctx: Ctx, ids: readonly string[]): Promise<Map<string, EventRow>> {
  const where = all([equals(events.tenantId, ctx.tenantId), amongMany(events.id, ids)])
  return new Map((await one(ctx.db, { where })).map((row) => [row.id, row]))
}

/** A venue is looked for as often as a title. */
export const eventKeys = ({
  title,
  summary = null,
  body = null,
  venueName = null,
}: typeof events.$inferInsert) => nameKeys(title, summary, body, venueName)

export async function insertEvent(w: Writer, values: typeof events.$inferInsert): Promise<EventRow> {
  const [row] = await w.db
    .insert(events)
    .values({ ...values, ...eventKeys(values) })
    .returning()
  return row as EventRow
}

export async function updateEvent(w: Writer, before: EventRow, values: Partial<EventRow>): Promise<EventRow> {
  const { id, version } = before
  const [row] = await w.db
    .update(events)
    .set({
      ...values,
      ...eventKeys({ ...before, ...values }),
      version: version + 1,
      updatedAt: w.clock.now(),
    })
    .where(and(eq(events.tenantId, w.tenantId), eq(events.id, id)))
    .returning()
  if (!row) throw notFound('Event')
  return row
}

export async function deleteEvent(w: Writer, id: string): Promise<void> {
  await w.db.delete(events).where(and(eq(events.tenantId, w.tenantId), eq(events.id, id)))
}
