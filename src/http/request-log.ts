import type { Deps } from '../core/ctx'
import { clientAddress } from '../lib/address'
import { discardRest } from '../lib/body'
import { newRequestId } from '../lib/id'
import { compress, withoutBody } from './compression'
import { errorResponse } from './errors'
import { keepState, type RequestState } from './request-state'
import { secure } from './security-headers'

/** `peer` is the address of the other end of the connection. */
export type Handle = (request: Request, peer: string) => Promise<Response>

const maxDiscardedBytes = 8_388_608
const maxDiscardingMs = 10_000

const idForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/**
 * Wraps the application: determines each request's id and client address, adds the collected headers to any answer, and logs one
 * line. Keys, queries and bodies are never logged.
 */
export function withRequestLog(
  deps: Deps,
  answer: (request: Request) => Response | Promise<Response>,
): Handle {
  const { clock, log, config } = deps
  return async (request, peer) => {
    const startedAt = clock.monotonic()
    const givenId = request.headers.get('x-request-id') ?? ''
    const state: RequestState = {
      id: idForm.test(givenId) ? givenId : newRequestId(),
      method: request.method,
      path: pathOf(request.url),
      address: clientAddress(peer, request.headers.get('x-forwarded-for'), config.trustedProxies),
      route: null,
      ctx: null,
      keyPrefix: null,
      tenant: null,
      bodyHash: null,
      etag: null,
      timed: null,
      headers: {},
    }
    keepState(request, state)
    let response: Response
    try {
      response = await answer(request)
    } catch (error) {
      response = errorResponse(error, state.id, log)
    }
    const isRead = await discardRest(request.body, maxDiscardedBytes, maxDiscardingMs)
    response = await (state.method === 'HEAD' ? withoutBody : compress)(request, response)
    secure(response, state.path, config)
    response.headers.set('x-request-id', state.id)
    // The rest of the body must not be mistaken for the next request, nor be read for ever.
    if (!isRead) response.headers.set('connection', 'close')
    for (const [name, value] of Object.entries(state.headers)) response.headers.set(name, value)
    log.info('request', {
      id: state.id,
      method: state.method,
      route: state.route?.path ?? null,
      status: response.status,
      ms: Math.round((clock.monotonic() - startedAt) * 10) / 10,
      tenant: state.tenant,
      key: state.keyPrefix,
    })
    return response
  }
}

function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.indexOf('?', start)
  return end < 0 ? url.slice(start) : url.slice(start, end)
}
