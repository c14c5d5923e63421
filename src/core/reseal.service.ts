import type { Db } from '../db/dialect'
import type { Deps, Maintainer, Secrets } from './ctx'
import { listOutdatedEvents, resealEvent } from './outbox/store'
import { maintain } from './write'

/** `list` finds rows of all councils that are sealed under an older key. */
export type Sealed<Row> = {
  list: (db: Db, secrets: Secrets, limit: number) => Promise<Row[]>
  reseal: (m: Maintainer, secrets: Secrets, row: Row) => Promise<void>
}

const perTransaction = 500

/** Seals rows under the newest key; returns how many were sealed under an older one. */
export async function resealAll<Row>(deps: Deps, { list, reseal }: Sealed<Row>): Promise<number> {
  let resealed = 0
  for (;;) {
    const rows = await list(deps.store.read, deps.secrets, perTransaction)
    if (rows.length === 0) return resealed
    await maintain(deps, async (m) => {
      for (const row of rows) await reseal(m, deps.secrets, row)
    })
    resealed += rows.length
  }
}

/** Events contain residents' personal data. */
export const resealEvents = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdatedEvents, reseal: resealEvent })
