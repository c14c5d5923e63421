import { sql } from 'drizzle-orm'
import { boolean, index, json, position, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'

/** Stored and published, so a name never changes; new ones go at the end, and their resource's `about.ts` explains them. */
export const eventNames = [
  'case_created',
  'case_status_changed',
  'case_resolved',
  'case_closed',
  'case_note_added',
  'contact_submitted',
  'news_published',
  'event_published',
  'councillor_profile_updated',
  'case_updated',
  'case_assigned',
  'case_reopened',
  'case_sla_breached',
  'event_updated',
  'event_cancelled',
  'news_withdrawn',
  'webhook_disabled',
  'webhook_test',
] as const
export type EventName = (typeof eventNames)[number]

/** Written in the transaction that causes them, delivered to webhook endpoints later. */
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
    /** Without personal data. */
    data: json<unknown>('data').notNull(),
    /** Personal data as sealed JSON, for endpoints allowed to have it. */
    sealed: text('sealed'),
    /** True until it has been matched with endpoints. */
    isNew: boolean('is_new').notNull().default(false),
  },
  (t) => [
    index('outbox_events_entity').on(t.tenantId, t.entityId, t.position),
    index('outbox_events_new').on(t.position).where(sql`"is_new" = 1`),
  ],
)

export type EventRow = typeof outboxEvents.$inferSelect
