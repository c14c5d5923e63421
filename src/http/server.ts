import type { Server } from 'bun'
import type { Deps } from '../core/ctx'
import { AppError } from '../lib/errors'
import type { Handle } from './request-log'

/** Closes connections whose request does not arrive, or whose answer sends nothing, for this long. */
const idleSeconds = 30
const stopWithinMs = 10_000
const pollMs = 20

export type Listening = { url: string; stop(): Promise<void> }

/** `stop` refuses new requests, gives running ones 10 seconds, then cuts the rest off. */
export function listen({ config, log }: Deps, handle: Handle): Listening {
  const server = start(config.host, config.port, handle)
  return {
    url: server.url.origin,
    stop: async () => {
      void server.stop()
      for (let waited = 0; server.pendingRequests > 0 && waited < stopWithinMs; waited += pollMs) {
        await Bun.sleep(pollMs)
      }
      if (server.pendingRequests > 0)
        log.warn('requests cut off at stop', { pending: server.pendingRequests })
      // Idle connections would otherwise keep the server open until their clients leave.
      await server.stop(true)
    },
  }
}

/** Without a sound `Host`, as monitors ask by HTTP/1.0, the runtime gives a bare path for an address. */
const addressed = (request: Request): Request =>
  request.url.startsWith('/') ? new Request(`http://localhost${request.url}`, request) : request

function start(hostname: string, port: number, handle: Handle): Server<undefined> {
  try {
    return Bun.serve({
      hostname,
      port,
      reusePort: false,
      development: false,
      idleTimeout: idleSeconds,
      // Above our own limit, so that we refuse large bodies ourselves, in JSON.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request, current) => handle(addressed(request), current.requestIP(request)?.address ?? ''),
    })
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `Cannot listen on ${hostname}:${port}: is another program using the port?`,
      {},
      cause,
    )
  }
}
