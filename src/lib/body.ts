import { AppError } from './errors'

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Not awaited: it settles only when the client has gone. */
const giveUp = (reader: Reader) => void reader.cancel().catch(() => undefined)

/**
 * Reads at most `limit` bytes of a body, and waits at most `timeoutMs` for its end. What is beyond the limit is left in the
 * stream.
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  timeoutMs: number,
): Promise<Uint8Array> {
  if (!stream) return new Uint8Array(0)
  const reader = stream.getReader()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new AppError('timeout', `The body did not arrive within ${timeoutMs / 1000} s`)),
    timeoutMs,
  )
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      // Raced, because cancelling a reader does not end a read that is waiting for its client.
      const { done, value } = await Promise.race([reader.read(), late.promise])
      if (done) return concat(chunks, length)
      length += value.length
      if (length > limit) {
        throw new AppError('too_large', 'The body is larger than 1 MiB', { maxBytes: limit })
      }
      chunks.push(value)
    }
  } catch (error) {
    if (error instanceof AppError && error.kind === 'too_large') reader.releaseLock()
    else giveUp(reader)
    // Errors of the stream itself mean that the client's connection broke, not that the server failed.
    throw error instanceof AppError
      ? error
      : new AppError('bad_request', 'The body broke off before its end', {}, error)
  } finally {
    clearTimeout(timer)
  }
}

function concat(chunks: Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** Bodies that are discarded at the same time: what a client sends meanwhile is in memory until it is read. */
const mostDiscarded = 8

let discarding = 0

/**
 * Reads what is left of a body that nobody wants. Many clients read the answer only once they have sent everything, and a
 * connection that is closed before takes the answer with it. Bounded, because a body may have no end. True if nothing is left
 * of it.
 */
export async function discardRest(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  timeoutMs: number,
): Promise<boolean> {
  if (!stream || stream.locked) return true
  if (discarding >= mostDiscarded) return false
  discarding++
  const reader = stream.getReader()
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(late.resolve, timeoutMs)
  try {
    for (let left = limit; left > 0; ) {
      const part = await Promise.race([reader.read(), late.promise])
      if (part === undefined) return false
      if (part.done) return true
      left -= part.value.length
    }
    return false
  } catch {
    // The client has gone, and needs no answer.
    return false
  } finally {
    discarding--
    clearTimeout(timer)
    giveUp(reader)
  }
}
