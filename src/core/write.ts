import { describeChanges } from './audit/chain'
import { appendAudit } from './audit/store'
import type { Ctx, Deps, Maintainer, Writer } from './ctx'
import { keepAnswer, recallAnswer } from './idempotency/store'
import { appendEvents } from './outbox/store'
import { bumpRevision } from './tenants/store'

/** One changed thing, as the audit log and the events tell of it. */
export type Change = {
  entity: string
  id: string
  /** The row as it was; null where it is new. */
  before: Record<string, unknown> | null
  after: Record<string, unknown>
  /** Fields whose values may stand in the audit log; of the others only that they changed. */
  safe: readonly string[]
  events?: { name: string; data: unknown }[]
}

/** What a write has done: the changes and what the caller gets. A write that changed nothing names no change. */
export type Written<T> = { changes: Change[]; result: T }

/**
 * The one way to change a tenant's data. `fn` runs in a transaction; the revision, audit entries, outbox events and
 * the answer under an idempotency key go in with its changes, all or nothing. Under a key that was used before `fn`
 * does not run: the caller gets the first answer. `action` names what was done, such as `case.create`.
 */
export function write<T>(ctx: Ctx, action: string, fn: (w: Writer) => Promise<Written<T>>): Promise<T> {
  return ctx.transact(async (tx) => {
    const w = { ...ctx, db: tx } as Writer
    const recalled = await recallAnswer(w)
    if (recalled && w.idempotency) {
      w.idempotency.isReplayed = true
      return recalled.answer as T
    }
    const { changes, result } = await fn(w)
    if (changes.length > 0) await bumpRevision(w)
    for (const { entity, id, before, after, safe, events = [] } of changes) {
      await appendAudit(w, { action, entity, entityId: id, changes: describeChanges(before, after, safe) })
      await appendEvents(
        w,
        events.map(({ name, data }) => ({ event: name, entity, entityId: id, data })),
      )
    }
    await keepAnswer(w, result)
    return result
  })
}

/** Housekeeping that is nobody's change, such as last-used times: no audit entry, no event, no new revision. */
export const maintain = <T>(deps: Deps, fn: (m: Maintainer) => Promise<T>): Promise<T> =>
  deps.store.write((tx) => fn({ db: tx } as Maintainer))
