import type { Deps } from '../core/ctx'
import { maintain } from '../core/write'
import { letOthersWrite } from '../lib/slices'
import { refileSlice, unfiledUpTo } from '../resources/cases/derived/refile.store'

const everyMs = 15_000

/**
 * After an upgrade from a version whose search index held less, indexes every case again, newest first, on the copy that leads.
 * Until it is done, searches find only what is indexed. A stop or kill loses nothing: the next start continues.
 */
export function startRefiling(deps: Deps): { stop(): Promise<void> } {
  let isStopped = false
  let running: Promise<void> | undefined
  const round = () => {
    running ??= refileAll(deps, () => isStopped)
      .then((isDone) => {
        if (isDone) clearInterval(timer)
      })
      .catch((error) => deps.log.warn('the search index could not be rebuilt', { error }))
      .finally(() => {
        running = undefined
      })
  }
  const timer = setInterval(round, everyMs)
  round()
  return {
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await running
    },
  }
}

/** False if it was stopped before the end, or another copy leads. */
async function refileAll(deps: Deps, isStopped: () => boolean): Promise<boolean> {
  const { store, log } = deps
  let left = (await unfiledUpTo(store.read)) ?? 0
  if (left === 0) return true
  if (!(await store.leads())) return false
  log.warn('the search index is being rebuilt: until it is done, searches find only newer cases', {
    positionsLeft: left,
  })
  while (left > 0) {
    if (isStopped()) return false
    const startedAt = performance.now()
    left = await maintain(deps, refileSlice)
    await letOthersWrite(performance.now() - startedAt)
  }
  log.info('the search index is rebuilt: searches find every case')
  return true
}
