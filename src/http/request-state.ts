import type { Ctx } from '../core/ctx'
import { AppError } from '../lib/errors'
import type { RouteEntry } from './route-table'

/** What of the time an answer depends on, given what was asked for. */
export type Timed = (ctx: Ctx, query: Record<string, unknown>) => string | Promise<string>

/** What is known of a request while it is answered; filled in by the plugins in their order. */
export type RequestState = {
  id: string
  method: string
  path: string
  /** The client's address, behind trusted proxies too. */
  address: string
  route: RouteEntry | null
  ctx: Ctx | null
  /** Environment and first characters of the key, for the log. */
  keyPrefix: string | null
  /** The tenant's slug, for the log. */
  tenant: string | null
  /** SHA-256 of the body as it came; null where none was read. */
  bodyHash: string | null
  /** Tag of a list, known before it is read. */
  etag: string | null
  /** What of the time the answer depends on; null where it does not. */
  timed: Timed | null
  /** Headers that the answer carries, whatever it is. */
  headers: Record<string, string>
}

const states = new WeakMap<Request, RequestState>()

export const keepState = (request: Request, state: RequestState) => void states.set(request, state)

export function stateOf(request: Request): RequestState {
  const state = states.get(request)
  if (!state) throw new AppError('internal', 'The request came in past the request log')
  return state
}

export function ctxOf(request: Request): Ctx {
  const { ctx } = stateOf(request)
  if (!ctx) throw new AppError('internal', 'A route that needs a key was reached without one')
  return ctx
}
