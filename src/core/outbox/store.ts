import type { Writer } from '../ctx'
import { outboxEvents } from './table'

type NewEvent = { event: string; entity: string; entityId: string; data: unknown }

/** Keeps the events of a change, in order, for delivery. */
export async function appendEvents(w: Writer, events: NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const at = w.clock.now()
  await w.db
    .insert(outboxEvents)
    .values(events.map((event) => ({ ...event, id: w.newId(), tenantId: w.tenantId, at })))
}
