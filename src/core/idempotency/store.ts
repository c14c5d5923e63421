import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { engineOf } from '../../db/engine'
import { AppError } from '../../lib/errors'
import { seal, unseal } from '../../lib/seal'
import type { Maintainer, Writer } from '../ctx'
import { idempotencyRecords } from './table'

const keptMs = 24 * 3_600_000
const purgedAtOnce = 1_000

const { tenantId, actorId, key, expiresAt } = idempotencyRecords

/** Answers may hold personal data: each is sealed, for the caller and key that it was given to. */
const bindingOf = (tenant: string, actor: string, name: string) =>
  JSON.stringify(['answer', tenant, actor, name])

/** Takes the request's key for as long as it is being answered; throws where another request has it. */
export async function claimKey(w: Writer): Promise<void> {
  const { idempotency, actor, db } = w
  if (!idempotency) return
  const word = JSON.stringify(['idempotency', w.tenantId, actor.id, idempotency.key])
  if (!(await engineOf(db).tryAdvisoryLock(db, word))) {
    throw new AppError('conflict', 'The first request with this Idempotency-Key is still running', {
      retryAfter: 1,
    })
  }
}

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
  const { answer } = record
  // Answers kept by an earlier version stand as they were given.
  if (typeof answer !== 'string') return { answer }
  return {
    answer: JSON.parse(unseal(w.secrets.seal, answer, bindingOf(w.tenantId, w.actor.id, idempotency.key))),
  }
}

/** Keeps the answer for 24 hours, in place of one that has expired. */
export async function keepAnswer(w: Writer, answer: unknown): Promise<void> {
  const { idempotency } = w
  if (!idempotency) return
  const kept = {
    fingerprint: idempotency.fingerprint,
    answer: seal(w.secrets.seal, JSON.stringify(answer), bindingOf(w.tenantId, w.actor.id, idempotency.key)),
    expiresAt: new Date(w.clock.now().getTime() + keptMs),
  }
  await w.db
    .insert(idempotencyRecords)
    .values({ tenantId: w.tenantId, actorId: w.actor.id, key: idempotency.key, ...kept })
    .onConflictDoUpdate({
      target: same(tenantId, actorId, key),
      set: kept,
    })
}

const lookedAtOnce = 500

/** Forgets every answer of the tenant in which this id stands: what it is of is being erased. */
export async function forgetAnswersAbout(w: Writer, id: string): Promise<void> {
  let lastActor = ''
  let lastKey = ''
  for (;;) {
    const records = await w.db
      .select()
      .from(idempotencyRecords)
      .where(and(eq(tenantId, w.tenantId), sql`(${actorId}, ${key}) > (${lastActor}, ${lastKey})`))
      .orderBy(asc(actorId), asc(key))
      .limit(lookedAtOnce)
    for (const record of records) {
      if (textOf(w, record).includes(id)) await deleteAnswer(w, record)
      lastActor = record.actorId
      lastKey = record.key
    }
    if (records.length < lookedAtOnce) return
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

/** Where answers lie that have expired; 1,000 at most. */
export const listExpiredAnswers = (db: Db, now: Date) =>
  db
    .select({ tenantId, actorId, key })
    .from(idempotencyRecords)
    .where(lte(expiresAt, now))
    .limit(purgedAtOnce)

export async function deleteAnswers(m: Maintainer, answers: Awaited<ReturnType<typeof listExpiredAnswers>>) {
  for (const answer of answers) await deleteAnswer(m, answer)
}
