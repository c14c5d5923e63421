import { boolean, integer, json, table, text, timestamp } from '../../db/dialect'
import { nations } from '../../lib/bank-holidays'
import { type CalendarChanges, dayTypes } from '../../lib/workdays'
import { plans } from '../scopes'

export const tenants = table('tenants', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  plan: text('plan', { enum: plans }).notNull(),
  nation: text('nation', { enum: nations }).notNull(),
  timezone: text('timezone').notNull(),
  referencePrefix: text('reference_prefix').notNull(),
  rateLimit: integer('rate_limit'),
  corsOrigins: json<string[]>('cors_origins').notNull().default([]),
  /** Days to resolve a case whose category has no target of its own; null for no target. */
  targetDays: integer('target_days').default(10),
  targetDayType: text('target_day_type', { enum: dayTypes }).notNull().default('working'),
  /** Working days after which a resolved case is closed; null for never. */
  reopenWindowDays: integer('reopen_window_days').default(5),
  /** Where the council's days off differ from its nation's bank holidays. */
  calendar: json<CalendarChanges>('calendar').notNull().default({ added: [], removed: [] }),
  /** Months that a closed case is kept; null for no automatic erasure. */
  retentionMonths: integer('retention_months').default(24),
  /** Published figures below this are left out. */
  publicMinCell: integer('public_min_cell').notNull().default(5),
  /** True if webhook endpoints may ask for personal data. */
  webhooksPersonalData: boolean('webhooks_personal_data').notNull().default(false),
  open311Enabled: boolean('open311_enabled').notNull().default(false),
  /** The council's own website, for links in feeds; null if it is not known. */
  website: text('website'),
  /** Address of the page of one news item, with {slug} or {id} in it. */
  newsPage: text('news_page'),
  /** Address of the page of one event, with {id} in it. */
  eventPage: text('event_page'),
  /** Address of the page of one public case, with {reference} in it. */
  casePage: text('case_page'),
  /** True if admins need a second factor to use the dashboard. */
  requireSecondFactor: boolean('require_second_factor').notNull().default(true),
  /** When the public part of each last changed; null if it never did. */
  newsChangedAt: timestamp('news_changed_at'),
  eventsChangedAt: timestamp('events_changed_at'),
  casesChangedAt: timestamp('cases_changed_at'),
  /** Grows with every change to the council's data. */
  revision: integer('revision').notNull().default(0),
  createdAt: timestamp('created_at').notNull(),
  updatedAt: timestamp('updated_at').notNull(),
})

export type TenantRow = typeof tenants.$inferSelect

type PartOf<Column> = Column extends `${infer Part}ChangedAt` ? Part : never

/** A public part with feeds of its own; each has a `…ChangedAt` column above. */
export type PublicPart = PartOf<keyof TenantRow>

/** Facts about the store itself, such as whether its keys are live or test keys. */
export const storeFacts = table('store_facts', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
})
