/** Answers that are sent while they are made: never held whole in memory, so not hashed and not kept by anybody. */
const streams = new WeakSet<Response>()

const encoder = new TextEncoder()

/**
 * An answer made of parts, each made when the client has taken those before it; for HEAD none is, nor is `make` asked.
 * A failure ends it unfinished.
 */
export async function streamed(
  { method }: Request,
  headers: Record<string, string>,
  make: () => Promise<AsyncIterator<string>>,
  onFailure: (error: unknown) => void,
): Promise<Response> {
  const sent = { 'cache-control': 'no-store', ...headers }
  if (method === 'HEAD') return new Response(null, { headers: sent })
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
  const response = new Response(body, { headers: sent })
  streams.add(response)
  return response
}

export const isStreamed = (response: Response) => streams.has(response)
