/** Requests with streamed answers. Not the answers themselves, because the framework passes on a copy of them. */
const streams = new WeakSet<Request>()

const encoder = new TextEncoder()

/**
 * Streams an answer at the client's pace. A failure cuts it off. For HEAD, `make` is not called.
 */
export async function streamed(
  request: Request,
  headers: Record<string, string>,
  make: () => Promise<AsyncIterator<string>>,
  onFailure: (error: unknown) => void,
): Promise<Response> {
  const allHeaders = { 'cache-control': 'no-store', ...headers }
  streams.add(request)
  if (request.method === 'HEAD') return new Response(null, { headers: allHeaders })
  const parts = await make()
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await parts.next()
          if (isCancelled) return
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          onFailure(error)
          controller.error(error)
        }
      },
      cancel: async () => {
        isCancelled = true
        await parts.return?.()
      },
    },
    { highWaterMark: 1 },
  )
  return new Response(body, { headers: allHeaders })
}

export const isStreamed = (request: Request) => streams.has(request)
