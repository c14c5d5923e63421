import { desc, eq, sql } from 'drizzle-orm'
import { prepared, preparedInsert } from '../../db/prepared'
import type { Writer } from '../ctx'
import { chainHash } from './chain'
import { type AuditRow, auditEntries } from './table'

type NewEntry = Pick<AuditRow, 'action' | 'entity' | 'entityId' | 'changes'>

const lastEntry = prepared((db) =>
  db
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.tenantId, sql.placeholder('tenantId')))
    .orderBy(desc(auditEntries.seq))
    // Written out: a bound limit is planned anew at every change.
    .limit(sql`1` as unknown as number)
    .prepare(),
)

const insertEntry = preparedInsert(auditEntries)

/** Appends an entry to the tenant's chain. */
export async function appendAudit(w: Writer, entry: NewEntry): Promise<void> {
  const [last] = await lastEntry(w.db).execute({ tenantId: w.tenantId })
  const row = {
    tenantId: w.tenantId,
    seq: (last?.seq ?? 0) + 1,
    id: w.newId(),
    at: w.clock.now(),
    actorType: w.actor.type,
    actorId: w.actor.id,
    actorName: w.actor.name,
    actorIp: w.actor.ip,
    requestId: w.requestId,
    ...entry,
  }
  await insertEntry(w.db, { ...row, hash: chainHash(w.secrets.audit[0].key, last?.hash ?? '', row) })
}
