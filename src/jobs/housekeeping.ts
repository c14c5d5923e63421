import { addUses, deleteUsage, listOldUsage } from '../core/api-keys/usage.store'
import { listHeads } from '../core/audit/store'
import type { Deps } from '../core/ctx'
import { deleteAnswers, listExpiredAnswers } from '../core/idempotency/store'
import { deleteExpired, listExpired } from '../core/sessions/links.store'
import { maintain } from '../core/write'
import { purgeDeliveries } from '../resources/webhooks/housekeeping.service'

const everyMs = 10_000
const headsEveryMs = 3_600_000

/**
 * Stores how keys were used, forgets ended limit windows, expired idempotent answers, sessions and links, and old deliveries
 * and uses: every ten seconds, and once more when stopped. Tells where the audit chains end: every hour, and when it starts and stops.
 */
export function startHousekeeping(deps: Deps): { stop(): Promise<void> } {
  const told = new Map<string, number>()
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = running.then(() => tidy(deps))
    return running
  }
  const timers = [
    setInterval(() => void round(), everyMs),
    setInterval(() => void tellHeads(deps, told), headsEveryMs),
  ]
  void tellHeads(deps, told)
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      // One that is under way may give back what it could not keep.
      await round()
      await tellHeads(deps, told)
    },
  }
}

/**
 * Writes to the log where each audit chain ends that has grown. Who cuts a chain and puts its end back would have to change
 * the logs too, which are kept elsewhere.
 */
async function tellHeads({ store, log }: Deps, told: Map<string, number>): Promise<void> {
  try {
    if (!(await store.leads())) return
    for (const { tenant, seq, hash } of await listHeads(store.read)) {
      if (told.get(tenant) !== seq) log.info('audit chain ends', { tenant, seq, hash })
      told.set(tenant, seq)
    }
  } catch (error) {
    log.warn('the ends of the audit chains could not be told', { error })
  }
}

async function tidy(deps: Deps): Promise<void> {
  const { limits, clock, keyUses, log, store } = deps
  const used = keyUses.take()
  try {
    for (const windows of Object.values(limits)) await windows.sweep(clock.monotonic())
    const isLeading = await store.leads()
    if (isLeading) await purgeDeliveries(deps)
    const expired = isLeading ? await listExpiredAnswers(store.read, clock.now()) : []
    const ended = isLeading ? await listExpired(store.read, clock.now()) : { sessions: [], links: [] }
    const old = isLeading ? await listOldUsage(store.read, clock.now()) : []
    const isIdle = [used, expired, ended.sessions, ended.links, old].every((list) => list.length === 0)
    if (isIdle) return
    await maintain(deps, async (m) => {
      await addUses(m, used)
      await deleteAnswers(m, expired)
      await deleteExpired(m, ended)
      await deleteUsage(m, old)
    })
  } catch (error) {
    keyUses.putBack(used)
    log.warn('housekeeping failed', { keys: used.length, error })
  }
}
