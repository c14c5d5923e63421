import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Plan, Role } from '../../src/core/scopes'
import { setPlan } from '../../src/core/tenants/service'
import type { RouteEntry } from '../../src/http/route-table'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type TestApp,
} from '../support/app'
import { isDrill } from '../support/drill'
import { unlimited } from '../support/http'

// What the contract says, written out: taken from the source it would prove nothing.
const proScopes = [
  'cases:read',
  'cases:write',
  'residents:read',
  'wards:read',
  'categories:read',
  'events:read',
  'events:write',
  'news:read',
  'news:write',
]
const councilScopes = [
  ...proScopes,
  'users:read',
  'reports:read',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'settings:read',
  'settings:write',
]
const scopesOf: Record<Plan, readonly string[]> = { free: [], pro: proScopes, council: councilScopes }
const managersOnly = [
  'reports:read',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'settings:read',
  'settings:write',
]
const actingRoles: (Role | null)[] = [null, 'admin', 'manager', 'councillor', 'caseworker']

/** The scope each route asks for; `null` where any key of a paid plan will do. */
const scopeOf: Record<string, string | null> = {
  'GET /api/me': null,
  'GET /api/cases': 'cases:read',
  'POST /api/cases': 'cases:write',
  'GET /api/cases/:id': 'cases:read',
  'PATCH /api/cases/:id': 'cases:write',
  'GET /api/cases/:id/timeline': 'cases:read',
  'POST /api/cases/:id/notes': 'cases:write',
  'GET /api/cases/changes': 'cases:read',
  'GET /api/cases/export': 'reports:read',
  'POST /api/cases/search-resident': 'residents:read',
  'GET /api/reports': 'reports:read',
  'GET /api/reports/summary': 'reports:read',
  'GET /api/reports/timeseries': 'reports:read',
  'GET /api/reports/breakdown': 'reports:read',
  'GET /api/reports/sla': 'reports:read',
  'GET /api/reports/backlog-age': 'reports:read',
  'GET /api/reports/workload': 'reports:read',
  'GET /api/reports/outcomes': 'reports:read',
  'GET /api/reports/public': 'reports:read',
  'GET /api/wards': 'wards:read',
  'GET /api/wards/:id': 'wards:read',
  'GET /api/wards/lookup': 'wards:read',
  'GET /api/wards/export': 'wards:read',
  'GET /api/categories': 'categories:read',
  'GET /api/categories/:id': 'categories:read',
  'GET /api/users': 'users:read',
  'GET /api/users/:id': 'users:read',
  'GET /api/events': 'events:read',
  'POST /api/events': 'events:write',
  'GET /api/events/:id': 'events:read',
  'PATCH /api/events/:id': 'events:write',
  'DELETE /api/events/:id': 'events:write',
  'POST /api/events/approve': 'events:write',
  'GET /api/news': 'news:read',
  'POST /api/news': 'news:write',
  'GET /api/news/:id': 'news:read',
  'PATCH /api/news/:id': 'news:write',
  'DELETE /api/news/:id': 'news:write',
  'POST /api/news/approve': 'news:write',
  'GET /api/webhooks': 'webhooks:read',
  'POST /api/webhooks': 'webhooks:write',
  'GET /api/webhooks/events': 'webhooks:read',
  'GET /api/webhooks/:id': 'webhooks:read',
  'PATCH /api/webhooks/:id': 'webhooks:write',
  'DELETE /api/webhooks/:id': 'webhooks:write',
  'POST /api/webhooks/:id/test': 'webhooks:write',
  'POST /api/webhooks/:id/rotate-secret': 'webhooks:write',
  'POST /api/webhooks/:id/replay-failed': 'webhooks:write',
  'GET /api/webhooks/:id/deliveries': 'webhooks:read',
  'GET /api/webhooks/deliveries/:id': 'webhooks:read',
  'POST /api/webhooks/deliveries/:id/replay': 'webhooks:write',
  'GET /api/audit': 'audit:read',
  'GET /api/audit/verify': 'audit:read',
  'GET /api/audit/export': 'audit:read',
  'GET /api/settings': 'settings:read',
  'PATCH /api/settings': 'settings:write',
}

const plans = Object.keys(scopesOf) as Plan[]

/**
 * The scopes that a route is tried with: in a drill all; else its own, the one of its resource that reads where it writes
 * or the reverse, and one of the others, so that over all routes every scope is one that does not open it.
 */
function scopesFor(route: string, i: number): string[] {
  const own = scopeOf[route]
  if (isDrill || !own) return councilScopes
  const [resource] = own.split(':')
  const [related, others] = [councilScopes, councilScopes].map((list, which) =>
    list.filter((scope) => scope !== own && scope.startsWith(`${resource}:`) === (which === 0)),
  ) as [string[], string[]]
  return [own, ...related, others[i % others.length] as string]
}

const tried = Object.keys(scopeOf).flatMap((route, i) =>
  scopesFor(route, i).map((scope) => ({ route, scope })),
)
const count = tried.length * plans.length * actingRoles.length

type Combination = { route: RouteEntry; scope: string; plan: Plan; role: Role | null }
type Expected = 'allowed' | { error: string; details: Record<string, unknown> }

let app: TestApp
let council: Council
let routes: RouteEntry[]
const keys = new Map<string, string>()

const keyName = (scope: string, role: Role | null) => `${scope} as ${role ?? 'nobody'}`

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon', 'council')
  routes = app.routes.entries.filter(({ path }) => path.startsWith('/api/'))
  for (const role of actingRoles) {
    const actingUserId = role && (await createTestUser(council, { role })).id
    for (const scope of councilScopes) {
      keys.set(keyName(scope, role), await createTestKey(app, council, { scopes: [scope], actingUserId }))
    }
  }
})

afterAll(() => app.close())

const show = ({ method, path }: RouteEntry) => `${method} ${path}`

/** A request that nothing comes of where it is let in: an unknown id, and a body that no route takes. */
const send = (route: RouteEntry, key?: string, method = route.method): Promise<Answer> =>
  app.send(method, route.path.replace(/:\w+/g, 'unknown'), {
    ...(key === undefined ? {} : { key }),
    ...(route.body === null ? {} : { body: { nothingOfThatName: 1 } }),
  })

function expected({ route, scope, plan, role }: Combination): Expected {
  if (plan === 'free') return { error: 'API access requires a Pro or Council plan', details: { plan } }
  const requiredScope = scopeOf[show(route)]
  if (requiredScope === null || requiredScope === undefined) return 'allowed'
  if (scope !== requiredScope) {
    return { error: 'Insufficient scope', details: { requiredScope, scopes: [scope] } }
  }
  if (!scopesOf[plan].includes(scope)) {
    const details = { requiredScope, requiredPlan: 'council', plan }
    return { error: 'Not available on this plan', details }
  }
  if (managersOnly.includes(scope) && (role === 'councillor' || role === 'caseworker')) {
    return { error: 'Not available to the role this key acts for', details: { requiredScope, role } }
  }
  return 'allowed'
}

function isAsExpected({ status, body }: Answer, wanted: Expected): boolean {
  if (wanted === 'allowed') return status < 500 && status !== 401 && status !== 403
  return status === 403 && Bun.deepEquals(body, wanted)
}

/** Some at a time, so that their records share commits. */
async function mismatchesOf(combinations: readonly Combination[]): Promise<string[]> {
  const wrong: string[] = []
  for (let start = 0; start < combinations.length; start += 64) {
    await Promise.all(
      combinations.slice(start, start + 64).map(async (combination) => {
        const { route, scope, plan, role } = combination
        const name = keyName(scope, role)
        const answer = await send(route, keys.get(name))
        const wanted = expected(combination)
        if (isAsExpected(answer, wanted)) return
        wrong.push(
          `${show(route)}, ${plan}, ${name}: ${answer.status} ${answer.text}, not ${JSON.stringify(wanted)}`,
        )
      }),
    )
  }
  return wrong
}

describe('authorisation', () => {
  test('the table of this test names every route under /api and no other', () => {
    expect(Object.keys(scopeOf).sort()).toEqual(routes.map(show).sort())
  })

  test(`every route answers as the contract says, by scope, plan and acting role (${count} combinations)`, async () => {
    const named = new Map(routes.map((route) => [show(route), route]))
    const all: Combination[] = plans.flatMap((plan) =>
      tried.flatMap(({ route, scope }) =>
        actingRoles.map((role) => ({ route: named.get(route) as RouteEntry, scope, plan, role })),
      ),
    )
    const wrong: string[] = []
    for (const plan of plans) {
      await setPlan(council.ctx, plan)
      wrong.push(...(await mismatchesOf(all.filter((combination) => combination.plan === plan))))
    }
    await setPlan(council.ctx, 'council')
    expect(wrong).toEqual([])
    expect(all.length).toBe(count)
  })

  test('what was let in came to nothing', async () => {
    for (const list of ['cases', 'events', 'news', 'webhooks']) {
      const { body } = await app.send('GET', `/api/${list}`, { key: council.key })
      expect([list, body.pagination.total]).toEqual([list, 0])
    }
  })

  test('without a key every route is 401, for HEAD as for GET', async () => {
    for (const plan of ['free', 'council'] as const) {
      await setPlan(council.ctx, plan)
      for (const route of routes) {
        const { status, body } = await send(route)
        expect([show(route), status, body]).toEqual([
          show(route),
          401,
          { error: 'API key required', details: {} },
        ])
        if (route.method !== 'GET') continue
        expect([`HEAD ${route.path}`, (await send(route, undefined, 'HEAD')).status]).toEqual([
          `HEAD ${route.path}`,
          401,
        ])
      }
    }
  })
})
