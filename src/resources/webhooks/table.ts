import { sql } from 'drizzle-orm'
import type { EventName } from '../../core/outbox/table'
import { tenants } from '../../core/tenants/table'
import { boolean, index, integer, json, table, text, timestamp } from '../../db/dialect'

/** Why an endpoint is sent nothing: somebody said so, it said that it is gone, or it failed for days. */
export const disabledReasons = ['manual', 'gone', 'failing'] as const
export type DisabledReason = (typeof disabledReasons)[number]

/** Where other systems are told of events. */
export const webhookEndpoints = table(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    url: text('url').notNull(),
    description: text('description'),
    events: json<EventName[]>('events').notNull(),
    /** Only events about this ward and category; null for any. */
    wardId: text('ward_id'),
    categoryId: text('category_id'),
    includePersonalData: boolean('include_personal_data').notNull(),
    enabled: boolean('enabled').notNull(),
    disabledReason: text('disabled_reason', { enum: disabledReasons }),
    /** The last event before it was made: what happened then is not for it. */
    afterPosition: integer('after_position').notNull(),
    /** Sealed. */
    secret: text('secret').notNull(),
    /** The one before it, sealed, which signs too until then. */
    previousSecret: text('previous_secret'),
    previousUntil: timestamp('previous_until'),
    /** Failed attempts since the last that succeeded, and when the first of them was. */
    failureCount: integer('failure_count').notNull().default(0),
    failingSince: timestamp('failing_since'),
    lastSuccessAt: timestamp('last_success_at'),
    /** It asked not to be called before. */
    pausedUntil: timestamp('paused_until'),
    /** Grows with everything that happens to its deliveries. */
    activity: integer('activity').notNull().default(0),
    /** From then on it is there for nobody, until its deliveries are gone. */
    deletedAt: timestamp('deleted_at'),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    index('webhook_endpoints_tenant').on(t.tenantId, t.createdAt, t.id),
    index('webhook_endpoints_deleted').on(t.deletedAt).where(sql`"deleted_at" is not null`),
  ],
)

export type EndpointRow = typeof webhookEndpoints.$inferSelect
