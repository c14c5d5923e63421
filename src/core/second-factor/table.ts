import { integer, json, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

/** A user's authenticator app, and recovery codes in case they lose it. */
export const secondFactors = table('second_factors', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id),
  tenantId: text('tenant_id')
    .notNull()
    .references(() => tenants.id),
  /** The shared secret in base32, sealed; until it is confirmed, followed by the id of the session that it was shown in. */
  secret: text('secret').notNull(),
  /** When the app's first code was given; until then no code is asked for. */
  confirmedAt: timestamp('confirmed_at'),
  /** Time step of the last accepted code: each code works once. */
  lastStep: integer('last_step').notNull().default(0),
  /** SHA-256 of the unused recovery codes. */
  recoveryHashes: json<string[]>('recovery_hashes').notNull().default([]),
  createdAt: timestamp('created_at').notNull(),
})

export type SecondFactorRow = typeof secondFactors.$inferSelect
