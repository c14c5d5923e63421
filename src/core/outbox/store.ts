import { preparedInsert } from '../../db/prepared'
import type { Writer } from '../ctx'
import { outboxEvents } from './table'

type NewEvent = { event: string; entity: string; entityId: string; data: unknown }

const insertEvent = preparedInsert(outboxEvents)

/** Keeps the events of a change, in order, for delivery. */
export async function appendEvents(w: Writer, events: NewEvent[]): Promise<void> {
  const at = w.clock.now()
  for (const event of events) await insertEvent(w.db, { ...event, id: w.newId(), tenantId: w.tenantId, at })
}
