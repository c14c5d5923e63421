import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { bound, prepared, preparedInsert } from '../../db/prepared'
import type { Ctx, Maintainer, Secrets, Writer } from '../ctx'
import { tenants } from '../tenants/table'
import { chainHash, type Head, headMac, isHead } from './chain'
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

/** Where the chain stands in a change that is being made; told to the store once, when it is complete. */
const standing = new WeakMap<Writer, Head>()

/** Appends an entry to the tenant's chain. */
export async function appendAudit(w: Writer, entry: NewEntry): Promise<void> {
  const last = standing.get(w) ?? (await findHead(w))
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
  standing.set(w, { seq: row.seq, hash })
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

/**
 * The end of the chain. Where somebody has removed what the store keeps of it, or put it elsewhere, the chain itself tells
 * of that: an end that is not ours is never sealed anew.
 */
async function findHead(w: Writer): Promise<Head> {
  const [head] = await headAndLastOf(w.db).execute({ tenantId: w.tenantId })
  const keys = w.secrets.audit.map(({ key }) => key)
  if (head && isHead(keys, w.tenantId, head) && Number(head.last) <= head.seq) return head
  const last = (await lastEntry(w.db, w.tenantId)) ?? { seq: 0, hash: '' }
  if (!head && last.seq === 0) return last
  standing.set(w, last)
  const changes = { seq: { from: head?.seq ?? null, to: last.seq } }
  await appendAudit(w, { action: 'audit.end_lost', entity: 'audit', entityId: w.tenantId, changes })
  return standing.get(w) as Head
}

/** The number of the last entry; 0 where there is none. */
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

/** Keeps where the chain ends after this change. */
export async function keepHead(w: Writer): Promise<void> {
  const head = standing.get(w)
  if (head) await putHead(w.db).execute(sealedHead(w.secrets, w.tenantId, head))
}

const sealedHead = ({ audit }: Pick<Secrets, 'audit'>, tenantId: string, head: Head) => ({
  tenantId,
  ...head,
  mac: headMac(audit[0].key, tenantId, head),
})

/** Keeps where each chain ends that was begun before ends were kept. */
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

/** Where the chain of every council ends, for the log: whoever keeps logs elsewhere can prove an end by them. */
export const listHeads = (db: Db) =>
  db
    .select({ tenant: tenants.slug, seq: auditHeads.seq, hash: auditHeads.hash })
    .from(auditHeads)
    .innerJoin(tenants, eq(tenants.id, auditHeads.tenantId))
    .orderBy(asc(tenants.slug))
    .limit(10_000)

const verifiedAtOnce = 500

export type Verified = { entries: number; firstBroken: number | null }

/**
 * Whether every entry of a council's chain holds under one of the keys, up to the end that the store keeps: how many hold
 * from the first one on, and the number of the first that does not or is missing.
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
      .limit(verifiedAtOnce)
    for (const { hash, ...entry } of rows) {
      // A chain begins with its council: else what stood before was taken away as a whole.
      const isFirst = entry.seq === 1 && entry.action === 'tenant.create'
      const isRight = entry.seq === entries + 1 && (isFirst || entries > 0)
      if (!isRight || !keys.some((key) => chainHash(key, previous, entry) === hash)) {
        return { entries, firstBroken: entries + 1 }
      }
      entries++
      previous = hash
    }
    if (rows.length < verifiedAtOnce) break
    // Others are answered meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const isWhole =
    head !== undefined && entries === head.seq && previous === head.hash && isHead(keys, tenantId, head)
  return { entries, firstBroken: isWhole ? null : entries + 1 }
}

/** The last entry and the end that was kept, as they were at one moment. */
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
