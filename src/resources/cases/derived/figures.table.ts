import { tenants } from '../../../core/tenants/table'
import { boolean, index, integer, primaryKey, table, text, timestamp } from '../../../db/dialect'
import { cases } from '../table'

/**
 * Every time a case was finished, resolved or closed outright, and when it was taken up again: what reports know of the
 * past. Ward and category are those of the case now.
 */
export const caseEndings = table(
  'case_endings',
  {
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    /** The case's first ending is 1. */
    cycle: integer('cycle').notNull(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    endedAt: timestamp('ended_at').notNull(),
    reopenedAt: timestamp('reopened_at'),
    wardId: text('ward_id'),
    categoryId: text('category_id'),
    /** What repeats another case is not counted a second time. */
    isDuplicate: boolean('is_duplicate').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.caseId, t.cycle] }),
    index('case_endings_time').on(t.tenantId, t.endedAt, t.reopenedAt, t.isDuplicate, t.wardId, t.categoryId),
  ],
)

export type EndingRow = typeof caseEndings.$inferSelect

/**
 * What is counted a day: cases received; those resolved and closed, as they stand now; how many endings there were,
 * and how many were taken up again.
 */
export const countedKinds = ['received', 'resolved', 'closed', 'ended', 'reopened'] as const
export type CountedKind = (typeof countedKinds)[number]

/** Stands for every ward or category in the counts of days. */
export const everywhere = '*'

/**
 * Kept with every change, so that a report over any time needs no counting: for each ward and category together, for
 * each of them alone and for the whole council.
 */
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
