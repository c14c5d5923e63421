import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type App, createApp } from '../../src/app'
import type { Deps } from '../../src/core/ctx'
import { createDeps } from '../../src/deps'
import { silentLog } from '../../src/lib/log'
import { createCouncil, createTestApp, createTestKey, createTestUser, type TestApp } from '../support/app'
import { onPostgres } from '../support/engine'
import { ask, bearer } from '../support/http'
import { createVisitor, password, withoutSecondFactor } from '../support/visitor'

describe.if(onPostgres)('two copies that count in the database', () => {
  let one: TestApp
  let deps: Deps
  let two: App
  let key: string
  beforeAll(async () => {
    one = await createTestApp({
      REEVE_RATE_LIMIT: '10',
      REEVE_AUTH_FAIL_LIMIT: '4',
      REEVE_RATE_LIMIT_STORE: 'database',
    })
    const council = await createCouncil(one, 'avon')
    key = await createTestKey(one, council, {})
    deps = await createDeps(one.config, { wanted: 'live', log: silentLog })
    two = createApp(deps)
  })
  afterAll(async () => {
    await deps.store.close()
    await one.close()
  })

  const list = (app: App, as: string) => ask(app.handle, 'GET', '/api/wards', bearer(as))

  test('let a key send as many requests as one would, wherever it sends them', async () => {
    const remaining: (string | null)[] = []
    for (let i = 0; i < 10; i++) {
      const { status, headers } = await list(i % 2 ? two : one, key)
      expect(status).toBe(200)
      remaining.push(headers.get('x-ratelimit-remaining'))
    }
    expect(remaining).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'])
    for (const app of [one, two]) {
      const { status, headers } = await list(app, key)
      expect([status, headers.get('x-ratelimit-remaining')]).toEqual([429, '0'])
      expect(Number(headers.get('retry-after'))).toBeWithin(1, 61)
    }
  })

  test('slow down who guesses keys, wherever they guess', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await list(i % 2 ? two : one, 'rv_live_guessed')).status)
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429])
  })

  test('count who fails to sign in, wherever, and nobody who does', async () => {
    const council = await createCouncil(one, 'brent')
    await withoutSecondFactor(council)
    const { email } = await createTestUser(council, { role: 'manager', password })
    const visitors = [createVisitor(one, '192.0.2.7'), createVisitor({ ...one, ...two }, '192.0.2.7')]
    const attempt = async (given: string, i: number) =>
      (await visitors[i % 2]?.send('/admin/sign-in', { council: 'brent', email, password: given }))?.status
    for (let i = 0; i < 12; i++) expect([i, await attempt(password, i)]).toEqual([i, 303])
    for (let i = 0; i < 10; i++) await attempt('a wrong guess', i)
    expect([await attempt(password, 0), await attempt(password, 1)]).toEqual([400, 400])
  })
})
