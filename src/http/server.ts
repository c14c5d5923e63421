import type { Server } from 'bun'
import type { Deps } from '../core/ctx'
import { AppError } from '../lib/errors'
import type { Handle } from './request-log'

/** Seconds after which a connection is cut whose request has not arrived or whose answer stays quiet. */
const idleSeconds = 30
const stopWithinMs = 10_000
const pollMs = 20

export type Listening = { url: string; stop(): Promise<void> }

/**
 * Listens on the configured address. Two servers never share a port. `stop` refuses new requests, finishes those
 * in flight within 10 seconds, then cuts the rest.
 */
export function listen({ config, log }: Deps, handle: Handle): Listening {
  const server = start(config.host, config.port, handle)
  return {
    url: server.url.origin,
    stop: async () => {
      void server.stop()
      for (let waited = 0; server.pendingRequests > 0 && waited < stopWithinMs; waited += pollMs) {
        await Bun.sleep(pollMs)
      }
      if (server.pendingRequests > 0) log.warn('requests cut at stop', { pending: server.pendingRequests })
      // What is left are idle connections, which would hold the server open until their clients go.
      await server.stop(true)
    },
  }
}

function start(hostname: string, port: number, handle: Handle): Server<undefined> {
  try {
    return Bun.serve({
      hostname,
      port,
      reusePort: false,
      development: false,
      idleTimeout: idleSeconds,
      // Larger than any size we refuse ourselves, so that the refusal is ours and is JSON.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request, current) => handle(request, current.requestIP(request)?.address ?? ''),
    })
  } catch (cause) {
    throw new AppError('unavailable', `Cannot listen on ${hostname}:${port}; is the port taken?`, {}, cause)
  }
}
