import type { TObject } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import type { Ctx } from '../core/ctx'
import { planFor, type RouteScope } from '../core/scopes'
import { tidied, validate } from '../core/validation'
import { type Issue, invalid } from '../lib/errors'
import { isTagList } from '../lib/etag'
import { unchangedList } from './conditional'
import { idempotencyIssues, idempotencyOf } from './idempotency'
import { decodeQuery, queryIssues } from './query'
import { ctxOf, stateOf, type Timed } from './request-state'
import { scopeKey } from './route-table'

export type Parsed = { request: Request; query: unknown; body?: unknown }

/**
 * Checks query, body and conditional headers, and reports every fault at once. Runs before the framework's own validation,
 * which coerces values and stops at the first part.
 */
export function checkInput(context: Parsed): void {
  const { route, path } = stateOf(context.request)
  const url = context.request.url
  const at = url.indexOf('?')
  const unknown = path.startsWith('/api/') ? 'refuse' : 'ignore'
  const decoded = decodeQuery(route?.query as TObject | null, at < 0 ? '' : url.slice(at), unknown)
  const { value } = decoded
  context.query = route?.query ? tidied(route.query, value) : value
  const issues = route?.query
    ? queryIssues(route.query as TObject, context.query, decoded.issues)
    : decoded.issues
  if (route?.body) {
    context.body = tidied(route.body, context.body)
    issues.push(...validate(route.body, context.body, 'body'))
  }
  issues.push(...tagIssues(context.request), ...idempotencyIssues(context.request))
  if (issues.length > 0) throw invalid(issues)
}

/** A malformed `If-None-Match` is ignored: the answer is then sent whole. `If-Match` guards a change, so it must be sound. */
function tagIssues({ headers }: Request): Issue[] {
  const header = headers.get('If-Match')
  if (header === null || isTagList(header)) return []
  const message = 'Must be * or a list of entity tags in quotation marks'
  return [{ in: 'header', path: 'If-Match', code: 'format', message }]
}

/** The gate made the `ctx` before the body was read, which the idempotency key depends on. */
function completeCtx(request: Request): Ctx {
  const ctx = {
    ...ctxOf(request),
    ifMatch: request.headers.get('if-match'),
    idempotency: idempotencyOf(request),
  }
  stateOf(request).ctx = ctx
  return ctx
}

const security = [{ bearer: [] }, { apiKey: [] }]

/**
 * `scope` on a route line is the scope that callers need; it appears in the route table, for the gate to enforce, and in the API
 * document. Here the input is checked and the handler gets its `ctx`. `timed` returns the part of the time that a list depends
 * on, so that its ETag changes with it.
 */
export const guard = new Elysia({ name: 'guard' }).macro({
  scope: (scope: RouteScope) => ({
    detail: {
      [scopeKey]: scope,
      ...(scope === 'any-key' ? {} : { 'x-plan': planFor(scope) }),
      security,
    } as Record<string, unknown>,
    transform: (context: Parsed) => checkInput(context),
    resolve: ({ request }) => ({ ctx: completeCtx(request) }),
    beforeHandle: ({ request, query }) => unchangedList(request, query),
  }),
  timed: (timed: Timed) => ({
    transform: ({ request }) => {
      stateOf(request).timed = timed
    },
  }),
})
