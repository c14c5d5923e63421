import { preparedInsert } from '../../db/prepared'
import { seal } from '../../lib/seal'
import type { Writer } from '../ctx'
import { outboxEvents } from './table'

/** `personal` is what the event says of a resident: it is kept sealed, and null where it says nothing. */
type NewEvent = { event: string; entity: string; entityId: string; data: unknown; personal: unknown }

const insertEvent = preparedInsert(outboxEvents)

/** Keeps the events of a change, in order, for delivery. */
export async function appendEvents(w: Writer, events: NewEvent[]): Promise<void> {
  const at = w.clock.now()
  for (const { personal, ...event } of events) {
    const id = w.newId()
    const sealed = personal === null ? null : seal(w.secrets.seal, JSON.stringify(personal), `event ${id}`)
    await insertEvent(w.db, { ...event, id, tenantId: w.tenantId, at, sealed })
  }
}
