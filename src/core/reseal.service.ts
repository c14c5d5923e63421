import type { Db } from '../db/dialect'
import type { Deps, Maintainer, Secrets } from './ctx'
import { listOutdatedEvents, resealEvent } from './outbox/store'
import { maintain } from './write'

/** `list` finds rows of all councils that are sealed under an older key. */
export type Sealed<Row> = {
  list: (db: Db, secrets: Secrets, limit: number) => Promise<Row[]>
  /** False, and changes nothing, if the row cannot be opened. */
  reseal: (m: Maintainer, secrets: Secrets, row: Row) => Promise<boolean>
}

const perTransaction = 500

/**
 * Seals rows under the newest key; returns how many were sealed under an older one. Those that cannot be opened stay as they
 * are: `reeve check` names them.
 */
export async function resealAll<Row>(deps: Deps, { list, reseal }: Sealed<Row>): Promise<number> {
  let resealed = 0
  let unreadable = 0
  for (;;) {
    // These are found again each time.
    const rows = await list(deps.store.read, deps.secrets, perTransaction + unreadable)
    const opened = await maintain(deps, async (m) => {
      let count = 0
      for (const row of rows) if (await reseal(m, deps.secrets, row)) count++
      return count
    })
    resealed += opened
    unreadable = rows.length - opened
    if (opened === 0) break
  }
  if (unreadable > 0) {
    deps.log.error('sealed values that cannot be opened were left as they are: see reeve check', {
      unreadable,
    })
  }
  return resealed
}

/** Events contain residents' personal data. */
export const resealEvents = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdatedEvents, reseal: resealEvent })
