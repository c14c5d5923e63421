import { and, asc, eq, inArray, max, sql } from 'drizzle-orm'
import { beginsOtherwise } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { bound, prepared, preparedInsert } from '../../db/prepared'
import { seal, unseal } from '../../lib/seal'
import type { Maintainer, Secrets, Writer } from '../ctx'
import { type EventRow, outboxEvents } from './table'

/** Personal data is stored sealed; null if there is none. */
type NewEvent = {
  id: string
  event: string
  entity: string
  entityId: string
  data: unknown
  personal: unknown
}

const bindingOf = (id: string) => `event ${id}`

const insertEvent = preparedInsert(outboxEvents)

export async function appendEvents(w: Writer, events: NewEvent[]): Promise<void> {
  const at = w.clock.now()
  for (const { personal, ...event } of events) {
    const sealed =
      personal === null ? null : seal(w.secrets.seal, JSON.stringify(personal), bindingOf(event.id))
    await insertEvent(w.db, { ...event, tenantId: w.tenantId, at, sealed, isNew: true })
  }
}

/** Null if the event has no personal data, 'unreadable' if it has some that does not open. */
export function personalOf({ id, sealed }: EventRow, secrets: Secrets): object | null | 'unreadable' {
  if (sealed === null) return null
  const opened = unseal(secrets.seal, sealed, bindingOf(id))
  return opened === null ? 'unreadable' : JSON.parse(opened)
}

const selectNew = prepared((db) =>
  db
    .select()
    .from(outboxEvents)
    .where(sql`${outboxEvents.isNew} = 1`)
    .orderBy(asc(outboxEvents.position))
    .limit(bound(db, 'limit') as unknown as number)
    .prepare(),
)

/** New events of all councils, the oldest first, not yet matched with endpoints. */
export const listNewEvents = (db: Db, limit: number): Promise<EventRow[]> =>
  Promise.resolve(selectNew(db).execute({ limit }))

export async function markSeen(m: Maintainer, positions: readonly number[]): Promise<void> {
  await m.db
    .update(outboxEvents)
    .set({ isNew: false })
    .where(inArray(outboxEvents.position, [...positions]))
}

const selectOne = prepared((db) =>
  db
    .select()
    .from(outboxEvents)
    .where(eq(outboxEvents.position, bound(db, 'position')))
    .prepare(),
)

/** Undefined if its subject has been erased. */
export async function findEvent(db: Db, position: number): Promise<EventRow | undefined> {
  const [row] = await selectOne(db).execute({ position })
  return row
}

/** 0 if there are no events. */
export async function lastPosition(db: Db): Promise<number> {
  const [row] = await db.select({ last: max(outboxEvents.position) }).from(outboxEvents)
  return Number(row?.last ?? 0)
}

/** Events of all councils already matched with endpoints, the oldest first. */
export const listOldest = (db: Db, limit: number): Promise<{ position: number; at: Date }[]> =>
  db
    .select({ position: outboxEvents.position, at: outboxEvents.at })
    .from(outboxEvents)
    .where(eq(outboxEvents.isNew, false))
    .orderBy(asc(outboxEvents.position))
    .limit(limit)

export async function deleteEvents(m: Maintainer, positions: readonly number[]): Promise<void> {
  await m.db.delete(outboxEvents).where(inArray(outboxEvents.position, [...positions]))
}

/** Events of all councils whose personal data is not sealed under the newest key. */
export const listOutdatedEvents = (db: Db, { seal: [newest] }: Secrets, limit: number): Promise<EventRow[]> =>
  db
    .select()
    .from(outboxEvents)
    .where(beginsOtherwise(outboxEvents.sealed, `${newest.id}.`))
    .limit(limit)

export async function resealEvent(m: Maintainer, secrets: Secrets, row: EventRow): Promise<boolean> {
  const personal = personalOf(row, secrets)
  if (personal === 'unreadable') return false
  const sealed = seal(secrets.seal, JSON.stringify(personal), bindingOf(row.id))
  await m.db
    .update(outboxEvents)
    .set({ sealed })
    .where(and(eq(outboxEvents.tenantId, row.tenantId), eq(outboxEvents.position, row.position)))
  return true
}
