import { type ChainEnds, chainEnds } from '../core/audit/store'
import type { Deps } from '../core/ctx'
import { damaged } from '../db/faults'
import { AppError } from '../lib/errors'

/**
 * A process that was killed, or a power cut, may have left damage. It is looked for while requests are already served; once it
 * is found, `/ready` says so and nothing more is changed. `noted` is where the audit chains ended shortly before. True if
 * nothing is missing or damaged.
 */
export async function checkAfterKill({ store, log }: Deps, noted: string): Promise<boolean> {
  log.warn('Reeve was not stopped properly last time: the database is being checked')
  try {
    const shorter = shorterChains(noted, await chainEnds(store.read))
    if (shorter.length > 0) {
      log.error(
        'Changes are missing that had been made before Reeve ended: restore a backup, or stop and start Reeve to go on without them',
        { councils: shorter },
      )
      store.refuseChanges('Changes that had been made are missing from the database')
    }
    const faults = await store.quickCheck().catch(asFault)
    if (faults.length > 0) {
      log.error('The database is damaged: stop Reeve, run "reeve check" and restore a backup', { faults })
      store.refuseChanges(damaged)
    }
    const isWhole = faults.length === 0 && shorter.length === 0
    if (isWhole) log.info('the database is sound')
    return isWhole
  } catch (error) {
    log.error('the database could not be checked', { error })
    return false
  }
}

/** Damage may stop even the check. */
function asFault(error: unknown): string[] {
  if (error instanceof AppError && error.message === damaged) return [String(error.cause)]
  throw error
}

/** Slugs of councils whose audit chain was longer before. */
function shorterChains(noted: string, ends: ChainEnds): string[] {
  return Object.entries(parsed(noted)).flatMap(([slug, seq]) => ((ends[slug] ?? 0) < seq ? [slug] : []))
}

/** A power cut may have left half a note, which proves nothing. */
function parsed(noted: string): ChainEnds {
  try {
    return (JSON.parse(noted) ?? {}) as ChainEnds
  } catch {
    return {}
  }
}
