import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { isInPlan, isScope, plans, type RouteScope, type Scope, scopes } from '../../src/core/scopes'
import { setPlan } from '../../src/core/tenants/service'
import type { RouteEntry } from '../../src/http/route-table'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { unlimited } from '../support/http'

let app: TestApp
let council: Council
let routes: RouteEntry[]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  routes = app.routes.entries.filter(({ path }) => path.startsWith('/api/'))
})

afterAll(() => app.close())

const send = ({ method, path, body }: RouteEntry, key?: string) =>
  app.send(method, path.replace(/:\w+/g, 'unknown'), {
    ...(key === undefined ? {} : { key }),
    ...(body === null ? {} : { body: {} }),
  })

const show = ({ method, path }: RouteEntry) => `${method} ${path}`

describe('every route under /api', () => {
  test('names a scope; what names one is under /api', () => {
    expect(routes.map(show).sort()).toEqual(
      expect.arrayContaining(['GET /api/cases', 'GET /api/me', 'PATCH /api/cases/:id', 'POST /api/cases']),
    )
    const without = routes.filter(({ scope }) => scope !== 'any-key' && !isScope(String(scope)))
    expect(without.map(show)).toEqual([])
    const elsewhere = app.routes.entries.filter(({ path, scope }) => scope && !path.startsWith('/api/'))
    expect(elsewhere.map(show)).toEqual([])
  })

  test('asks for reading where it reads and for writing where it writes', () => {
    // Sends what it looks for in a body, so that no address and no log holds it.
    const searches = ['POST /api/cases/search-resident']
    const wrong = routes.filter((route) => {
      const { method, scope } = route
      if (scope === 'any-key') return method !== 'GET'
      const isRead = method === 'GET' || searches.includes(show(route))
      return scope?.endsWith(isRead ? ':read' : ':write') !== true
    })
    expect(wrong.map(show)).toEqual([])
    const byPath = new Map(routes.map((route) => [show(route), route.scope]))
    expect(byPath.get('POST /api/cases/search-resident')).toBe('residents:read')
    expect(byPath.get('GET /api/cases/export')).toBe('reports:read')
  })

  test('is 401 without a key, and with a bad one', async () => {
    for (const route of routes) {
      expect([show(route), (await send(route)).text]).toEqual([
        show(route),
        '{"error":"API key required","details":{}}',
      ])
      expect([show(route), (await send(route, 'nonsense')).text]).toEqual([
        show(route),
        '{"error":"Invalid API key","details":{}}',
      ])
    }
  })

  test('lets in a key of its scope and refuses a key of any other', async () => {
    const keys = new Map<Scope, string>()
    for (const scope of scopes) keys.set(scope, await createTestKey(app, council, { scopes: [scope] }))
    const wrong: string[] = []
    const tryOut = async (route: RouteEntry, scope: Scope, key: string) => {
      const { status, body } = await send(route, key)
      const isIn = route.scope === 'any-key' || route.scope === scope
      const isRight = isIn
        ? [200, 400, 404].includes(status)
        : status === 403 && body.details.requiredScope === route.scope && body.details.scopes[0] === scope
      if (!isRight) wrong.push(`${show(route)} with ${scope}: ${status}`)
    }
    // All keys at once, so that the records of their refusals share commits.
    for (const route of routes) {
      await Promise.all([...keys].map(([scope, key]) => tryOut(route, scope, key)))
    }
    expect(wrong).toEqual([])
  })

  test('answers a key of every scope by the council’s present plan', async () => {
    const wrong: string[] = []
    for (const plan of plans) {
      await setPlan(council.ctx, plan)
      for (const route of routes) {
        const { status } = await send(route, council.key)
        const scope = route.scope as RouteScope
        const isIn = plan !== 'free' && (scope === 'any-key' || isInPlan(scope, plan))
        if (isIn ? ![200, 400, 404].includes(status) : status !== 403) {
          wrong.push(`${show(route)} on ${plan}: ${status}`)
        }
      }
    }
    await setPlan(council.ctx, 'council')
    expect(wrong).toEqual([])
  })
})
