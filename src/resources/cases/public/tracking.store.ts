import { eq } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { sha256 } from '../../../lib/hash'
import { caseTrackers } from './tracking.table'

/** Keeps what a resident must know to be told how their case stands. */
export async function insertTracker(w: Writer, caseId: string, secret: string): Promise<void> {
  await w.db.insert(caseTrackers).values({ caseId, tenantId: w.tenantId, hash: sha256(secret) })
}

/** SHA-256 of the secret of a case; undefined where it has none. */
export async function findTrackerHash(ctx: Ctx, caseId: string): Promise<string | undefined> {
  const [row] = await ctx.db.select().from(caseTrackers).where(eq(caseTrackers.caseId, caseId)).limit(1)
  return row?.hash
}
