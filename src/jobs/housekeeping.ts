import { addUses, deleteUsage, listOldUsage } from '../core/api-keys/usage.store'
import { chainEnds, listHeads } from '../core/audit/store'
import type { Deps } from '../core/ctx'
import { deleteAnswers, listExpiredAnswers } from '../core/idempotency/store'
import { deleteLinks, listExpiredLinks } from '../core/passwords/links.store'
import { deleteKeptRows, listExpiredForms } from '../core/sessions/kept-forms.store'
import { deleteSessions, listEndedSessions } from '../core/sessions/store'
import { maintain } from '../core/write'
import type { Lock } from '../db/store'
import { finishErasure } from '../resources/cases/erase.service'
import { purgeDeliveries } from '../resources/webhooks/housekeeping.service'

const everyMs = 10_000
const headsEveryMs = 3_600_000

/**
 * Every ten seconds, and once more when stopped: stores how keys were used, deletes what has expired and finishes
 * erasures that were interrupted. Logs where the audit chains end every hour, and when it starts and stops.
 */
export function startHousekeeping(deps: Deps, lock?: Pick<Lock, 'note'>): { stop(): Promise<void> } {
  const logged = new Map<string, number>()
  let noted = -1
  const noteEnds = async () => {
    const commits = deps.store.commits()
    if (lock === undefined || commits === noted) return
    try {
      lock.note(JSON.stringify(await chainEnds(deps.store.read)))
      noted = commits
    } catch (error) {
      deps.log.warn('where the audit chains end could not be noted', { error })
    }
  }
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = running.then(() => tidy(deps)).then(() => noteEnds())
    return running
  }
  const timers = [
    setInterval(() => void round(), everyMs),
    setInterval(() => void logHeads(deps, logged), headsEveryMs),
  ]
  void logHeads(deps, logged)
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      // A round already running may return key uses that it could not store.
      await round()
      await logHeads(deps, logged)
    },
  }
}

/**
 * Logs the end of each audit chain that has grown: to cut a chain unnoticed, somebody would have to change the logs too, which
 * are kept elsewhere.
 */
async function logHeads(deps: Deps, logged: Map<string, number>): Promise<void> {
  const { store, log, environment } = deps
  // Nobody needs proofs for demo data.
  const level = environment === 'live' ? 'info' : 'debug'
  try {
    if (!(await store.leads())) return
    for (const { tenant, seq, hash } of await listHeads(store.read)) {
      if (logged.get(tenant) !== seq)
        log[level]('noted the last entry of the audit log', { tenant, seq, hash })
      logged.set(tenant, seq)
    }
  } catch (error) {
    log.warn('the ends of the audit chains could not be read', { error })
  }
}

async function tidy(deps: Deps): Promise<void> {
  const { limits, clock, keyUses, log, store } = deps
  const used = keyUses.take()
  try {
    for (const windows of Object.values(limits)) await windows.sweep(clock.monotonic())
    const isLeading = await store.leads()
    if (isLeading) await purgeDeliveries(deps)
    if (isLeading) await finishErasure(deps)
    const expired = isLeading ? await listExpired(deps) : nothing
    if ([used, ...Object.values(expired)].every((list) => list.length === 0)) return
    await maintain(deps, async (m) => {
      await addUses(m, used)
      await deleteAnswers(m, expired.answers)
      await deleteSessions(m, expired.sessions)
      await deleteLinks(m, expired.links)
      await deleteKeptRows(m, expired.forms)
      await deleteUsage(m, expired.usage)
    })
  } catch (error) {
    keyUses.putBack(used)
    log.warn('housekeeping failed', { keys: used.length, error })
  }
}

const nothing = { answers: [], sessions: [], links: [], forms: [], usage: [] }

async function listExpired({ store: { read }, clock }: Deps) {
  const now = clock.now()
  return {
    answers: await listExpiredAnswers(read, now),
    sessions: await listEndedSessions(read, now),
    links: await listExpiredLinks(read, now),
    forms: await listExpiredForms(read, now),
    usage: await listOldUsage(read, now),
  }
}
