import type { Context } from 'elysia'
import { taggedBy } from '../core/precondition'

/**
 * A 201 that tells the address of what was made, with the ETag that reading it there would have. `view` is what would be
 * read; the answer may hold more.
 */
export function made<T extends object>(
  set: Context['set'],
  address: string,
  view: object,
  answer: T = view as T,
): T {
  set.status = 201
  set.headers.location = address
  return taggedBy(view, answer)
}
