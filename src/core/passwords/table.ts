import { index, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

const linkPurposes = ['invitation', 'reset'] as const
export type LinkPurpose = (typeof linkPurposes)[number]

/** One-time links for setting a password. */
export const passwordLinks = table(
  'password_links',
  {
    /** SHA-256 of the token in the link. */
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    purpose: text('purpose', { enum: linkPurposes }).notNull(),
    createdAt: timestamp('created_at').notNull(),
    expiresAt: timestamp('expires_at').notNull(),
  },
  (t) => [index('password_links_user').on(t.userId), index('password_links_expiry').on(t.expiresAt)],
)

export type PasswordLinkRow = typeof passwordLinks.$inferSelect
