import { unavailable } from './errors'

/** A store that is cut off or frozen sends no error, so nobody may wait for it without a limit. The work itself goes on. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(unavailable('The database took too long to answer')), ms)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
