import { AppError } from '../lib/errors'
import { namesTag, strongTag } from '../lib/etag'
import type { Ctx } from './ctx'

/** Throws `stale` if the client's `If-Match` is for an older state. `view` is the record as the client would see it now. */
export function assertUnchanged({ ifMatch }: Ctx, view: unknown): void {
  if (ifMatch === null) return
  const etag = strongTag(JSON.stringify(view))
  if (!namesTag(ifMatch, etag)) {
    throw new AppError('stale', 'It has changed since it was read', { etag })
  }
}

const tagged = new WeakMap<object, unknown>()

/**
 * Gives an answer the ETag of `view`, so that a client can send it back in `If-Match`. The answer contains the view; whatever
 * else it contains must not change unless the view does.
 */
export function taggedBy<T extends object>(view: unknown, answer: T): T {
  tagged.set(answer, view)
  return answer
}

/** What an answer's ETag is of; undefined if nothing was said about it. */
export const tagSource = (answer: object): unknown => tagged.get(answer)
