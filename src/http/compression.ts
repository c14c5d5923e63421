import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { compressedTag } from '../lib/etag'
import { isStreamed } from './stream'

/** Smaller answers fit into a packet or two as they are. */
const leastBytes = 1_024
const compressible = /^(application\/(json|x-ndjson)|text\/html|text\/csv)/
const level = 4

const compressBytes = promisify(gzip)

const acceptsGzip = (header: string) =>
  header.split(',').some((part) => {
    const [coding = '', ...parameters] = part.toLowerCase().split(';')
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='))
    return coding.trim() === 'gzip' && (quality === undefined || Number(quality.trim().slice(2)) > 0)
  })

/** The answer compressed off the main thread, where the client asks for gzip and it is worth it. */
export async function compress(request: Request, response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? ''
  if (request.method === 'HEAD' || response.body === null || !compressible.test(type)) return response
  if (!acceptsGzip(request.headers.get('accept-encoding') ?? '')) return response
  if (isStreamed(response)) return compressStream(response)
  const bytes = await response.bytes()
  const { status, headers } = response
  if (bytes.length < leastBytes) return new Response(bytes, { status, headers })
  const etag = headers.get('etag')
  if (etag !== null) headers.set('etag', compressedTag(etag))
  headers.set('content-encoding', 'gzip')
  return new Response(await compressBytes(bytes, { level }), { status, headers })
}

/** Compressed while it is made. */
function compressStream({ body, status, headers }: Response): Response {
  headers.set('content-encoding', 'gzip')
  const gzip = new CompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>
  return new Response((body as ReadableStream<Uint8Array>).pipeThrough(gzip), { status, headers })
}
