import { index, json, primaryKey, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'

/** Answers by Idempotency-Key, committed together with the change itself. */
export const idempotencyRecords = table(
  'idempotency_records',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 over method, path, query and body. */
    fingerprint: text('fingerprint').notNull(),
    /** Sealed text. */
    answer: json<unknown>('answer'),
    expiresAt: timestamp('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.actorId, t.key] }),
    index('idempotency_records_expires').on(t.expiresAt),
  ],
)
