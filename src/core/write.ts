import { unavailable } from '../lib/errors'
import type { Action } from './about'
import { describeChanges } from './audit/chain'
import { appendAudit, keepHead } from './audit/store'
import type { Written } from './change'
import type { Ctx, Deps, Maintainer, Writer } from './ctx'
import { claimKey, keepAnswer, recallAnswer } from './idempotency/store'
import { appendEvents } from './outbox/store'
import { bumpRevision, lockTenant } from './tenants/store'

/**
 * The one way to change a tenant's data. `fn` runs in a transaction; the revision, audit entries, outbox events and
 * the answer under an idempotency key go in with its changes, all or nothing. Under a key that was used before `fn`
 * does not run: the caller gets the first answer. `action` names what was done, such as `case.create`.
 */
export function write<T>(ctx: Ctx, action: Action, fn: (w: Writer) => Promise<Written<T>>): Promise<T> {
  return inOrder(ctx, async (w) => {
    const recalled = await recallAnswer(w)
    if (recalled && w.idempotency) {
      w.idempotency.isReplayed = true
      return recalled.answer as T
    }
    const { changes, result, again = result } = await fn(w)
    const parts = new Set(changes.flatMap(({ publicPart = [] }) => publicPart))
    if (changes.length > 0) await bumpRevision(w, parts)
    for (const { entity, id, before, after, safe, events = [] } of changes) {
      await appendAudit(w, { action, entity, entityId: id, changes: describeChanges(before, after, safe) })
      await appendEvents(
        w,
        events.map(({ name, data, personal = null, id: eventId = w.newId() }) => ({
          id: eventId,
          event: name,
          entity,
          entityId: id,
          data,
          personal,
        })),
      )
    }
    await keepAnswer(w, again)
    return result
  })
}

/** Changes of one council follow each other: what they count up and put in order has no gap and no tie. */
const inOrder = <T>(ctx: Ctx, fn: (w: Writer) => Promise<T>): Promise<T> =>
  ctx.transact(async (tx) => {
    const w = { ...ctx, db: tx } as Writer
    await claimKey(w)
    await lockTenant(w)
    // A change happens at one moment, after those that it has waited for.
    const at = ctx.clock.now()
    w.clock = { ...ctx.clock, now: () => at }
    const result = await fn(w)
    await keepHead(w)
    return result
  })

/** What is about to happen that changes nothing: to what, and what else an auditor needs to know. */
export type Occurrence = { entity: string; id: string; note?: Record<string, unknown> }

/**
 * Puts on record what is about to happen, such as that personal data is given out. Where that cannot be done it may not
 * happen: throws `unavailable`.
 */
export async function recordFirst(
  ctx: Ctx,
  action: Action,
  occurrences: readonly Occurrence[],
): Promise<void> {
  if (occurrences.length === 0) return
  try {
    await inOrder({ ...ctx, idempotency: null }, (w) => appendOccurrences(w, action, occurrences))
  } catch (cause) {
    throw unavailable('It could not be put on record', cause)
  }
}

/** The same within a change that is being made. */
export async function appendOccurrences(
  w: Writer,
  action: Action,
  occurrences: readonly Occurrence[],
): Promise<void> {
  for (const { entity, id, note = {} } of occurrences) {
    const changes = describeChanges(null, note, Object.keys(note))
    await appendAudit(w, { action, entity, entityId: id, changes })
  }
}

/** Housekeeping that is nobody's change, such as how keys were used: no audit entry, no event, no new revision. */
export const maintain = <T>(deps: Deps, fn: (m: Maintainer) => Promise<T>): Promise<T> =>
  deps.store.write((tx) => fn({ db: tx } as Maintainer))
