import type { Ctx } from '../core/ctx'
import { AppError } from '../lib/errors'
import type { RouteEntry } from './route-table'

/** Returns the part of the time that an answer depends on, such as today's date. */
export type Timed = (ctx: Ctx, query: Record<string, unknown>) => string | Promise<string>

/** Filled in by the plugins in their order. */
export type RequestState = {
  id: string
  method: string
  path: string
  /** The client's address, even behind trusted proxies. */
  address: string
  route: RouteEntry | null
  ctx: Ctx | null
  /** Environment and first characters of the key, for the log. */
  keyPrefix: string | null
  /** The tenant's slug, for the log. */
  tenant: string | null
  /** SHA-256 of the body's bytes; null if none was read. */
  bodyHash: string | null
  /** ETag of a list, known before the list is read. */
  etag: string | null
  timed: Timed | null
  /** Headers for the answer, even if it is an error. */
  headers: Record<string, string>
}

const states = new WeakMap<Request, RequestState>()

export const keepState = (request: Request, state: RequestState) => void states.set(request, state)

export function stateOf(request: Request): RequestState {
  const state = states.get(request)
  if (!state) throw new AppError('internal', 'The request bypassed the request log')
  return state
}

export function ctxOf(request: Request): Ctx {
  const { ctx } = stateOf(request)
  if (!ctx) throw new AppError('internal', 'A route that needs a key was reached without one')
  return ctx
}
