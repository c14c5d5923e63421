import { index, json, position, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'

/** Events that changes have caused, written with them; later delivered to webhook endpoints. */
export const outboxEvents = table(
  'outbox_events',
  {
    position: position('position'),
    id: text('id').notNull().unique(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    event: text('event').notNull(),
    entity: text('entity').notNull(),
    entityId: text('entity_id').notNull(),
    at: timestamp('at').notNull(),
    /** What the event says, without personal data. */
    data: json<unknown>('data').notNull(),
    /** What it says besides of a resident, as sealed JSON, for receivers that may have it. */
    sealed: text('sealed'),
  },
  (t) => [index('outbox_events_entity').on(t.tenantId, t.entityId, t.position)],
)
