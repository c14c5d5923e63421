import type { Db } from '../db/dialect'
import { type Ctx, createCtx, type Deps } from './ctx'
import { getTenantById } from './tenants/store'

/** A record whose deadline has passed. */
export type Due = { tenantId: string; id: string }

/** Work that becomes due with time, done by the system actor `actorId`. */
export type DueWork = {
  actorId: string
  /** The kind of record, for the log. */
  what: string
  list: (db: Db, now: Date, limit: number) => Promise<Due[]>
  handle: (ctx: Ctx, id: string) => Promise<void>
}

/** The rest wait for the next round. */
const perRound = 200

/**
 * Handles what is due and returns how many records that was. Each handler decides again from what the store says, so the work
 * is done once however often the clock jumps or the server restarts.
 */
export async function runDueWork(deps: Deps, dueWork: readonly DueWork[]): Promise<number> {
  let handled = 0
  for (const { actorId, what, list, handle } of dueWork) {
    const due = await list(deps.store.read, deps.clock.now(), perRound)
    const actor = { type: 'system', id: actorId, name: 'Reeve', ip: null } as const
    const contexts = new Map<string, Ctx>()
    for (const { tenantId } of due) {
      if (contexts.has(tenantId)) continue
      const tenant = await getTenantById(deps.store.read, tenantId)
      contexts.set(tenantId, createCtx(deps, { tenant, actor, requestId: deps.newId() }))
    }
    const outcomes = await Promise.allSettled(
      due.map(({ tenantId, id }) => handle(contexts.get(tenantId) as Ctx, id)),
    )
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') handled++
      else deps.log.error(`due work on a ${what} failed`, { [what]: due[i]?.id, error: outcome.reason })
    }
  }
  return handled
}
