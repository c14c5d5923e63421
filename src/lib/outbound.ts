import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import { type Outbound, RefusedAddress, type Vetted, vet, withoutBrackets } from './outbound-address'
import { type Fault, faultOf } from './outbound-fault'

export type Attempt = { headers: Record<string, string>; body: string; timeoutMs: number }

/** `retryAfter` is the unparsed header, `reply` the beginning of the body. */
export type Reply = { status: number; retryAfter: string | null; reply: string }

export type Outcome = Reply | Fault

/** Bytes of a reply that are read at most, and kept at most. */
const mostBytes = 65_536
const keptBytes = 1_024

const longestRetryAfter = 100
const mostInterimReplies = 10

/** Text that any store accepts: bad UTF-8 replaced, control characters removed. */
function textOf(bytes: Uint8Array): string {
  const kept = bytes.subarray(0, keptBytes)
  return new TextDecoder().decode(kept, { stream: kept.length < bytes.length }).replace(/[^\P{Cc}\n\t]/gu, '')
}

/** Gives a socket the vetted addresses, so that the name is not resolved again. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_hostname, { all }, done) => {
    const [first] = known
    if (all) done(null, known)
    else done(null, first?.address ?? '', first?.family)
  }
}

/** No agent: every connection is new, so the certificate is checked for this name each time. */
function optionsOf({ ca }: Outbound, { url, addresses }: Vetted, attempt: Attempt): https.RequestOptions {
  const hostname = withoutBrackets(url.hostname)
  return {
    agent: false,
    method: 'POST',
    hostname,
    port: url.port || undefined,
    path: url.pathname + url.search,
    headers: { ...attempt.headers, host: url.host, 'content-length': Buffer.byteLength(attempt.body) },
    lookup: pinnedTo(addresses),
    servername: isIP(hostname) === 0 ? hostname.replace(/\.$/, '') : '',
    // Set explicitly, because an environment variable could otherwise turn it off.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
  }
}

/** Reads to the end of the body or to the limit. */
function readReply(message: http.IncomingMessage, tell: (reply: Reply) => void) {
  const chunks: Buffer[] = []
  let length = 0
  const finish = () =>
    tell({
      status: message.statusCode ?? 0,
      retryAfter: message.headers['retry-after']?.slice(0, longestRetryAfter) ?? null,
      reply: textOf(Buffer.concat(chunks)),
    })
  message.on('data', (chunk: Buffer) => {
    if (length <= keptBytes) chunks.push(chunk)
    length += chunk.length
    if (length >= mostBytes) finish()
  })
  message.on('end', finish)
}

async function send(outbound: Outbound, vetted: Vetted, attempt: Attempt, signal: AbortSignal) {
  const { url } = vetted
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const fail = (error: { code?: string }) => resolve(faultOf(url, error))
  const client = url.protocol === 'https:' ? https : http
  const request = client.request(optionsOf(outbound, vetted, attempt))
  let interimReplies = 0
  request.on('information', () => {
    interimReplies += 1
    if (interimReplies > mostInterimReplies) fail({ code: 'HPE_HEADER_OVERFLOW' })
  })
  request.on('response', (message) => {
    message.on('error', fail)
    readReply(message, resolve)
  })
  request.on('error', fail)
  request.on('close', () => fail({ code: 'ECONNRESET' }))
  signal.addEventListener('abort', () => resolve(timeout(attempt)), { once: true })
  request.end(attempt.body)
  try {
    return await promise
  } finally {
    request.destroy()
  }
}

const timeout = ({ timeoutMs }: Attempt): Fault => ({
  fault: 'timeout',
  message: `No complete reply came within ${timeoutMs / 1_000} s`,
})

/**
 * Vets the URL and POSTs to one of the addresses just vetted. Network faults are returned, never thrown; `timeoutMs` covers
 * everything. Follows no redirects, decompresses nothing and ignores proxy settings of the environment.
 */
export async function post(outbound: Outbound, address: string, attempt: Attempt): Promise<Outcome> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(), attempt.timeoutMs)
  try {
    const vetted = await vet(outbound, address, ending.signal)
    return await send(outbound, vetted, attempt, ending.signal)
  } catch (error) {
    if (!(error instanceof RefusedAddress)) throw error
    return ending.signal.aborted ? timeout(attempt) : { fault: error.fault, message: error.message }
  } finally {
    clearTimeout(timer)
  }
}
