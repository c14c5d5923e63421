import { AppError } from '../lib/errors'
import { turns } from '../lib/turns'

/** Requests with streamed answers. Not the answers themselves, because the framework passes on a copy of them. */
const streams = new WeakSet<Request>()

const encoder = new TextEncoder()

/** A client that takes no further part for so long is cut off; nothing else ends it while its connection stays open. */
const longPatienceMs = 60_000

type Stream = {
  parts: AsyncIterator<string | Uint8Array>
  /** Called once, however the stream ends. */
  onEnd: () => void
  onFailure: (error: unknown) => void
  patienceMs?: number
}

/**
 * Streams an answer at the client's pace. All streams together work on one part in a turn of the event loop, so a part must
 * take only a few milliseconds. A failure cuts the answer off.
 */
export function streamed(request: Request, init: ResponseInit, stream: Stream): Response {
  streams.add(request)
  return new Response(bodyOf(stream), init)
}

/** The answer to HEAD where that to GET is streamed. */
export function streamedHead(request: Request, headers: HeadersInit): Response {
  streams.add(request)
  return new Response(null, { headers })
}

export const isStreamed = (request: Request) => streams.has(request)

function bodyOf({
  parts,
  onEnd,
  onFailure,
  patienceMs = longPatienceMs,
}: Stream): ReadableStream<Uint8Array> {
  let isEnded = false
  let timer: Timer | undefined
  const end = () => {
    clearTimeout(timer)
    if (!isEnded) onEnd()
    isEnded = true
  }
  const fail = (controller: ReadableStreamDefaultController, error: unknown) => {
    if (isEnded) return
    end()
    onFailure(error)
    controller.error(error)
  }
  const wait = (controller: ReadableStreamDefaultController) => {
    timer = setTimeout(() => {
      void parts.return?.()
      fail(controller, new AppError('timeout', 'The client stopped reading'))
    }, patienceMs).unref()
  }
  return new ReadableStream<Uint8Array>(
    {
      start: wait,
      pull: async (controller) => {
        clearTimeout(timer)
        try {
          const { done, value } = await turns.run(() => parts.next())
          if (isEnded) return
          if (done) {
            end()
            controller.close()
            return
          }
          controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
          wait(controller)
        } catch (error) {
          fail(controller, error)
        }
      },
      cancel: async () => {
        end()
        await parts.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
