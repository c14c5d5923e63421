import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { engineOf } from '../../db/engine'
import { AppError } from '../../lib/errors'
import { seal, unseal } from '../../lib/seal'
import type { Maintainer, Writer } from '../ctx'
import { idempotencyRecords } from './table'

const lifetimeMs = 24 * 3_600_000
const perRound = 1_000

const { tenantId, actorId, key, expiresAt } = idempotencyRecords

/** Answers may contain personal data, so each is sealed, for its own caller and key. */
const bindingOf = (tenant: string, actor: string, name: string) =>
  JSON.stringify(['answer', tenant, actor, name])

/** Locks the request's key for the transaction; throws if another request holds it. */
export async function claimKey(w: Writer): Promise<void> {
  const { idempotency, actor, db } = w
  if (!idempotency) return
  const lock = JSON.stringify(['idempotency', w.tenantId, actor.id, idempotency.key])
  if (!(await engineOf(db).tryAdvisoryLock(db, lock))) {
    throw new AppError('conflict', 'The first request with this Idempotency-Key is still running', {
      retryAfter: 1,
    })
  }
}

/** The stored answer for this request's key; throws if the key was used for a different request. */
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
  const { answer } = record
  // An earlier version stored answers unsealed.
  if (typeof answer !== 'string') return { answer }
  const opened = unseal(w.secrets.seal, answer, bindingOf(w.tenantId, w.actor.id, idempotency.key))
  if (opened === null) {
    w.log.error('a kept answer cannot be opened', { requestId: w.requestId })
    throw new AppError(
      'conflict',
      'This was done, but its answer can no longer be read: look for what it made before you send it under another Idempotency-Key',
    )
  }
  return { answer: JSON.parse(opened) }
}

/** Stores the answer for 24 hours, in place of an expired one. */
export async function storeAnswer(w: Writer, answer: unknown): Promise<void> {
  const { idempotency } = w
  if (!idempotency) return
  const stored = {
    fingerprint: idempotency.fingerprint,
    answer: seal(w.secrets.seal, JSON.stringify(answer), bindingOf(w.tenantId, w.actor.id, idempotency.key)),
    expiresAt: new Date(w.clock.now().getTime() + lifetimeMs),
  }
  await w.db
    .insert(idempotencyRecords)
    .values({ tenantId: w.tenantId, actorId: w.actor.id, key: idempotency.key, ...stored })
    .onConflictDoUpdate({
      target: same(tenantId, actorId, key),
      set: stored,
    })
}

const perRead = 500

/** For erasure: deletes the council’s stored answers that mention the id, or that nobody can read any more. */
export async function forgetAnswersAbout(w: Writer, id: string): Promise<void> {
  let lastActor = ''
  let lastKey = ''
  for (;;) {
    const records = await w.db
      .select()
      .from(idempotencyRecords)
      .where(and(eq(tenantId, w.tenantId), sql`(${actorId}, ${key}) > (${lastActor}, ${lastKey})`))
      .orderBy(asc(actorId), asc(key))
      .limit(perRead)
    for (const record of records) {
      if (textOf(w, record)?.includes(id) ?? true) await deleteAnswer(w, record)
      lastActor = record.actorId
      lastKey = record.key
    }
    if (records.length < perRead) return
  }
}

function textOf(w: Writer, { actorId: actor, key: name, answer }: typeof idempotencyRecords.$inferSelect) {
  if (typeof answer !== 'string') return JSON.stringify(answer)
  return unseal(w.secrets.seal, answer, bindingOf(w.tenantId, actor, name))
}

type Place = Pick<typeof idempotencyRecords.$inferSelect, 'tenantId' | 'actorId' | 'key'>

const deleteAnswer = ({ db }: { db: Db }, place: Place) =>
  db
    .delete(idempotencyRecords)
    .where(and(eq(tenantId, place.tenantId), eq(actorId, place.actorId), eq(key, place.key)))

/** Keys of expired answers; 1,000 at most. */
export const listExpiredAnswers = (db: Db, now: Date) =>
  db.select({ tenantId, actorId, key }).from(idempotencyRecords).where(lte(expiresAt, now)).limit(perRound)

export async function deleteAnswers(m: Maintainer, answers: Awaited<ReturnType<typeof listExpiredAnswers>>) {
  for (const answer of answers) await deleteAnswer(m, answer)
}
