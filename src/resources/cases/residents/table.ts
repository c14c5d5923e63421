import { tenants } from '../../../core/tenants/table'
import { index, primaryKey, table, text } from '../../../db/dialect'
import { cases } from '../table'

/** Kept apart from the case and sealed under the key file; searches compare hashes of whole values. */
export const residents = table(
  'residents',
  {
    caseId: text('case_id')
      .primaryKey()
      .references(() => cases.id),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** JSON of the fields, sealed so that it opens for this case only. */
    sealed: text('sealed').notNull(),
    emailHash: text('email_hash'),
    /** Hash of the first number that they gave. */
    phoneHash: text('phone_hash'),
    postcodeHash: text('postcode_hash'),
  },
  (t) => [
    index('residents_email').on(t.tenantId, t.emailHash),
    index('residents_phone').on(t.tenantId, t.phoneHash),
    index('residents_postcode').on(t.tenantId, t.postcodeHash),
  ],
)

/** Hashes of the further telephone numbers of a resident: people give two or three. */
export const residentPhones = table(
  'resident_phones',
  {
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.hash] }), index('resident_phones_hash').on(t.tenantId, t.hash)],
)

export type ResidentRow = typeof residents.$inferSelect
