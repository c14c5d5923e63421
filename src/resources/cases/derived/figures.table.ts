import { tenants } from '../../../core/tenants/table'
import { boolean, index, integer, primaryKey, table, text, timestamp } from '../../../db/dialect'
import { cases } from '../table'

/** Every time a case was resolved or closed, and reopened; with its present ward and category. */
export const caseEndings = table(
  'case_endings',
  {
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    /** Counts from 1. */
    cycle: integer('cycle').notNull(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    endedAt: timestamp('ended_at').notNull(),
    reopenedAt: timestamp('reopened_at'),
    wardId: text('ward_id'),
    categoryId: text('category_id'),
    /** Duplicates are left out of reports. */
    isDuplicate: boolean('is_duplicate').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.caseId, t.cycle] }),
    index('case_endings_time').on(t.tenantId, t.endedAt, t.reopenedAt, t.isDuplicate, t.wardId, t.categoryId),
  ],
)

export type EndingRow = typeof caseEndings.$inferSelect

/** `resolved` and `closed` count cases that are so now; `ended` and `reopened` count every occurrence. */
const countedKinds = ['received', 'resolved', 'closed', 'ended', 'reopened'] as const
export type CountedKind = (typeof countedKinds)[number]

/** Means all wards or all categories. */
export const everywhere = '*'

/** Daily counts, so that a report over any period needs no counting. */
export const caseDays = table(
  'case_days',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    kind: text('kind', { enum: countedKinds }).notNull(),
    /** Local dates, as days since 1970-01-01. */
    day: integer('day').notNull(),
    /** Empty for cases without one. */
    wardId: text('ward_id').notNull(),
    categoryId: text('category_id').notNull(),
    cases: integer('cases').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.wardId, t.categoryId, t.kind, t.day] })],
)
