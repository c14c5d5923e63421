import type { Deps } from '../core/ctx'
import { listCorsOrigins } from '../core/tenants/store'
import { forbidden } from '../lib/errors'

const allowedHeaders =
  'Authorization, X-API-Key, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id'
const exposedHeaders =
  'ETag, Link, Location, Retry-After, Idempotent-Replayed, X-Request-Id, X-RateLimit-Limit, ' +
  'X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy'
const preflightSeconds = '600'

export const isPreflight = ({ method, headers }: Request) =>
  method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')

/** A preflight carries no key, so the origins of every council are accepted. */
export async function answerPreflight(
  { store }: Deps,
  request: Request,
  methods: readonly string[],
): Promise<Response> {
  const origin = request.headers.get('origin') ?? ''
  const known = await listCorsOrigins(store.read)
  if (!known.includes(origin)) throw forbidden('This origin may not use the API from a browser')
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': preflightSeconds,
    },
  })
}

/** For public data only: pages of any site may read the answer. */
export const anyOrigin = { 'access-control-allow-origin': '*' }

export const answerAnyPreflight = (methods: readonly string[]): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...anyOrigin,
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': 'Content-Type',
      'access-control-max-age': preflightSeconds,
    },
  })

/** `origins` are those that the council allows. */
export function corsHeaders(request: Request, origins: readonly string[]): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null || !origins.includes(origin)) return {}
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders }
}
