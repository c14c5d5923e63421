import { tenants } from '../../core/tenants/table'
import { users } from '../../core/users/table'
import { boolean, index, integer, json, real, table, text, timestamp } from '../../db/dialect'
import { nameColumns } from '../../db/name-columns'

export const eventTypes = ['surgery', 'meeting', 'consultation', 'community', 'council_meeting'] as const
export const eventStatuses = ['draft', 'pending', 'approved', 'cancelled', 'postponed'] as const
export type EventStatus = (typeof eventStatuses)[number]

export const events = table(
  'events',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    title: text('title').notNull(),
    summary: text('summary'),
    /** Markdown. */
    body: text('body'),
    type: text('type', { enum: eventTypes }).notNull(),
    startAt: timestamp('start_at').notNull(),
    /** Null if not given. */
    endAt: timestamp('end_at'),
    allDay: boolean('all_day').notNull(),
    timezone: text('timezone').notNull(),
    venueName: text('venue_name'),
    venueAddress: text('venue_address'),
    latitude: real('latitude'),
    longitude: real('longitude'),
    onlineUrl: text('online_url'),
    /** Empty for the whole council. */
    wardIds: json<string[]>('ward_ids').notNull(),
    organiserId: text('organiser_id').references(() => users.id),
    bookingUrl: text('booking_url'),
    status: text('status', { enum: eventStatuses }).notNull(),
    /** When it first became public. */
    publishedAt: timestamp('published_at'),
    /** Tells calendars to replace their copy (RFC 5545, 3.8.7.4). */
    sequence: integer('sequence').notNull().default(0),
    ...nameColumns(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    index('events_start').on(t.tenantId, t.startAt, t.id),
    index('events_status').on(t.tenantId, t.status, t.startAt, t.id),
  ],
)

export type EventRow = typeof events.$inferSelect
