import { index, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

/** Who is signed in to the dashboard. */
export const sessions = table(
  'sessions',
  {
    /** SHA-256 of the browser's token, so that a copy of the store signs nobody in. */
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: timestamp('created_at').notNull(),
    expiresAt: timestamp('expires_at').notNull(),
    /** When a code was given; null if it was not, or none is needed. */
    secondFactorAt: timestamp('second_factor_at'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
)

export type SessionRow = typeof sessions.$inferSelect
