import { updateLastUsed } from '../core/api-keys/store'
import type { Deps } from '../core/ctx'
import { deleteAnswers, listExpiredAnswers } from '../core/idempotency/store'
import { maintain } from '../core/write'

const everyMs = 10_000

/**
 * Stores last-used times, forgets ended limit windows and expired idempotent answers: every ten seconds, and once
 * more when stopped.
 */
export function startHousekeeping(deps: Deps): { stop(): Promise<void> } {
  const timer = setInterval(() => void tidy(deps), everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await tidy(deps)
    },
  }
}

async function tidy(deps: Deps): Promise<void> {
  const { limits, clock, lastUsed, log, store } = deps
  const used = lastUsed.take()
  try {
    for (const windows of Object.values(limits)) await windows.sweep(clock.monotonic())
    const expired = (await store.leads()) ? await listExpiredAnswers(store.read, clock.now()) : []
    if (used.size === 0 && expired.length === 0) return
    await maintain(deps, async (m) => {
      await updateLastUsed(m, used)
      await deleteAnswers(m, expired)
    })
  } catch (error) {
    log.warn('housekeeping failed', { keys: used.size, error })
  }
}
