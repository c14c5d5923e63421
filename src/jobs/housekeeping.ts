import { updateLastUsed } from '../core/api-keys/store'
import type { Deps } from '../core/ctx'
import { maintain } from '../core/write'

const everyMs = 10_000

/** Stores last-used times and forgets ended limit windows, every ten seconds and once more when stopped. */
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
  const { limits, clock, lastUsed, log } = deps
  for (const windows of Object.values(limits)) windows.sweep(clock.monotonic())
  const used = lastUsed.take()
  if (used.size === 0) return
  try {
    await maintain(deps, (m) => updateLastUsed(m, used))
  } catch (error) {
    log.warn('last-used times could not be stored', { keys: used.size, error })
  }
}
