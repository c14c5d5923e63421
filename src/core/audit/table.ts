import { index, integer, json, primaryKey, table, text, timestamp } from '../../db/dialect'
import { tenants } from '../tenants/table'

/** Values only where they cannot be personal data. */
export type FieldChange = { from: unknown; to: unknown } | { changed: true }
export type Changes = Record<string, FieldChange>

export const auditEntries = table(
  'audit_entries',
  {
    tenantId: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    seq: integer('seq').notNull(),
    id: text('id').notNull().unique(),
    at: timestamp('at').notNull(),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    actorIp: text('actor_ip'),
    requestId: text('request_id').notNull(),
    action: text('action').notNull(),
    entity: text('entity').notNull(),
    entityId: text('entity_id').notNull(),
    changes: json<Changes>('changes').notNull(),
    /** HMAC over the entry and the previous hash. */
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.seq] }),
    index('audit_entries_entity').on(t.tenantId, t.entity, t.entityId, t.seq),
    index('audit_entries_action').on(t.tenantId, t.action, t.seq),
    index('audit_entries_actor').on(t.tenantId, t.actorId, t.seq),
    index('audit_entries_at').on(t.tenantId, t.at, t.seq),
  ],
)

/** Where each council's chain ends: without it, cutting off the last entries would leave no trace. */
export const auditHeads = table('audit_heads', {
  tenantId: text('tenant_id')
    .primaryKey()
    .references(() => tenants.id),
  seq: integer('seq').notNull(),
  hash: text('hash').notNull(),
  /** HMAC over both, so that nobody else can move the end. */
  mac: text('mac').notNull(),
})

export type AuditRow = typeof auditEntries.$inferSelect
