/**
 * Requests whose answers are sent while they are made and never held whole. By request: the framework hands on a copy of
 * the answer.
 */
const streams = new WeakSet<Request>()

const encoder = new TextEncoder()

/**
 * An answer made of parts, each made when the client has taken those before it; for HEAD none is, nor is `make` asked.
 * A failure ends it unfinished.
 */
export async function streamed(
  request: Request,
  headers: Record<string, string>,
  make: () => Promise<AsyncIterator<string>>,
  onFailure: (error: unknown) => void,
): Promise<Response> {
  const sent = { 'cache-control': 'no-store', ...headers }
  if (request.method === 'HEAD') return new Response(null, { headers: sent })
  const parts = await make()
  let isLeft = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await parts.next()
          if (isLeft) return
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          onFailure(error)
          controller.error(error)
        }
      },
      cancel: async () => {
        isLeft = true
        await parts.return?.()
      },
    },
    { highWaterMark: 1 },
  )
  streams.add(request)
  return new Response(body, { headers: sent })
}

export const isStreamed = (request: Request) => streams.has(request)
