import { and, eq, gt, lte } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { AppError } from '../../lib/errors'
import type { Maintainer, Writer } from '../ctx'
import { idempotencyRecords } from './table'

const keptMs = 24 * 3_600_000
const purgedAtOnce = 1_000

const { tenantId, actorId, key, expiresAt } = idempotencyRecords

/** The answer given before under this request's key; throws where it was given to another request. */
export async function recallAnswer(w: Writer): Promise<{ answer: unknown } | undefined> {
  const { idempotency } = w
  if (!idempotency) return undefined
  const [record] = await w.db
    .select()
    .from(idempotencyRecords)
    .where(
      and(
        eq(tenantId, w.tenantId),
        eq(actorId, w.actor.id),
        eq(key, idempotency.key),
        gt(expiresAt, w.clock.now()),
      ),
    )
    .limit(1)
  if (!record) return undefined
  if (record.fingerprint !== idempotency.fingerprint) {
    throw new AppError('unprocessable', 'This Idempotency-Key was used for another request')
  }
  return { answer: record.answer }
}

/** Keeps the answer for 24 hours, in place of one that has expired. */
export async function keepAnswer(w: Writer, answer: unknown): Promise<void> {
  const { idempotency } = w
  if (!idempotency) return
  const kept = {
    fingerprint: idempotency.fingerprint,
    answer,
    expiresAt: new Date(w.clock.now().getTime() + keptMs),
  }
  await w.db
    .insert(idempotencyRecords)
    .values({ tenantId: w.tenantId, actorId: w.actor.id, key: idempotency.key, ...kept })
    .onConflictDoUpdate({
      target: [tenantId, actorId, key],
      set: kept,
    })
}

/** Where answers lie that have expired; 1,000 at most. */
export const listExpiredAnswers = (db: Db, now: Date) =>
  db
    .select({ tenantId, actorId, key })
    .from(idempotencyRecords)
    .where(lte(expiresAt, now))
    .limit(purgedAtOnce)

export async function deleteAnswers(m: Maintainer, answers: Awaited<ReturnType<typeof listExpiredAnswers>>) {
  for (const answer of answers) {
    await m.db
      .delete(idempotencyRecords)
      .where(and(eq(tenantId, answer.tenantId), eq(actorId, answer.actorId), eq(key, answer.key)))
  }
}
