import { index, json, primaryKey, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'

/** What a write answered under a client's Idempotency-Key, committed with the write itself. */
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
    /** What was answered, as sealed text. */
    answer: json<unknown>('answer'),
    expiresAt: timestamp('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.actorId, t.key] }),
    index('idempotency_records_expires').on(t.expiresAt),
  ],
)
