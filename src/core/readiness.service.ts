import { AppError, unavailable } from '../lib/errors'
import { within } from '../lib/within'
import type { Deps } from './ctx'
import { putStoreFact } from './tenants/store'
import { maintain } from './write'

/** Load balancers and monitors commonly wait two seconds. */
const limitMs = 1_500
/** However many ask, a change is made at most once in this time. */
const keptMs = 1_000

/**
 * Tells whether requests can be served, by reading the store and changing a fact in it: a full disk still answers reads. Throws
 * `unavailable` with the cause within two seconds, even if the store does not answer at all.
 */
export function createReadiness(deps: Deps): () => Promise<void> {
  let probing: Promise<void> | undefined
  const probe = async () => {
    await deps.store.ping()
    await maintain(deps, (m) => putStoreFact(m, 'ready', deps.clock.now().toISOString()))
  }
  return async () => {
    if (probing === undefined) {
      probing = probe()
      const forget = () => {
        probing = undefined
      }
      probing.then(() => void setTimeout(forget, keptMs).unref(), forget)
    }
    try {
      await within(limitMs, probing)
    } catch (error) {
      throw error instanceof AppError ? error : unavailable('The store does not answer', error)
    }
  }
}
