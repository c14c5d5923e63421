import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createKey, type KeyCreate, revokeKey } from '../../src/core/api-keys/service'
import { setPlan } from '../../src/core/tenants/service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { tablesWith, withTrigger } from '../support/beside'
import { deactivateUser } from '../support/casework'
import { unlimited } from '../support/http'
import { auditOf } from './cases/support'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  council = await createCouncil(app, `fresh-${++fresh}`)
})

const newKey = (input: Partial<KeyCreate> = {}) =>
  createKey(council.ctx, app.deps, { name: 'portal', scopes: ['cases:read', 'settings:read'], ...input })
const refusals = async () => (await auditOf(app, council)).filter(({ action }) => action === 'access.refuse')

/** Asks once, and expects this refusal and one entry of it that names the key and why. */
async function refused(
  { plain, key }: Awaited<ReturnType<typeof newKey>>,
  path: string,
  [status, reason, requiredScope]: [number, RegExp, string?],
): Promise<void> {
  const before = (await refusals()).length
  const answer = await app.send('GET', path, { key: plain, peer: '192.0.2.7' })
  expect(answer.status).toBe(status)
  const entries = (await refusals()).slice(before)
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({
    actorType: 'key',
    actorId: key.id,
    actorName: 'portal',
    actorIp: '192.0.2.7',
    entity: 'key',
    entityId: key.id,
    changes: { route: { from: null, to: `GET ${path}` }, reason: { to: expect.stringMatching(reason) } },
  })
  expect(entries[0]?.changes.requiredScope).toEqual(
    requiredScope === undefined ? undefined : { from: null, to: requiredScope },
  )
  expect(await tablesWith(app, plain)).toEqual([])
}

describe('nothing is put on record', () => {
  test('of requests without a key, or with one that nobody has', async () => {
    const before = (await auditOf(app, council)).length
    const { plain } = await newKey()
    const flipped = plain.slice(0, -1) + (plain.endsWith('a') ? 'b' : 'a')
    for (const key of [undefined, '', 'nonsense', flipped]) {
      const { status } = await app.send('GET', '/api/cases', key === undefined ? {} : { key })
      expect(status).toBe(401)
    }
    expect(await auditOf(app, council)).toHaveLength(before + 1)
  })

  test('of what a key may do, but asks for badly', async () => {
    const { plain } = await newKey()
    for (const path of ['/api/cases?page=0', '/api/cases/unknown', '/api/nothing', '/api/cases']) {
      await app.send('GET', path, { key: plain })
    }
    expect(await refusals()).toEqual([])
  })
})

describe('a refused key is on record', () => {
  test('for a scope that it does not have', async () => {
    await refused(await newKey(), '/api/wards', [403, /scope/, 'wards:read'])
  })

  test('for a route of one thing, by the route and not by the thing', async () => {
    const { plain } = await newKey()
    await app.send('GET', '/api/wards/abc?include=boundary', { key: plain })
    expect((await refusals())[0]?.changes.route).toEqual({ from: null, to: 'GET /api/wards/:id' })
  })

  test('for a plan that does not include it any more, and for one without keys', async () => {
    const key = await newKey()
    await setPlan(council.ctx, 'pro')
    await refused(key, '/api/settings', [403, /plan/, 'settings:read'])
    await setPlan(council.ctx, 'free')
    await refused(key, '/api/cases', [403, /plan/i])
  })

  test('for the role of whom it acts for', async () => {
    const { id } = await createTestUser(council, { role: 'caseworker' })
    await refused(await newKey({ actingUserId: id }), '/api/settings', [403, /role/, 'settings:read'])
  })

  test('for the address that it is used from', async () => {
    await refused(await newKey({ ipAllow: ['198.51.100.0/24'] }), '/api/cases', [403, /address/])
  })

  test('when it was revoked, has expired, or its user has left', async () => {
    const revoked = await newKey()
    await revokeKey(council.ctx, revoked.key.id)
    await refused(revoked, '/api/cases', [401, /revoked/])
    const expired = await newKey({ expiresAt: new Date(app.clock.now().getTime() + 1) })
    app.clock.advance(1)
    await refused(expired, '/api/cases', [401, /expired/])
    const { id } = await createTestUser(council, { role: 'manager' })
    const left = await newKey({ actingUserId: id })
    await deactivateUser(app, id)
    await refused(left, '/api/cases', [401, /inactive/])
  })

  test('each time, and the caller is told no more than before', async () => {
    const revoked = await newKey()
    await revokeKey(council.ctx, revoked.key.id)
    for (let i = 0; i < 3; i++) {
      const { status, body } = await app.send('GET', '/api/cases', { key: revoked.plain })
      expect([status, body]).toEqual([401, { error: 'Invalid API key', details: {} }])
    }
    expect(await refusals()).toHaveLength(3)
  })

  test('and refused all the same where that cannot be written', async () => {
    const { plain } = await newKey()
    const trigger = `BEFORE INSERT ON audit_entries WHEN NEW.action = 'access.refuse'`
    const answer = await withTrigger(app, trigger, () => app.send('GET', '/api/wards', { key: plain }))
    expect([answer.status, answer.body.details.requiredScope]).toEqual([403, 'wards:read'])
    expect(await refusals()).toEqual([])
    expect(
      app.logged.some(({ message }) => message === 'a refusal could not be recorded in the audit log'),
    ).toBe(true)
  })
})
