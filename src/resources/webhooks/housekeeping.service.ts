import type { Deps } from '../../core/ctx'
import { deleteEvents, listOldest } from '../../core/outbox/store'
import { resealAll } from '../../core/reseal.service'
import { maintain } from '../../core/write'
import {
  deleteFinished,
  deletePart,
  listDeleted,
  listOutdatedEndpoints,
  listOutdatedReplies,
  resealEndpoint,
  resealReply,
} from './housekeeping.store'

const keptMs = 30 * 24 * 3_600_000
const purgedAtOnce = 500

/** After 30 days; also what belonged to deleted endpoints. A limited number at a time. */
export async function purgeDeliveries(deps: Deps): Promise<number> {
  const oldest = await listOldest(deps.store.read, purgedAtOnce)
  const cutoff = deps.clock.now().getTime() - keptMs
  const old = oldest.filter(({ at }) => at.getTime() < cutoff).map(({ position }) => position)
  const deleted = await listDeleted(deps.store.read)
  if (old.length === 0 && deleted.length === 0) return 0
  return maintain(deps, async (m) => {
    let purged = 0
    for (const { id } of deleted) {
      purged += await deletePart(m, id, purgedAtOnce)
      if (purged >= purgedAtOnce) return purged
    }
    if (old.length === 0) return purged
    const left = await deleteFinished(m, old)
    const ended = old.filter((position) => !left.has(position))
    await deleteEvents(m, ended)
    return purged + ended.length
  })
}

/** Returns how many endpoints were resealed. */
export const resealEndpoints = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdatedEndpoints, reseal: resealEndpoint })

export const resealReplies = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdatedReplies, reseal: resealReply })
