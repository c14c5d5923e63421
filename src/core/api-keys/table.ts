import { index, integer, json, primaryKey, table, text, timestamp } from '../../db/dialect'
import type { Scope } from '../scopes'
import { tenants } from '../tenants/table'
import { users } from '../users/table'

export const apiKeys = table(
  'api_keys',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    /** Environment and first four characters; with the last four, all of the key that is ever shown again. */
    prefix: text('prefix').notNull(),
    lastFour: text('last_four').notNull(),
    /** SHA-256 of the whole key. */
    hash: text('hash').notNull().unique(),
    scopes: json<Scope[]>('scopes').notNull(),
    /** CIDR ranges that may use the key; empty for any. */
    ipAllow: json<string[]>('ip_allow').notNull(),
    actingUserId: text('acting_user_id').references(() => users.id),
    expiresAt: timestamp('expires_at'),
    revokedAt: timestamp('revoked_at'),
    /** The key that replaced this one. */
    replacedById: text('replaced_by_id'),
    lastUsedAt: timestamp('last_used_at'),
    createdAt: timestamp('created_at').notNull(),
  },
  (t) => [index('api_keys_tenant').on(t.tenantId, t.createdAt)],
)

export type ApiKeyRow = typeof apiKeys.$inferSelect

/** Requests by key and hour, and how many of them were refused for exceeding the rate limit. */
export const keyUsage = table(
  'key_usage',
  {
    keyId: text('key_id')
      .notNull()
      .references(() => apiKeys.id),
    /** The start of the hour. */
    hour: timestamp('hour').notNull(),
    requests: integer('requests').notNull(),
    limited: integer('limited').notNull(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.hour] }), index('key_usage_hour').on(t.hour)],
)
