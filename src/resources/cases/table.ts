import { sql } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import { tenants } from '../../core/tenants/table'
import { users } from '../../core/users/table'
import {
  boolean,
  index,
  integer,
  json,
  primaryKey,
  ranked,
  real,
  table,
  text,
  timestamp,
  uniqueIndex,
} from '../../db/dialect'
import { dayTypes } from '../../lib/workdays'
import { categories } from '../categories/table'
import { wards } from '../wards/table'

export const caseStatuses = ['open', 'in_progress', 'resolved', 'closed'] as const
export type CaseStatus = (typeof caseStatuses)[number]
export const caseTypes = ['enquiry', 'service_request', 'complaint'] as const
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export const sourceChannels = [
  'web',
  'email',
  'phone',
  'letter',
  'surgery',
  'social',
  'api',
  'open311',
] as const

export const resolutions = [
  'fixed',
  'answered',
  'advice_given',
  'no_further_action',
  'not_responsible',
  'referred',
  'duplicate',
  'withdrawn',
  'no_contact',
] as const
export type Resolution = (typeof resolutions)[number]
export const pendingReasons = [
  'awaiting_constituent',
  'awaiting_department',
  'awaiting_third_party',
  'scheduled',
  'investigating',
] as const
export type PendingReason = (typeof pendingReasons)[number]
export const publicStates = ['draft', 'approved', 'withdrawn'] as const
export type PublicState = (typeof publicStates)[number]
const targetStates = ['none', 'running', 'paused', 'met', 'missed'] as const
export type TargetState = (typeof targetStates)[number]

export const cases = table(
  'cases',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** Grows with every case that comes into the store, imported ones too. */
    position: integer('position').notNull().default(0),
    reference: text('reference').notNull(),
    /** Sorts `CW-2026-10000` after `CW-2026-9999`. */
    referenceYear: integer('reference_year').notNull(),
    referenceNumber: integer('reference_number').notNull(),
    internalRef: text('internal_ref'),
    type: text('type', { enum: caseTypes }).notNull(),
    status: text('status', { enum: caseStatuses }).notNull(),
    priority: ranked('priority', priorities).notNull(),
    sourceChannel: text('source_channel', { enum: sourceChannels }).notNull(),
    summary: text('summary').notNull(),
    description: text('description'),
    publicSummary: text('public_summary'),
    publicState: text('public_state', { enum: publicStates }).notNull().default('draft'),
    publicThemes: json<string[]>('public_themes').notNull(),
    highlightedForPublic: boolean('highlighted_for_public').notNull(),
    wardId: text('ward_id').references(() => wards.id),
    categoryId: text('category_id').references(() => categories.id),
    assigneeId: text('assignee_id').references(() => users.id),
    councillorId: text('councillor_id').references(() => users.id),
    resolution: text('resolution', { enum: resolutions }),
    duplicateOfId: text('duplicate_of_id').references((): AnySQLiteColumn => cases.id),
    pendingReason: text('pending_reason', { enum: pendingReasons }),
    pendingSince: timestamp('pending_since'),
    pendingUntil: timestamp('pending_until'),
    latitude: real('latitude'),
    longitude: real('longitude'),
    address: text('address'),
    postcode: text('postcode'),
    uprn: text('uprn'),
    receivedAt: timestamp('received_at').notNull(),
    acknowledgedAt: timestamp('acknowledged_at'),
    resolvedAt: timestamp('resolved_at'),
    closedAt: timestamp('closed_at'),
    followUpAt: timestamp('follow_up_at'),
    /** The target's days count from receipt, or from the last reopening. */
    targetFrom: timestamp('target_from'),
    dueAt: timestamp('due_at'),
    dueSoonAt: timestamp('due_soon_at'),
    targetDayType: text('target_day_type', { enum: dayTypes }).notNull().default('working'),
    /** Days added to the target while the case waited for others. */
    pausedDays: integer('paused_days').notNull().default(0),
    targetState: text('target_state', { enum: targetStates }).notNull().default('none'),
    /** When to report a breach; null once it has been reported. */
    breachAt: timestamp('breach_at'),
    /** When a resolved case closes by itself. */
    closesAt: timestamp('closes_at'),
    reopenCount: integer('reopen_count').notNull().default(0),
    firstResponseAt: timestamp('first_response_at'),
    /** Times the resident was told something: public notes and updates. */
    responseCount: integer('response_count').notNull().default(0),
    /** Times the case went from one person to another. */
    reassignCount: integer('reassign_count').notNull().default(0),
    archived: boolean('archived').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at').notNull(),
    updatedAt: timestamp('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('cases_reference').on(t.tenantId, t.reference),
    index('cases_reference_order').on(t.tenantId, t.archived, t.referenceYear, t.referenceNumber, t.id),
    index('cases_created').on(t.tenantId, t.archived, t.createdAt, t.id),
    index('cases_updated').on(t.tenantId, t.archived, t.updatedAt, t.id),
    index('cases_priority').on(t.tenantId, t.archived, t.priority, t.id),
    index('cases_status').on(t.tenantId, t.archived, t.status, t.createdAt, t.id),
    index('cases_ward').on(t.tenantId, t.archived, t.wardId, t.status, t.createdAt, t.id),
    index('cases_category').on(t.tenantId, t.archived, t.categoryId, t.createdAt, t.id),
    index('cases_assignee').on(t.tenantId, t.archived, t.assigneeId, t.createdAt, t.id),
    index('cases_due').on(t.tenantId, t.archived, sql`coalesce("due_at", -1)`, t.id),
    index('cases_target').on(t.tenantId, t.archived, t.targetState, t.dueAt, t.dueSoonAt),
    uniqueIndex('cases_position').on(t.position),
    index('cases_duplicates').on(t.duplicateOfId),
    index('cases_internal_ref').on(t.tenantId, t.internalRef).where(sql`"internal_ref" is not null`),
    // Covers everything that reports read: through the rows, with their long texts, they took four times as long.
    index('cases_figures').on(
      t.tenantId,
      t.receivedAt,
      t.acknowledgedAt,
      t.firstResponseAt,
      t.resolvedAt,
      t.closedAt,
      t.dueAt,
      t.dueSoonAt,
      t.status,
      t.resolution,
      t.targetState,
      t.wardId,
      t.categoryId,
      t.assigneeId,
      t.reassignCount,
      t.responseCount,
      t.latitude,
    ),
    index('cases_public').on(t.tenantId, t.updatedAt, t.id).where(sql`"public_state" = 'approved'`),
    index('cases_breach').on(t.targetState, t.breachAt).where(sql`"breach_at" is not null`),
    index('cases_pending_until').on(t.pendingUntil).where(sql`"pending_until" is not null`),
    index('cases_closes').on(t.closesAt).where(sql`"closes_at" is not null`),
  ],
)

export type CaseRow = typeof cases.$inferSelect

/** Cases in each combination, so that totals need no counting. */
export const caseCounters = table(
  'case_counters',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    archived: boolean('archived').notNull(),
    status: text('status', { enum: caseStatuses }).notNull(),
    /** Empty for cases without one. */
    wardId: text('ward_id').notNull(),
    categoryId: text('category_id').notNull(),
    cases: integer('cases').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.archived, t.status, t.wardId, t.categoryId] })],
)

export const caseSequences = table(
  'case_sequences',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    year: integer('year').notNull(),
    last: integer('last').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.year] })],
)
