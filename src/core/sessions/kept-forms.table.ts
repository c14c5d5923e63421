import { index, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

/** Dashboard forms that were sent after the session had ended, until their author has signed in again. */
export const keptForms = table(
  'kept_forms',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    /** SHA-256 of the token in the browser that sent it. */
    browser: text('browser').notNull(),
    /** Sealed text: it may hold residents’ details. */
    form: text('form').notNull(),
    expiresAt: timestamp('expires_at').notNull(),
  },
  (t) => [index('kept_forms_user').on(t.userId), index('kept_forms_expiry').on(t.expiresAt)],
)

export type KeptFormRow = typeof keptForms.$inferSelect
