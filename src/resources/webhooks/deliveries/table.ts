import { sql } from 'drizzle-orm'
import { outboxEvents } from '../../../core/outbox/table'
import { tenants } from '../../../core/tenants/table'
import { index, integer, json, table, text, timestamp, uniqueIndex } from '../../../db/dialect'
import { webhookEndpoints } from '../table'

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Why an attempt failed that no status tells of. */
export const attemptFaults = [
  'timeout',
  'name',
  'refused_address',
  'certificate',
  'connection',
  'disabled',
  'internal',
] as const
export type AttemptFault = (typeof attemptFaults)[number]

/** One call of an endpoint: what it answered, or why it did not and that in words; and after how many milliseconds. */
export type Attempt = {
  at: string
  status: number | null
  fault: AttemptFault | null
  message: string | null
  durationMs: number
}

/** Attempts that are kept of a delivery. */
export const keptAttempts = 20

/** One event for one endpoint. */
export const webhookDeliveries = table(
  'webhook_deliveries',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    endpointId: text('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id),
    eventPosition: integer('event_position')
      .notNull()
      .references(() => outboxEvents.position),
    eventId: text('event_id').notNull(),
    event: text('event').notNull(),
    /** What the event is about: events about the same are delivered one after the other. */
    entityId: text('entity_id').notNull(),
    state: text('state', { enum: deliveryStates }).notNull(),
    /** When it is due; while it is on its way, when it is due again if nothing is heard of it. Null behind another and at the end. */
    nextAttemptAt: timestamp('next_attempt_at'),
    /** Attempts since it was queued; those before it was replayed do not count. */
    attemptCount: integer('attempt_count').notNull().default(0),
    /** The latest attempts, the last one last. */
    attempts: json<Attempt[]>('attempts').notNull(),
    /** What the endpoint said last, 1,024 bytes of it at most; sealed. */
    reply: text('reply'),
    createdAt: timestamp('created_at').notNull(),
    finishedAt: timestamp('finished_at'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_event').on(t.eventPosition, t.endpointId),
    index('webhook_deliveries_endpoint').on(t.endpointId, t.eventPosition, t.id),
    index('webhook_deliveries_state').on(t.endpointId, t.state, t.eventPosition, t.id),
    index('webhook_deliveries_due')
      .on(t.endpointId, t.nextAttemptAt, t.eventPosition)
      .where(sql`"next_attempt_at" is not null`),
    index('webhook_deliveries_order')
      .on(t.endpointId, t.entityId, t.eventPosition)
      .where(sql`"state" = 'waiting'`),
    index('webhook_deliveries_entity').on(t.tenantId, t.entityId),
  ],
)

export type DeliveryRow = typeof webhookDeliveries.$inferSelect
