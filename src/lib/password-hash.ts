import { availableParallelism } from 'node:os'
import { BoundedQueue, type QueueBounds } from './bounded-queue'
import { unavailable } from './errors'

/** Argon2id parameters: memory in KiB, and passes over it. */
export type HashCost = { memoryCost: number; timeCost: number }

/** Both methods throw `unavailable` if too many passwords are waiting. */
export type PasswordHasher = {
  /** Argon2id in PHC format. It takes tenths of a second, so never await it inside a transaction. */
  hash(password: string): Promise<string>
  /**
   * Takes as long without a user, or for a user without a password (`null` or `''`), so that the time does not show who has
   * an account. Parameters come from the stored hash, so hashes made at another cost still work.
   * `origin` is where the password comes from, such as an address.
   */
  verify(password: string, hash: string | null, origin?: string): Promise<boolean>
}

/** More than twice the 19 MiB that OWASP asks for at two passes. */
const productionCost: HashCost = { memoryCost: 65_536, timeCost: 2 }

/**
 * Each hash takes 64 MiB and a processor for tenths of a second, on threads that other work needs too. Those who wait are
 * served within a few seconds.
 */
const productionBounds: QueueBounds = {
  atOnce: Math.max(1, Math.floor(availableParallelism() / 2)),
  waiting: 24,
  waitingOfOne: 4,
}

export const manySignIns = 'Too many people are signing in at the moment. Try again in a few seconds.'
const retryAfter = 5

/** Twice the length that people may choose, as normalising can shorten a text. */
const longestInput = 400

/** The same text can be encoded in several ways, and keyboards differ in which one they send. */
export const normalizePassword = (password: string) => password.normalize('NFKC')

export function createPasswordHasher(
  cost: HashCost = productionCost,
  bounds: QueueBounds = productionBounds,
): PasswordHasher {
  const queue = new BoundedQueue(bounds, () => unavailable(manySignIns, undefined, retryAfter))
  let placeholder: Promise<string> | undefined
  const hash = (password: string) =>
    Bun.password.hash(normalizePassword(password), { algorithm: 'argon2id', ...cost })
  return {
    hash: (password) => queue.run(() => hash(password)),
    verify: (password, stored, origin) =>
      queue.run(async () => {
        placeholder ??= hash('the password of nobody')
        const isPlausible = password !== '' && password.length <= longestInput
        const candidate = isPlausible ? normalizePassword(password) : '-'
        const isMatch = await Bun.password.verify(candidate, stored || (await placeholder))
        return isMatch && isPlausible && stored !== null && stored !== ''
      }, origin),
  }
}
