import type { Db } from '../db/dialect'
import { type Ctx, createCtx, type Deps } from './ctx'
import { getTenantById } from './tenants/store'

/** Something of a council for which a moment has come. */
export type Due = { tenantId: string; id: string }

/** What happens by itself: who it is that does so, what is due, and how it is dealt with. */
export type Upkeep = {
  actorId: string
  /** What the things are called in the log. */
  what: string
  list: (db: Db, now: Date, limit: number) => Promise<Due[]>
  deal: (ctx: Ctx, id: string) => Promise<void>
}

/** Dealt with at once; the others wait for the next round. */
const atOnce = 200

/**
 * Deals with everything for which a moment has come. Each is decided anew by what the store says, so that it happens
 * once however often the clock jumps or the server starts. Returns how much was dealt with.
 */
export async function keepUp(deps: Deps, upkeep: readonly Upkeep[]): Promise<number> {
  let dealt = 0
  for (const { actorId, what, list, deal } of upkeep) {
    const due = await list(deps.store.read, deps.clock.now(), atOnce)
    const actor = { type: 'system', id: actorId, name: 'Reeve', ip: null } as const
    const contexts = new Map<string, Ctx>()
    for (const { tenantId } of due) {
      if (contexts.has(tenantId)) continue
      const tenant = await getTenantById(deps.store.read, tenantId)
      contexts.set(tenantId, createCtx(deps, { tenant, actor, requestId: deps.newId() }))
    }
    const outcomes = await Promise.allSettled(
      due.map(({ tenantId, id }) => deal(contexts.get(tenantId) as Ctx, id)),
    )
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') dealt++
      else deps.log.error(`a ${what} could not be kept up`, { [what]: due[i]?.id, error: outcome.reason })
    }
  }
  return dealt
}
