import type { Deps } from '../../core/ctx'
import { resealAll } from '../../core/reseal.service'
import { listEndpoints, listReplies, resealEndpoint, resealReply } from './reseal.store'

/** Endpoints' secrets, sealed anew; returns of how many endpoints. */
export const resealEndpoints = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listEndpoints, reseal: resealEndpoint })

/** What endpoints have said, sealed anew. */
export const resealReplies = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listReplies, reseal: resealReply })
