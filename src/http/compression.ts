import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, gzip, gzipSync } from 'node:zlib'
import { byteRange } from '../lib/byte-range'
import { systemClock } from '../lib/clock'
import { compressedTag } from '../lib/etag'
import { isStreamed, streamed } from './stream'

/** Smaller answers fit into a packet or two anyway. */
const leastBytes = 1_024
const compressible =
  /^(application\/(json|x-ndjson|feed\+json|geo\+json|rss\+xml|atom\+xml)|text\/(html|css|javascript|csv|calendar))/
const level = 4

/** Compressed within a millisecond. On the pool of threads, short answers would queue behind passwords and long ones. */
const mostBytesAtOnce = 32_768

const compressOnPool = promisify(gzip)

const compressBytes = (bytes: Uint8Array) =>
  bytes.length <= mostBytesAtOnce ? gzipSync(bytes, { level }) : compressOnPool(bytes, { level })

const acceptsGzip = (header: string) =>
  header.split(',').some((part) => {
    const [coding = '', ...parameters] = part.toLowerCase().split(';')
    const quality = parameters.find((parameter) => parameter.trim().startsWith('q='))
    return coding.trim() === 'gzip' && (quality === undefined || Number(quality.trim().slice(2)) > 0)
  })

const mayCompress = (request: Request, { status, headers }: Response) =>
  status !== 206 &&
  !headers.has('content-encoding') &&
  compressible.test(headers.get('content-type') ?? '') &&
  acceptsGzip(request.headers.get('accept-encoding') ?? '')

/** The same answer in both forms. */
export type Encoded = { plain: Blob; gzip: Blob }

/** Longer answers are sent in parts of this size: the runtime would give all that the network takes to each client at once. */
const partBytes = 32_768

/**
 * Answers in the form that the client accepts; HEAD tells the length in this form. A `Range` is answered with a part of the
 * plain form, as programs that read maps from afar ask for it.
 */
export function encodedAnswer(
  request: Request,
  given: Record<string, string>,
  { plain, gzip }: Encoded,
  onFailure: (error: unknown) => void,
): Response {
  const headers = new Headers({ ...given, 'accept-ranges': 'bytes' })
  const range = request.method === 'GET' ? rangeAsked(request, headers, plain.size) : null
  if (range === 'beyond') {
    headers.set('content-range', `bytes */${plain.size}`)
    return new Response(null, { status: 416, headers })
  }
  if (range !== null) {
    headers.set('content-range', `bytes ${range.first}-${range.last}/${plain.size}`)
    return sent(request, plain.slice(range.first, range.last + 1), { status: 206, headers }, onFailure)
  }
  const isCompressed = acceptsGzip(request.headers.get('accept-encoding') ?? '')
  if (isCompressed) markCompressed(headers)
  return sent(request, isCompressed ? gzip : plain, { status: 200, headers }, onFailure)
}

/** A range of another version, as `If-Range` says, is of no use (RFC 9110, 13.1.5). */
function rangeAsked({ headers }: Request, own: Headers, size: number) {
  const version = headers.get('if-range')
  const isOurs = version === null || [own.get('etag'), own.get('last-modified')].includes(version)
  return isOurs ? byteRange(headers.get('range'), size) : null
}

function sent(
  request: Request,
  body: Blob,
  init: { status: number; headers: Headers },
  onFailure: (error: unknown) => void,
): Response {
  if (request.method === 'HEAD' || body.size <= partBytes) return new Response(body, init)
  return streamed(request, init, { parts: partsOf(body), onEnd: () => {}, onFailure })
}

async function* partsOf(whole: Blob): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < whole.size; i += partBytes) yield await whole.slice(i, i + partBytes).bytes()
}

function markCompressed(headers: Headers): void {
  const etag = headers.get('etag')
  if (etag !== null) headers.set('etag', compressedTag(etag))
  headers.set('content-encoding', 'gzip')
}

/** Compresses if the client accepts gzip and it is worth it; long answers off the main thread. */
export async function compress(request: Request, response: Response): Promise<Response> {
  if (response.body === null || !mayCompress(request, response)) return response
  if (isStreamed(request)) return compressStream(response)
  const bytes = await response.bytes()
  const { status, headers } = response
  if (bytes.length < leastBytes) return new Response(bytes, { status, headers })
  markCompressed(headers)
  return new Response(await compressBytes(bytes), { status, headers })
}

/**
 * What HEAD tells of the answer that GET would get: its length as well, unless that is known only once it is compressed or
 * streamed.
 */
export async function withoutBody(request: Request, response: Response): Promise<Response> {
  const { status, headers, body } = response
  // Our server adds a date to other answers itself.
  headers.set('date', systemClock.now().toUTCString())
  const declared = headers.get('content-length')
  headers.delete('content-length')
  if (status === 204 || status === 304) return response
  const length = body === null ? Number(declared) : (await response.blob()).size
  const isCompressed = mayCompress(request, response) && (isStreamed(request) || length >= leastBytes)
  if (isCompressed) markCompressed(headers)
  if (!isCompressed && !isStreamed(request)) {
    headers.set('content-length', String(length))
    return new Response(null, { status, headers })
  }
  return new Response(unknownLength(), { status, headers })
}

/** Of a body that is null or has ended the server would say that its length is 0. */
const unknownLength = () =>
  new ReadableStream({ pull: (controller) => controller.close() }, { highWaterMark: 0 })

/** Works at the client's pace; the runtime's own compression stream would read everything at once, however slow the client is. */
function compressStream({ body, status, headers }: Response): Response {
  markCompressed(headers)
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  const parts = gzipped(reader)
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 1 },
  )
  return new Response(stream, { status, headers })
}

async function* gzipped(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zip = createGzip({ level })
  const made: Uint8Array[] = []
  zip.on('data', (bytes: Uint8Array) => made.push(bytes))
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    await new Promise<void>((resolve, reject) => {
      zip.write(value, (error) => (error ? reject(error) : resolve()))
    })
    yield* made.splice(0)
  }
  zip.end()
  await finished(zip)
  yield* made
}
