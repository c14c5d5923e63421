import { index, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

/** Forms of the dashboard that were sent after the session had ended, until their author is back. */
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
    /** SHA-256 of the token that the browser which sent it holds. */
    browser: text('browser').notNull(),
    /** Sealed text: it may hold residents’ details. */
    form: text('form').notNull(),
    expiresAt: timestamp('expires_at').notNull(),
  },
  (t) => [index('kept_forms_user').on(t.userId), index('kept_forms_expiry').on(t.expiresAt)],
)

export type KeptFormRow = typeof keptForms.$inferSelect
