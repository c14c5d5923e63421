import { index, integer, json, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

/** Who is signed in to the dashboard. */
export const sessions = table(
  'sessions',
  {
    /** SHA-256 of the token that the browser has: a copy of the store signs nobody in. */
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: timestamp('created_at').notNull(),
    expiresAt: timestamp('expires_at').notNull(),
    /** When the second factor was shown; null where it was not, or is not asked for. */
    secondFactorAt: timestamp('second_factor_at'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
)

export type SessionRow = typeof sessions.$inferSelect

/** The authenticator app of a user, and the codes for the day it is lost. */
export const secondFactors = table('second_factors', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id),
  tenantId: text('tenant_id')
    .notNull()
    .references(() => tenants.id),
  /** The shared secret in base32, sealed. */
  secret: text('secret').notNull(),
  /** When a code of it was first shown; until then it is asked of nobody. */
  confirmedAt: timestamp('confirmed_at'),
  /** The time step of the last code that was taken: each is good once. */
  lastStep: integer('last_step').notNull().default(0),
  /** SHA-256 of the recovery codes that are left. */
  recoveryHashes: json<string[]>('recovery_hashes').notNull().default([]),
  createdAt: timestamp('created_at').notNull(),
})

export type SecondFactorRow = typeof secondFactors.$inferSelect

export const linkPurposes = ['invitation', 'reset'] as const
export type LinkPurpose = (typeof linkPurposes)[number]

/** Links by which a user sets a password, good once. */
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
