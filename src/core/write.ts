import { unavailable } from '../lib/errors'
import type { Action } from './about'
import { describeChanges } from './audit/chain'
import { appendAudit, storeHead } from './audit/store'
import type { Written } from './change'
import type { Ctx, Deps, Maintainer, Writer } from './ctx'
import { claimKey, recallAnswer, storeAnswer } from './idempotency/store'
import { appendEvents } from './outbox/store'
import { bumpRevision, lockTenant } from './tenants/store'

/**
 * The only way to change a council's data. `fn` runs in a transaction that also stores the revision, audit entries, outbox
 * events and the answer for the idempotency key. If the key was used before, `fn` does not run and the first answer is
 * returned. `action` is recorded in the audit log, such as `case.create`.
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
    await storeAnswer(w, again)
    return result
  })
}

/** One change of a council at a time, so that its counters and sequences have no gaps and no ties. */
const inOrder = <T>(ctx: Ctx, fn: (w: Writer) => Promise<T>): Promise<T> =>
  ctx.transact(async (tx) => {
    const w = { ...ctx, db: tx } as Writer
    await claimKey(w)
    await lockTenant(w)
    // One moment for the whole change, later than the changes it waited for.
    const at = ctx.clock.now()
    w.clock = { ...ctx.clock, now: () => at }
    const result = await fn(w)
    await storeHead(w)
    return result
  })

/** Something auditors need to know that changes no data, such as a sign-in. */
export type Occurrence = { entity: string; id: string; note?: Record<string, unknown> }

/**
 * Records something in the audit log before it happens, such as disclosing personal data. Throws `unavailable` if that fails,
 * so that nothing happens unrecorded.
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
    throw unavailable('The audit log could not be written', cause)
  }
}

/** Like `recordFirst`, but within a change. */
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

/** For housekeeping, such as counting key uses: no audit entry, no event, no new revision. */
export const maintain = <T>(deps: Pick<Deps, 'store'>, fn: (m: Maintainer) => Promise<T>): Promise<T> =>
  deps.store.write((tx) => fn({ db: tx } as Maintainer))
