import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import { all, atLeast, equals, same, withoutIndex } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { engineOf } from '../../db/engine'
import { preparedByForm } from '../../db/prepared'
import { AppError } from '../../lib/errors'
import { seal, unseal } from '../../lib/seal'
import type { Ctx, Maintainer, Writer } from '../ctx'
import { idempotencyRecords } from './table'

const lifetimeMs = 24 * 3_600_000
const twinLifetimeMs = 3_600_000
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
  if (!record) {
    await assertNoTwin(w)
    return undefined
  }
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

/** Throws if another request sent the same content within the last hour. */
async function assertNoTwin(w: Writer): Promise<void> {
  const twin = w.idempotency?.twin
  if (twin === undefined) return
  const [record] = await w.db
    .select({ key })
    .from(idempotencyRecords)
    .where(
      and(eq(tenantId, w.tenantId), eq(actorId, w.actor.id), eq(key, twin), gt(expiresAt, w.clock.now())),
    )
    .limit(1)
  if (record) throw new AppError('conflict', 'The same was sent before', { isTwin: true })
}

/** Stores the answer for 24 hours, in place of an expired one. */
export async function storeAnswer(w: Writer, answer: unknown): Promise<void> {
  const { idempotency } = w
  if (!idempotency) return
  const { fingerprint, twin } = idempotency
  const now = w.clock.now().getTime()
  await put(w, idempotency.key, {
    fingerprint,
    answer: seal(w.secrets.seal, JSON.stringify(answer), bindingOf(w.tenantId, w.actor.id, idempotency.key)),
    expiresAt: new Date(now + lifetimeMs),
  })
  if (twin !== undefined) {
    await put(w, twin, { fingerprint, answer: null, expiresAt: new Date(now + twinLifetimeMs) })
  }
}

type Kept = Pick<Stored, 'fingerprint' | 'answer' | 'expiresAt'>

async function put(w: Writer, name: string, stored: Kept): Promise<void> {
  await w.db
    .insert(idempotencyRecords)
    .values({ tenantId: w.tenantId, actorId: w.actor.id, key: name, ...stored })
    .onConflictDoUpdate({
      target: same(tenantId, actorId, key),
      set: stored,
    })
}

const perRead = 500

type Stored = typeof idempotencyRecords.$inferSelect
type Place = Pick<Stored, 'tenantId' | 'actorId' | 'key'>

/** Where the council's stored answers are that mention any of the ids, by id. Each answer is opened once. */
export async function findAnswersAbout(ctx: Ctx, ids: ReadonlySet<string>): Promise<Map<string, Place[]>> {
  const found = new Map<string, Place[]>()
  let [lastActor, lastKey] = ['', '']
  for (;;) {
    const records = await ctx.db
      .select()
      .from(idempotencyRecords)
      .where(and(eq(tenantId, ctx.tenantId), sql`(${actorId}, ${key}) > (${lastActor}, ${lastKey})`))
      .orderBy(asc(actorId), asc(key))
      .limit(perRead)
    noteMentions(ctx, records, ids, found)
    const last = records.at(-1)
    if (!last || records.length < perRead) return found
    lastActor = last.actorId
    lastKey = last.key
  }
}

/** Copies of Reeve may have clocks that differ, and a clock may be put back. */
const clockSkewMs = 10 * 60_000

/** Like `findAnswersAbout`, only those stored since then. */
export async function findAnswersSince(
  ctx: Ctx,
  ids: ReadonlySet<string>,
  since: Date,
): Promise<Map<string, Place[]>> {
  const found = new Map<string, Place[]>()
  const expiresFrom = new Date(since.getTime() + lifetimeMs - clockSkewMs)
  const mine = withoutIndex(equals(tenantId, ctx.tenantId))
  const where = all([mine, atLeast(expiresAt, expiresFrom)])
  noteMentions(ctx, await selectRecords(ctx.db, { where }), ids, found)
  return found
}

const selectRecords = preparedByForm<Stored>((db, { where }) =>
  db.select().from(idempotencyRecords).where(where),
)

const idForm = /(?<![a-z0-9])[a-z][a-z0-9]{23}(?![a-z0-9])/g

function noteMentions(
  ctx: Ctx,
  records: readonly Stored[],
  ids: ReadonlySet<string>,
  found: Map<string, Place[]>,
): void {
  // One that nobody can read any more may be about any of them, and is of no use.
  const [any = ''] = ids
  for (const record of records) {
    const text = textOf(ctx, record)
    for (const id of new Set(text === null ? [any] : text.match(idForm))) {
      if (ids.has(id)) found.set(id, [...(found.get(id) ?? []), record])
    }
  }
}

/** Null if nobody can read it. */
function textOf(ctx: Ctx, { actorId: actor, key: name, answer }: Stored): string | null {
  if (typeof answer !== 'string') return JSON.stringify(answer)
  return unseal(ctx.secrets.seal, answer, bindingOf(ctx.tenantId, actor, name))
}

const deleteAnswer = ({ db }: { db: Db }, place: Place) =>
  db
    .delete(idempotencyRecords)
    .where(and(eq(tenantId, place.tenantId), eq(actorId, place.actorId), eq(key, place.key)))

/** Keys of expired answers; 1,000 at most. */
export const listExpiredAnswers = (db: Db, now: Date) =>
  db.select({ tenantId, actorId, key }).from(idempotencyRecords).where(lte(expiresAt, now)).limit(perRound)

export async function deleteAnswers(m: Maintainer | Writer, answers: readonly Place[]): Promise<void> {
  for (const answer of answers) await deleteAnswer(m, answer)
}
