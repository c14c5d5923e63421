import { sql } from 'drizzle-orm'
import { outboxEvents } from '../../../core/outbox/table'
import { tenants } from '../../../core/tenants/table'
import { index, integer, json, table, text, timestamp, uniqueIndex } from '../../../db/dialect'
import { webhookEndpoints } from '../table'

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const

/** Failures without a status. */
export const attemptFaults = [
  'timeout',
  'name',
  'refused_address',
  'certificate',
  'connection',
  'disabled',
  'unreadable',
  'internal',
] as const
export type AttemptFault = (typeof attemptFaults)[number]

/** The endpoint's status, or the fault and a message; with the duration in milliseconds. */
export type Attempt = {
  at: string
  status: number | null
  fault: AttemptFault | null
  message: string | null
  durationMs: number
}

/** Attempts kept for each delivery. */
export const keptAttempts = 20

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
    /** Events about the same thing are delivered one after another. */
    entityId: text('entity_id').notNull(),
    state: text('state', { enum: deliveryStates }).notNull(),
    /**
     * When it is due; while being sent, when it becomes due again if the sender dies. Null if finished or waiting for
     * another.
     */
    nextAttemptAt: timestamp('next_attempt_at'),
    /** Counted from the last replay. */
    attemptCount: integer('attempt_count').notNull().default(0),
    /** The newest last. */
    attempts: json<Attempt[]>('attempts').notNull(),
    /** Sealed; at most 1,024 bytes of the last reply. */
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
