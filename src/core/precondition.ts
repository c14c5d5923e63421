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

const tagged = new WeakMap<object, unknown>()

/**
 * Gives an answer the tag of `view`, of which it holds everything and more: what is more must not change without the
 * view, whose tag a client then sends back to change it.
 */
export function taggedBy<T extends object>(view: unknown, answer: T): T {
  tagged.set(answer, view)
  return answer
}

/** What the tag of an answer is made of. */
export const tagSource = (answer: object): unknown => tagged.get(answer) ?? answer
