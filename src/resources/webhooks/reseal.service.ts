import type { Deps } from '../../core/ctx'
import { resealAll } from '../../core/reseal.service'
import { listEndpoints, listReplies, resealEndpoint, resealReply } from './reseal.store'

/** Returns how many endpoints were resealed. */
export const resealEndpoints = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listEndpoints, reseal: resealEndpoint })

export const resealReplies = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listReplies, reseal: resealReply })
