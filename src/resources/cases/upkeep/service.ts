import { type Ctx, createCtx, type Deps } from '../../../core/ctx'
import { getTenantById } from '../../../core/tenants/store'
import { write } from '../../../core/write'
import type { Db } from '../../../db/dialect'
import { changeCase } from '../change/service'
import { changeOf } from '../record'
import { getResident } from '../residents/store'
import { getCase, reloadCase, updateCase } from '../store'
import { insertEntry } from '../timeline/store'
import { type DueCase, listBreached, listUnreopened, listWaited } from './store'

const actor = { type: 'system', id: 'targets', name: 'Reeve', ip: null } as const

/** Cases dealt with at once; the others wait for the next round. */
const atOnce = 200

/** Tells once that a case missed its target. Looks again inside the change: it may just have been dealt with. */
const breach = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.breach', async (w) => {
    const { case: before } = await getCase(w, id)
    const { targetState, breachAt } = before
    if (targetState !== 'running' || breachAt === null || breachAt >= w.clock.now()) {
      return { changes: [], result: undefined }
    }
    await updateCase(w, before, { breachAt: null })
    await insertEntry(w, id, { kind: 'target', to: { slaState: 'breached' } })
    const resident = await getResident(w, id)
    const found = await reloadCase(w, id)
    const change = changeOf(w, before, found, { was: resident, is: resident }, ['case_sla_breached'])
    return { changes: [change], result: undefined }
  })

/** Takes up again a case that has waited as long as it was to; its target moves on by the days until then. */
const resume = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.resume', async (w) => {
    const found = await getCase(w, id)
    const { pendingUntil } = found.case
    if (pendingUntil === null || pendingUntil >= w.clock.now()) return { changes: [], result: undefined }
    const resident = await getResident(w, id)
    const change = { state: { pending: null }, waitEnd: pendingUntil }
    const { changes } = await changeCase(w, found, resident, change)
    return { changes, result: undefined }
  })

/** Closes a resolved case that nobody has reopened in the council's working days for it. */
const closeResolved = (ctx: Ctx, id: string): Promise<void> =>
  write(ctx, 'case.close', async (w) => {
    const found = await getCase(w, id)
    const { status, closesAt } = found.case
    if (status !== 'resolved' || closesAt === null || closesAt >= w.clock.now()) {
      return { changes: [], result: undefined }
    }
    const resident = await getResident(w, id)
    const reason = 'Not reopened after it was resolved'
    const { changes } = await changeCase(w, found, resident, { state: { status: 'closed', reason } })
    return { changes, result: undefined }
  })

type Upkeep = { list: (db: Db, now: Date, limit: number) => Promise<DueCase[]>; deal: typeof breach }

const upkeep: readonly Upkeep[] = [
  { list: listWaited, deal: resume },
  { list: listBreached, deal: breach },
  { list: listUnreopened, deal: closeResolved },
]

/**
 * Deals with every case for which a moment has come. Each is decided anew by what the store says, so that it happens
 * once however often the clock jumps or the server starts. Returns how many cases were dealt with.
 */
export async function keepUp(deps: Deps): Promise<number> {
  let dealt = 0
  for (const { list, deal } of upkeep) {
    const due = await list(deps.store.read, deps.clock.now(), atOnce)
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
      else deps.log.error('a case could not be kept up', { case: due[i]?.id, error: outcome.reason })
    }
  }
  return dealt
}
