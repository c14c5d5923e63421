import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { prepared, preparedInsert } from '../../db/prepared'
import type { Secrets, Writer } from '../ctx'
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

const verifiedAtOnce = 5_000

/** Whether every entry of a council's chain holds under one of the keys: how many there are, and the first that does not. */
export async function verifyChain(
  db: Db,
  secrets: Pick<Secrets, 'audit'>,
  tenantId: string,
): Promise<{ entries: number; firstBroken: number | null }> {
  let [entries, previous] = [0, '']
  for (;;) {
    const rows = await db
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.tenantId, tenantId), gt(auditEntries.seq, entries)))
      .orderBy(asc(auditEntries.seq))
      .limit(verifiedAtOnce)
    if (rows.length === 0) return { entries, firstBroken: null }
    for (const { hash, ...entry } of rows) {
      const isRight = entry.seq === entries + 1
      if (!isRight || !secrets.audit.some(({ key }) => chainHash(key, previous, entry) === hash)) {
        return { entries, firstBroken: entries + 1 }
      }
      entries++
      previous = hash
    }
  }
}
