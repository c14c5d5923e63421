import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { bound, prepared, preparedInsert } from '../../db/prepared'
import type { Ctx, Maintainer, Secrets, Writer } from '../ctx'
import { tenants } from '../tenants/table'
import { chainHash, type Head, headMac, isBeginning, isHead } from './chain'
import { type AuditRow, auditEntries, auditHeads } from './table'

type NewEntry = Pick<AuditRow, 'action' | 'entity' | 'entityId' | 'changes'>

const headOf = prepared((db) =>
  db
    .select()
    .from(auditHeads)
    .where(eq(auditHeads.tenantId, bound(db, 'tenantId')))
    .prepare(),
)

const insertEntry = preparedInsert(auditEntries)

/** The chain's end while a change is being made; stored once, when the change is complete. */
const pendingHeads = new WeakMap<Writer, Head>()

export async function appendAudit(w: Writer, entry: NewEntry): Promise<void> {
  const last = pendingHeads.get(w) ?? (await findHead(w))
  const row = {
    tenantId: w.tenantId,
    seq: last.seq + 1,
    id: w.newId(),
    at: w.clock.now(),
    actorType: w.actor.type,
    actorId: w.actor.id,
    actorName: w.actor.name,
    actorIp: w.actor.ip,
    requestId: w.requestId,
    ...entry,
  }
  const hash = chainHash(w.secrets.audit[0].key, last.hash, row)
  await insertEntry(w.db, { ...row, hash })
  pendingHeads.set(w, { seq: row.seq, hash })
}

const headAndLastOf = prepared((db) =>
  db
    .select({
      seq: auditHeads.seq,
      hash: auditHeads.hash,
      mac: auditHeads.mac,
      last: sql<
        number | null
      >`(select max(seq) from ${auditEntries} where tenant_id = ${bound(db, 'tenantId')})`,
    })
    .from(auditHeads)
    .where(eq(auditHeads.tenantId, bound(db, 'tenantId')))
    .prepare(),
)

/** If somebody has deleted or moved the stored end, an entry in the chain says so: a foreign end is never sealed. */
async function findHead(w: Writer): Promise<Head> {
  const [head] = await headAndLastOf(w.db).execute({ tenantId: w.tenantId })
  const keys = w.secrets.audit.map(({ key }) => key)
  if (head && isHead(keys, w.tenantId, head) && Number(head.last) <= head.seq) return head
  const last = (await lastEntry(w.db, w.tenantId)) ?? { seq: 0, hash: '' }
  if (!head && last.seq === 0) return last
  pendingHeads.set(w, last)
  const changes = { seq: { from: head?.seq ?? null, to: last.seq } }
  await appendAudit(w, { action: 'audit.end_lost', entity: 'audit', entityId: w.tenantId, changes })
  return pendingHeads.get(w) as Head
}

/** The number of the last entry; 0 if there is none. */
export async function readHead({ db, tenantId }: Ctx): Promise<number> {
  const [head] = await headOf(db).execute({ tenantId })
  return head?.seq ?? 0
}

async function lastEntry(db: Db, tenantId: string): Promise<Head | undefined> {
  const [last] = await db
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.tenantId, tenantId))
    .orderBy(desc(auditEntries.seq))
    .limit(1)
  return last
}

const putHead = prepared((db) =>
  db
    .insert(auditHeads)
    .values({
      tenantId: sql.placeholder('tenantId'),
      seq: sql.placeholder('seq'),
      hash: sql.placeholder('hash'),
      mac: sql.placeholder('mac'),
    })
    .onConflictDoUpdate({
      target: same(auditHeads.tenantId),
      set: { seq: sql`excluded.seq`, hash: sql`excluded.hash`, mac: sql`excluded.mac` },
    })
    .prepare(),
)

/** Stores the chain's end after this change. */
export async function storeHead(w: Writer): Promise<void> {
  const head = pendingHeads.get(w)
  if (head) await putHead(w.db).execute(sealedHead(w.secrets, w.tenantId, head))
}

const sealedHead = ({ audit }: Pick<Secrets, 'audit'>, tenantId: string, head: Head) => ({
  tenantId,
  ...head,
  mac: headMac(audit[0].key, tenantId, head),
})

/** Stores the ends of chains from before ends were stored. */
export async function backfillHeads({ db }: Maintainer, secrets: Secrets): Promise<void> {
  for (const { id } of await db.select({ id: tenants.id }).from(tenants)) {
    const last = await lastEntry(db, id)
    if (last)
      await db
        .insert(auditHeads)
        .values(sealedHead(secrets, id, last))
        .onConflictDoNothing()
  }
}

/** For the log: kept elsewhere, it can prove where a chain ended. */
export const listHeads = (db: Db) =>
  db
    .select({ tenant: tenants.slug, seq: auditHeads.seq, hash: auditHeads.hash })
    .from(auditHeads)
    .innerJoin(tenants, eq(tenants.id, auditHeads.tenantId))
    .orderBy(asc(tenants.slug))
    .limit(10_000)

/** The number of each chain's last entry, by the council's slug. */
export type ChainEnds = Record<string, number>

export const chainEnds = async (db: Db): Promise<ChainEnds> =>
  Object.fromEntries((await listHeads(db)).map(({ tenant, seq }) => [tenant, seq]))

const perRead = 500

export type Verified = { entries: number; firstBroken: number | null }

/**
 * Checks a council's chain against the keys, up to its stored end. `entries` is how many are intact from the first on,
 * `firstBroken` the number of the first that is altered or missing.
 */
export async function verifyChain(
  db: Db,
  secrets: Pick<Secrets, 'audit'>,
  tenantId: string,
): Promise<Verified> {
  const keys = secrets.audit.map(({ key }) => key)
  const { last, head } = await readEnd(db, tenantId)
  let [entries, previous] = [0, '']
  for (;;) {
    const rows = await db
      .select()
      .from(auditEntries)
      .where(
        and(eq(auditEntries.tenantId, tenantId), gt(auditEntries.seq, entries), lte(auditEntries.seq, last)),
      )
      .orderBy(asc(auditEntries.seq))
      .limit(perRead)
    for (const { hash, ...entry } of rows) {
      const isRight = entry.seq === entries + 1 && (entries > 0 || isBeginning(entry))
      if (!isRight || !keys.some((key) => chainHash(key, previous, entry) === hash)) {
        return { entries, firstBroken: entries + 1 }
      }
      entries++
      previous = hash
    }
    if (rows.length < perRead) break
    // Lets other requests run.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const isWhole =
    head !== undefined && entries === head.seq && previous === head.hash && isHead(keys, tenantId, head)
  return { entries, firstBroken: isWhole ? null : entries + 1 }
}

/** One query, so that both are of the same moment. */
async function readEnd(
  db: Db,
  tenantId: string,
): Promise<{ last: number; head: (Head & { mac: string }) | undefined }> {
  const [row] = await db
    .select({
      last: sql<number>`coalesce((select max(seq) from ${auditEntries} where tenant_id = ${tenantId}), 0)`,
      seq: auditHeads.seq,
      hash: auditHeads.hash,
      mac: auditHeads.mac,
    })
    .from(tenants)
    .leftJoin(auditHeads, eq(auditHeads.tenantId, tenants.id))
    .where(eq(tenants.id, tenantId))
  const { last = 0, seq, hash, mac } = row ?? {}
  const head = seq == null || hash == null || mac == null ? undefined : { seq, hash, mac }
  return { last: Number(last), head }
}
