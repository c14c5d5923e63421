import { AppError } from '../lib/errors'
import { matchesStrongly, strongTag } from '../lib/etag'
import type { Ctx } from './ctx'

/**
 * Refuses a change by a client whose `If-Match` names another state than the present one. `view` is what the
 * client would be shown now.
 */
export function assertUnchanged({ ifMatch }: Ctx, view: unknown): void {
  if (ifMatch === null) return
  const etag = strongTag(JSON.stringify(view))
  if (!matchesStrongly(ifMatch, etag)) {
    throw new AppError('stale', 'It has changed since it was read', { etag })
  }
}
