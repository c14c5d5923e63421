import { tenants } from '../../../core/tenants/table'
import { index, table, text } from '../../../db/dialect'
import { cases } from '../table'

/** Who a case is about, apart from it and sealed under the key file; the hashes find what is equal. */
export const residents = table(
  'residents',
  {
    caseId: text('case_id')
      .primaryKey()
      .references(() => cases.id),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** JSON of the fields, sealed for this case. */
    sealed: text('sealed').notNull(),
    emailHash: text('email_hash'),
    phoneHash: text('phone_hash'),
    postcodeHash: text('postcode_hash'),
  },
  (t) => [
    index('residents_email').on(t.tenantId, t.emailHash),
    index('residents_phone').on(t.tenantId, t.phoneHash),
    index('residents_postcode').on(t.tenantId, t.postcodeHash),
  ],
)

export type ResidentRow = typeof residents.$inferSelect
