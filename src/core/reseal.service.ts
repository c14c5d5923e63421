import type { Db } from '../db/dialect'
import type { Deps, Maintainer, Secrets } from './ctx'
import { listOutdatedEvents, resealEvent } from './outbox/store'
import { maintain } from './write'

/** Rows of all councils that are not sealed under the newest key, and how one is sealed anew. */
export type Sealed<Row> = {
  list: (db: Db, secrets: Secrets, limit: number) => Promise<Row[]>
  reseal: (m: Maintainer, secrets: Secrets, row: Row) => Promise<void>
}

const resealedAtOnce = 500

/** Seals every row anew that is not sealed under the newest key; returns how many there were. */
export async function resealAll<Row>(deps: Deps, { list, reseal }: Sealed<Row>): Promise<number> {
  let resealed = 0
  for (;;) {
    const rows = await list(deps.store.read, deps.secrets, resealedAtOnce)
    if (rows.length === 0) return resealed
    await maintain(deps, async (m) => {
      for (const row of rows) await reseal(m, deps.secrets, row)
    })
    resealed += rows.length
  }
}

/** What events say of residents, sealed anew. */
export const resealEvents = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdatedEvents, reseal: resealEvent })
