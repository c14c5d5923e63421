import { sql } from 'drizzle-orm'
import type { EventName } from '../../core/outbox/table'
import { tenants } from '../../core/tenants/table'
import { boolean, index, integer, json, table, text, timestamp } from '../../db/dialect'

/** Turned off by hand, because it answered 410 Gone, or because it failed for days. */
export const disabledReasons = ['manual', 'gone', 'failing'] as const
export type DisabledReason = (typeof disabledReasons)[number]

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
    /** Filters; null for any. */
    wardId: text('ward_id'),
    categoryId: text('category_id'),
    includePersonalData: boolean('include_personal_data').notNull(),
    enabled: boolean('enabled').notNull(),
    disabledReason: text('disabled_reason', { enum: disabledReasons }),
    /** It gets no event up to this position, its newest when created. */
    afterPosition: integer('after_position').notNull(),
    /** Sealed. */
    secret: text('secret').notNull(),
    /** The previous secret, sealed, which also signs until then. */
    previousSecret: text('previous_secret'),
    previousUntil: timestamp('previous_until'),
    /** Since the last success. */
    failureCount: integer('failure_count').notNull().default(0),
    failingSince: timestamp('failing_since'),
    lastSuccessAt: timestamp('last_success_at'),
    /** The endpoint asked not to be called before. */
    pausedUntil: timestamp('paused_until'),
    /** Increases with any activity of its deliveries. */
    activity: integer('activity').notNull().default(0),
    /** Hidden from then on; the row goes with its last delivery. */
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
