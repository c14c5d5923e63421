import { desc, eq } from 'drizzle-orm'
import type { Writer } from '../ctx'
import { chainHash } from './chain'
import { type AuditRow, auditEntries } from './table'

type NewEntry = Pick<AuditRow, 'action' | 'entity' | 'entityId' | 'changes'>

/** Appends an entry to the tenant's chain. */
export async function appendAudit(w: Writer, entry: NewEntry): Promise<void> {
  const [last] = await w.db
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.tenantId, w.tenantId))
    .orderBy(desc(auditEntries.seq))
    .limit(1)
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
  await w.db.insert(auditEntries).values({ ...row, hash: chainHash(w.auditKey, last?.hash ?? '', row) })
}
