import type { TObject } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import { planFor, type RouteScope } from '../core/scopes'
import { invalid } from '../lib/errors'
import { ctxOf, stateOf } from './request-state'
import { scopeKey } from './route-table'
import { decodeQuery, validate } from './validation'

type Parsed = { request: Request; query: unknown; body?: unknown }

/**
 * Checks query and body against the route's schemas and names every fault of both at once. Runs before the
 * framework's own validation, which coerces and stops at the first part.
 */
function checkInput(context: Parsed): void {
  const { route } = stateOf(context.request)
  const url = context.request.url
  const at = url.indexOf('?')
  const { value, issues } = decodeQuery(route?.query as TObject | null, at < 0 ? '' : url.slice(at))
  context.query = value
  if (route?.query) {
    const known = new Set(issues.map(({ path }) => path))
    issues.push(...validate(route.query, value, 'query').filter(({ path }) => !known.has(path)))
  }
  if (route?.body) issues.push(...validate(route.body, context.body, 'body'))
  if (issues.length > 0) throw invalid(issues)
}

const security = [{ bearer: [] }, { apiKey: [] }]

/**
 * `scope` on a route line says which scope its callers need. The gate refuses those without; here the input is
 * checked and the handler gets its `ctx`. The scope shows in the route table and in the document.
 */
export const guard = new Elysia({ name: 'guard' }).macro({
  scope: (scope: RouteScope) => ({
    detail: {
      [scopeKey]: scope,
      ...(scope === 'any-key' ? {} : { 'x-plan': planFor(scope) }),
      security,
    } as Record<string, unknown>,
    transform: (context: Parsed) => checkInput(context),
    resolve: ({ request }) => ({ ctx: ctxOf(request) }),
  }),
})
