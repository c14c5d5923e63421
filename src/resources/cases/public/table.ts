import { tenants } from '../../../core/tenants/table'
import { table, text } from '../../../db/dialect'
import { cases } from '../table'

/** The secret with which a resident can follow their case. */
export const caseTrackers = table('case_trackers', {
  caseId: text('case_id')
    .primaryKey()
    .references(() => cases.id),
  tenantId: text('tenant_id')
    .notNull()
    .references(() => tenants.id),
  /** SHA-256. */
  hash: text('hash').notNull(),
})
