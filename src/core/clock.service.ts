import { builtIn } from '../lib/version'
import { newestInstant } from './clock.store'
import type { Deps } from './ctx'

/** Clocks of several machines may differ by this much. */
const toleranceMs = 5 * 60_000

/** Warns if the clock cannot be right: references, targets and the audit log would then have times that are wrong. */
export async function warnOfClock({
  store,
  clock,
  log,
}: Pick<Deps, 'store' | 'clock' | 'log'>): Promise<void> {
  const now = clock.now()
  const newest = await newestInstant(store.read)
  if (newest && newest.getTime() > now.getTime() + toleranceMs) {
    log.warn(
      'the clock of this machine is behind the newest change in the database: set it right and restart Reeve, or new cases get wrong references and times',
      { now, newest },
    )
  } else if (now.getUTCFullYear() < builtIn) {
    log.warn(
      'the clock of this machine is before the year in which this version was built: set it right and restart Reeve, or new cases get wrong references and times',
      { now, built: builtIn },
    )
  }
}
