import { sql } from 'drizzle-orm'
import { tenants } from '../../../core/tenants/table'
import { boolean, index, position, table, text, timestamp } from '../../../db/dialect'

const changeKinds = ['changed', 'erased'] as const

/**
 * The order in which cases changed: the last change of each, and every change that may have taken it out of somebody's
 * view. `caseId` is not a foreign key: an erased case stays known as erased.
 */
export const caseChanges = table(
  'case_changes',
  {
    position: position('position'),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    caseId: text('case_id').notNull(),
    kind: text('kind', { enum: changeKinds }).notNull(),
    at: timestamp('at').notNull(),
    /** The assignee or ward changed; the two columns below hold the previous ones. */
    isMove: boolean('is_move').notNull(),
    fromAssigneeId: text('from_assignee_id'),
    fromWardId: text('from_ward_id'),
  },
  (t) => [
    index('case_changes_tenant').on(t.tenantId, t.position),
    index('case_changes_last').on(t.caseId).where(sql`"is_move" = 0`),
  ],
)

export type CaseChangeRow = typeof caseChanges.$inferSelect
