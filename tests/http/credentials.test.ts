import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { desc, eq } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { createKey, type KeyCreate, revokeKey } from '../../src/core/api-keys/service'
import { type ApiKeyRow, apiKeys } from '../../src/core/api-keys/table'
import { auditEntries } from '../../src/core/audit/table'
import type { Role } from '../../src/core/scopes'
import { setPlan } from '../../src/core/tenants/service'
import { guard } from '../../src/http/guard'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { newApiKey } from '../../src/lib/api-key'
import { sha256 } from '../../src/lib/hash'
import { seededRandom } from '../../src/lib/random'
import {
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type SendOptions,
  type TestApp,
} from '../support/app'
import { keptTexts, runBeside, withTrigger } from '../support/beside'
import { createTestCase, createTestWards, deactivateUser, idsOf } from '../support/casework'
import { ask, bearer, createSmallApp, fingerprint, memoryLog, unlimited } from '../support/http'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
})

afterAll(() => app.close())

const makeKey = (input: Partial<KeyCreate> = {}, of: Council = council) =>
  createKey(of.ctx, app.deps, { name: 'made here', scopes: ['all'], ...input })

const keyRow = async (id: string): Promise<ApiKeyRow> => {
  const [row] = await app.deps.store.read.select().from(apiKeys).where(eq(apiKeys.id, id))
  return row as ApiKeyRow
}

const unknownKey = newApiKey('live', seededRandom('of nobody'))

describe('a request that presents no key', () => {
  const without: [string, SendOptions][] = [
    ['no header', {}],
    ['an empty Authorization', { headers: { authorization: '' } }],
    ['an empty X-API-Key', { headers: { 'x-api-key': '' } }],
    ['two empty headers', { headers: { authorization: '', 'x-api-key': '' } }],
    ['a scheme alone', { headers: { authorization: 'Bearer' } }],
    ['a scheme and spaces', { headers: { authorization: 'bearer   ' } }],
  ]

  test.each(without)('%s: 401 that asks for one', async (_, options) => {
    const answer = await app.send('GET', '/api/me', options)
    expect(answer.status).toBe(401)
    expect(answer.text).toBe('{"error":"API key required","details":{}}')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="reeve"')
  })

  test('a valid key in the query or the path is never read', async () => {
    const names = [
      'key',
      'api_key',
      'apiKey',
      'apikey',
      'token',
      'access_token',
      'authorization',
      'x-api-key',
    ]
    for (const name of names) {
      const answer = await app.send('GET', `/api/me?${name}=${council.key}`)
      expect(answer.text).toBe('{"error":"API key required","details":{}}')
    }
    expect((await app.send('GET', `/api/cases/${council.key}`)).status).toBe(401)
  })

  test('a valid key in a cookie or in another header is not read', async () => {
    const headers = {
      cookie: `key=${council.key}`,
      'x-auth-token': council.key,
      'proxy-authorization': council.key,
    }
    expect((await app.send('GET', '/api/me', { headers })).status).toBe(401)
  })
})

describe('a request with a bad key', () => {
  test('malformed, unknown, expired and revoked keys answer byte-identically', async () => {
    const { key } = council
    const last = key.endsWith('0') ? '1' : '0'
    const expired = await makeKey({ expiresAt: new Date(app.clock.now().getTime() + 1_000) })
    const revoked = await makeKey()
    const idle = await createTestUser(council, { role: 'manager' })
    const orphaned = await makeKey({ actingUserId: idle.id })
    app.clock.advance(1_000)
    await revokeKey(council.ctx, revoked.key.id)
    await deactivateUser(app, idle.id)
    const headers: Record<string, string>[] = [
      { authorization: `Basic ${key}` },
      { authorization: `Token ${key}` },
      { authorization: `Bearer Bearer ${key}` },
      { authorization: `Bearer ${key} ${key}` },
      { authorization: `Bearer,${key}` },
      bearer(`${key.slice(0, -1)}${last}`),
      bearer(key.slice(0, -1)),
      bearer(`${key}0`),
      bearer(key.toUpperCase()),
      bearer(key.replace('rv_live_', 'rv_test_')),
      bearer(newApiKey('test', seededRandom('of a demo'))),
      bearer(unknownKey),
      bearer(sha256(key)),
      bearer("' OR 1=1 --"),
      bearer('x'.repeat(10_000)),
      { 'x-api-key': `Bearer ${key}` },
      { 'x-api-key': unknownKey },
      bearer(expired.plain),
      bearer(revoked.plain),
      bearer(orphaned.plain),
    ]
    const answers = await Promise.all(headers.map((given) => app.send('GET', '/api/me', { headers: given })))
    for (const [i, answer] of answers.entries()) {
      expect([i, answer.status]).toEqual([i, 401])
      expect(answer.text).toBe('{"error":"Invalid API key","details":{}}')
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="reeve"')
      expect(answer.headers.has('x-ratelimit-limit')).toBe(false)
    }
    expect(new Set(answers.map((answer) => JSON.stringify(fingerprint(answer)))).size).toBe(1)
  })

  test('a key works until the very instant of its expiry', async () => {
    const { plain } = await makeKey({ expiresAt: new Date(app.clock.now().getTime() + 60_000) })
    app.clock.advance(59_999)
    expect((await app.send('GET', '/api/me', { key: plain })).status).toBe(200)
    app.clock.advance(1)
    expect((await app.send('GET', '/api/me', { key: plain })).status).toBe(401)
  })

  test('a revoked key stops on its next request and leaves the other keys alone', async () => {
    const { plain, key } = await makeKey()
    expect((await app.send('GET', '/api/me', { key: plain })).status).toBe(200)
    await revokeKey(council.ctx, key.id)
    expect((await app.send('GET', '/api/me', { key: plain })).status).toBe(401)
    expect((await app.send('GET', '/api/me', { key: council.key })).status).toBe(200)
  })

  test('two headers with different keys are a 400 that repeats neither, valid or not', async () => {
    const other = await createTestKey(app, council, {})
    for (const [one, two] of [
      [council.key, other],
      [other, council.key],
      [council.key, unknownKey],
      [unknownKey, council.key],
      ['abc', 'def'],
    ] as const) {
      const answer = await app.send('GET', '/api/me', { headers: { ...bearer(one), 'x-api-key': two } })
      expect(answer.status).toBe(400)
      expect(answer.body).toEqual({ error: expect.any(String), details: {} })
      expect(answer.text).not.toContain(one)
      expect(answer.text).not.toContain(two)
    }
  })

  test('a wrong checksum is refused without touching the store', async () => {
    const own = await createTestApp(unlimited)
    const { key } = await createCouncil(own, 'closing')
    await own.close()
    const broken = `${key.slice(0, -6)}000000`
    expect((await own.send('GET', '/api/me', { key: broken })).status).toBe(401)
    expect((await own.send('GET', '/api/me', { key })).status).toBeGreaterThanOrEqual(500)
  })
})

describe('a valid key is read from', () => {
  const forms: [string, (key: string) => Record<string, string>][] = [
    ['Authorization: Bearer KEY', (key) => ({ authorization: `Bearer ${key}` })],
    ['the scheme in lower case', (key) => ({ authorization: `bearer ${key}` })],
    ['the scheme in capitals', (key) => ({ authorization: `BEARER ${key}` })],
    ['the scheme in any case', (key) => ({ authorization: `bEaReR ${key}` })],
    ['the scheme and several spaces', (key) => ({ authorization: `Bearer   ${key}` })],
    ['bare Authorization', (key) => ({ authorization: key })],
    ['X-API-Key', (key) => ({ 'x-api-key': key })],
    ['both headers, equal', (key) => ({ authorization: `Bearer ${key}`, 'x-api-key': key })],
    ['both headers, equal and bare', (key) => ({ authorization: key, 'x-api-key': key })],
    ['X-API-Key beside an empty Authorization', (key) => ({ authorization: '', 'x-api-key': key })],
  ]

  test.each(forms)('%s', async (_, headers) => {
    const { status, body } = await app.send('GET', '/api/me', { headers: headers(council.key) })
    expect([status, body.tenant?.slug]).toEqual([200, 'avon'])
  })
})

describe('GET /api/me', () => {
  test('says who the key is, what it may do and what is left, for a key of any scope', async () => {
    const expiresAt = new Date(app.clock.now().getTime() + 3_600_000)
    const { plain, key } = await makeKey({ name: 'one scope', scopes: ['news:read'], expiresAt })
    const { status, body } = await app.send('GET', '/api/me', { key: plain })
    expect(status).toBe(200)
    expect(body).toEqual({
      tenant: { id: council.tenant.id, slug: 'avon', name: 'avon council', plan: 'council' },
      key: {
        id: key.id,
        name: 'one scope',
        prefix: plain.slice(0, 12),
        scopes: ['news:read'],
        expiresAt: expiresAt.toISOString(),
      },
      rateLimit: {
        limit: 1_000_000_000,
        windowSeconds: 60,
        remaining: 999_999_999,
        resetAt: new Date(app.clock.now().getTime() + 60_000).toISOString(),
      },
    })
  })
})

describe('a key at rest', () => {
  test('is a hash, a prefix and four characters; the plain key is nowhere in the data directory', async () => {
    const { plain, key } = await makeKey()
    expect(plain).toMatch(/^rv_live_[0-9A-Za-z]{36}$/)
    expect(key).toMatchObject({ hash: sha256(plain), prefix: plain.slice(0, 12), lastFour: plain.slice(-4) })
    const kept = (await keptTexts(app)).map(([, text]) => text)
    expect(kept.some((text) => text.includes(sha256(plain)))).toBe(true)
    expect(kept.some((text) => text.includes(plain))).toBe(false)
  })

  test('cannot be made with a scope outside the plan, which is named', async () => {
    const pro = await createCouncil(app, 'small-plan', 'pro')
    const refused = async () => makeKey({ scopes: ['cases:read', 'reports:read'] }, pro)
    await expect(refused()).rejects.toMatchObject({
      kind: 'bad_request',
      details: {
        issues: [{ in: 'body', path: 'scopes', message: 'The scope reports:read is not in the plan pro' }],
      },
    })
  })

  test('cannot be made with an unknown scope or an address range that is none', async () => {
    for (const input of [{ scopes: ['cases:delete'] }, { scopes: [] }, { ipAllow: ['10.0.0.0/33'] }]) {
      const refused = async () => makeKey(input)
      await expect(refused()).rejects.toMatchObject({ kind: 'bad_request' })
    }
  })
})

describe('plan and scope', () => {
  test('a council on the free plan is refused with its plan, whatever the scopes of its key', async () => {
    const downgraded = await createCouncil(app, 'downgraded')
    await setPlan(downgraded.ctx, 'free')
    for (const path of ['/api/me', '/api/cases', '/api/wards/x']) {
      const { status, text } = await app.send('GET', path, { key: downgraded.key })
      expect(status).toBe(403)
      expect(text).toBe('{"error":"API access requires a Pro or Council plan","details":{"plan":"free"}}')
    }
  })

  test('a scope that the key does not hold is named beside those it does', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:read', 'wards:read'] })
    const { status, text } = await app.send('POST', '/api/cases', { key, body: { summary: 'Pothole' } })
    expect(status).toBe(403)
    expect(text).toBe(
      '{"error":"Insufficient scope","details":{"requiredScope":"cases:write","scopes":["cases:read","wards:read"]}}',
    )
  })

  test('writing does not include reading', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:write'] })
    const { status, body } = await app.send('GET', '/api/cases', { key })
    expect([status, body.details.requiredScope]).toEqual([403, 'cases:read'])
  })

  describe('of a route that only the council plan includes', () => {
    const reports = new Elysia()
      .use(guard)
      .get('/api/test-reports', () => ({ ran: true }), { scope: 'reports:read' })
    const see = async (key: string) => {
      const { status, text } = await ask(
        createSmallApp(app.deps, reports).handle,
        'GET',
        '/api/test-reports',
        bearer(key),
      )
      return { status, text }
    }

    test('a key that held the scope before a downgrade is told the plan it needs, and works after the return', async () => {
      const shrinking = await createCouncil(app, 'shrinking')
      expect(await see(shrinking.key)).toEqual({ status: 200, text: '{"ran":true}' })
      await setPlan(shrinking.ctx, 'pro')
      expect(await see(shrinking.key)).toEqual({
        status: 403,
        text: '{"error":"Not available on this plan","details":{"requiredScope":"reports:read","requiredPlan":"council","plan":"pro"}}',
      })
      expect((await app.send('GET', '/api/cases', { key: shrinking.key })).status).toBe(200)
      await setPlan(shrinking.ctx, 'council')
      expect((await see(shrinking.key)).status).toBe(200)
    })

    test('a key that never held the scope is told so, not to buy a plan', async () => {
      const pro = await createCouncil(app, 'never-held', 'pro')
      const { status, text } = await see(pro.key)
      expect([status, JSON.parse(text).error]).toEqual([403, 'Insufficient scope'])
    })

    test.each([
      ['caseworker', 403],
      ['councillor', 403],
      ['manager', 200],
      ['admin', 200],
    ] as [Role, number][])('a key acting for a %s: %i', async (role, expected) => {
      const user = await createTestUser(council, { role })
      const key = await createTestKey(app, council, { actingUserId: user.id })
      expect((await see(key)).status).toBe(expected)
    })
  })
})

describe('an address allow-list', () => {
  const cases: [ranges: string[], peer: string, status: number][] = [
    [['10.0.0.0/8'], '10.1.2.3', 200],
    [['10.0.0.0/8'], '11.1.2.3', 403],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', 200],
    [['10.0.0.0/8'], '::ffff:11.1.2.3', 403],
    [['10.0.0.0/8'], '2001:db8::1', 403],
    [['192.0.2.7'], '192.0.2.7', 200],
    [['192.0.2.7'], '192.0.2.8', 403],
    [['192.0.2.7/32'], '::ffff:c000:207', 200],
    [['2001:db8::/32'], '2001:db8:ffff::1', 200],
    [['2001:db8::/32'], '2001:db9::1', 403],
    [['2001:db8::/32'], '10.1.2.3', 403],
    [['2001:db8::7'], '2001:0DB8:0:0::0007', 200],
    [['0.0.0.0/0'], '203.0.113.1', 200],
    [['0.0.0.0/0'], '2001:db8::1', 403],
    [['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', 200],
    [['10.0.0.0/8', '0.0.0.0/0'], '', 403],
  ]

  test.each(cases)('%j asked from "%s": %i', async (ipAllow, peer, status) => {
    const key = await createTestKey(app, council, { ipAllow })
    const answer = await app.send('GET', '/api/me', { key, peer })
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.text).not.toContain(String(ipAllow[0]))
  })

  test('does not believe a forwarded address where no proxy is trusted', async () => {
    const key = await createTestKey(app, council, { ipAllow: ['203.0.113.0/24'] })
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
    }
    expect((await app.send('GET', '/api/me', { key, headers, peer: '10.0.0.1' })).status).toBe(403)
  })

  describe('behind trusted proxies', () => {
    let proxied: TestApp
    let key: string
    beforeAll(async () => {
      proxied = await createTestApp({ ...unlimited, REEVE_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8:1::/48' })
      const behind = await createCouncil(proxied, 'behind')
      key = await createTestKey(proxied, behind, { ipAllow: ['203.0.113.0/24', '2001:db8:2::/48'] })
    })
    afterAll(() => proxied.close())

    test.each([
      ['10.0.0.1', '203.0.113.9', 200],
      ['::ffff:10.0.0.1', '203.0.113.9', 200],
      ['2001:db8:1::1', '2001:db8:2::9', 200],
      ['10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', 200],
      ['10.0.0.1', '::ffff:203.0.113.9', 200],
      ['10.0.0.1', '203.0.113.9, 198.51.100.1', 403],
      ['10.0.0.1', '203.0.113.9, 198.51.100.1, 10.0.0.2', 403],
      ['10.0.0.1', '203.0.113.9, nonsense', 403],
      ['10.0.0.1', '', 403],
      ['10.0.0.1', '10.0.0.2, 10.0.0.3', 403],
      ['192.0.2.1', '203.0.113.9', 403],
    ])('peer %s, forwarded for "%s": %i', async (peer, forwarded, status) => {
      const headers = { 'x-forwarded-for': forwarded }
      expect((await proxied.send('GET', '/api/me', { key, peer, headers })).status).toBe(status)
    })

    test('the audit log keeps the client’s address, not the proxy’s', async () => {
      const headers = { 'x-forwarded-for': '192.0.2.1, 203.0.113.77' }
      const options = { key, peer: '10.0.0.1', headers, body: { summary: 'Pothole' } }
      expect((await proxied.send('POST', '/api/cases', options)).status).toBe(201)
      const [entry] = await proxied.deps.store.read
        .select()
        .from(auditEntries)
        .orderBy(desc(auditEntries.seq))
        .limit(1)
      expect(entry).toMatchObject({ action: 'case.create', actorType: 'key', actorIp: '203.0.113.77' })
    })
  })
})

describe('a key that acts for a user', () => {
  let riverside: Council
  let made: Record<'inWard' | 'elsewhere' | 'nowhere', { id: string; reference: string }>
  let keys: Record<string, string>
  let caseworkerId: string
  let otherWard: string

  beforeAll(async () => {
    riverside = await createCouncil(app, 'riverside')
    const [ward, other] = (await createTestWards(app, riverside, ['Ashley', 'Lawrence'])) as [string, string]
    otherWard = other
    const caseworker = await createTestUser(riverside, { role: 'caseworker' })
    caseworkerId = caseworker.id
    const actors = {
      caseworker,
      councillor: await createTestUser(riverside, { role: 'councillor', wardIds: [ward] }),
      wardless: await createTestUser(riverside, { role: 'councillor' }),
      manager: await createTestUser(riverside, { role: 'manager' }),
      admin: await createTestUser(riverside, { role: 'admin' }),
    }
    keys = {}
    for (const [name, { id }] of Object.entries(actors)) {
      keys[name] = await createTestKey(app, riverside, { actingUserId: id })
    }
    made = {
      inWard: await createTestCase(app, riverside, { wardId: ward }),
      elsewhere: await createTestCase(app, riverside, { wardId: other, assigneeId: caseworker.id }),
      nowhere: await createTestCase(app, riverside),
    }
  })

  const sees: [string, ('inWard' | 'elsewhere' | 'nowhere')[]][] = [
    ['caseworker', ['elsewhere']],
    ['councillor', ['inWard']],
    ['wardless', []],
    ['manager', ['inWard', 'elsewhere', 'nowhere']],
    ['admin', ['inWard', 'elsewhere', 'nowhere']],
  ]

  test.each(sees)('%s: lists and opens %j and nothing else', async (name, visible) => {
    const key = keys[name] as string
    const { body } = await app.send('GET', '/api/cases', { key })
    expect(idsOf(body.cases).sort()).toEqual(visible.map((which) => made[which].id).sort())
    expect(body.pagination.total).toBe(visible.length)
    const unknown = fingerprint(await app.send('GET', '/api/cases/unknown', { key }))
    expect(unknown.status).toBe(404)
    for (const [which, { id, reference }] of Object.entries(made)) {
      for (const path of [`/api/cases/${id}`, `/api/cases/${reference}`]) {
        const answer = await app.send('GET', path, { key })
        if ((visible as string[]).includes(which)) expect([which, answer.status]).toEqual([which, 200])
        else expect(fingerprint(answer)).toEqual(unknown)
      }
    }
  })

  test('filters do not widen what it sees', async () => {
    for (const query of [
      `wardId=${otherWard}`,
      `assigneeId=${caseworkerId}`,
      'assigneeId=none',
      'status=open',
    ]) {
      const { body } = await app.send('GET', `/api/cases?${query}`, { key: keys.wardless as string })
      expect([body.cases.length, body.pagination.total]).toEqual([0, 0])
    }
    const { body } = await app.send('GET', `/api/cases?wardId=${otherWard}`, {
      key: keys.councillor as string,
    })
    expect([body.cases.length, body.pagination.total]).toEqual([0, 0])
  })

  test('cannot change what it does not see', async () => {
    const answer = await app.send('PATCH', `/api/cases/${made.nowhere.id}`, {
      key: keys.caseworker as string,
      body: { priority: 'urgent' },
    })
    expect(answer.status).toBe(404)
    const { body } = await app.send('GET', `/api/cases/${made.nowhere.id}`, { key: riverside.key })
    expect([body.priority, body.version]).toEqual(['normal', 1])
  })

  test('what a caseworker makes is theirs to see', async () => {
    const own = await createCouncil(app, 'own-cases')
    const user = await createTestUser(own, { role: 'caseworker' })
    const key = await createTestKey(app, own, { actingUserId: user.id })
    const created = await createTestCase(app, { key })
    expect(created.assigneeId).toBe(user.id)
    expect((await app.send('GET', `/api/cases/${created.id}`, { key })).status).toBe(200)
  })

  test('ends with the user’s deactivation', async () => {
    const user = await createTestUser(riverside, { role: 'manager' })
    const key = await createTestKey(app, riverside, { actingUserId: user.id })
    expect((await app.send('GET', '/api/cases', { key })).status).toBe(200)
    await deactivateUser(app, user.id)
    const { status, text } = await app.send('GET', '/api/cases', { key })
    expect([status, text]).toEqual([401, '{"error":"Invalid API key","details":{}}'])
  })
})

describe('when a key was last used', () => {
  test('is kept to the minute and costs a request no write', async () => {
    const { plain, key } = await makeKey()
    expect((await keyRow(key.id)).lastUsedAt).toBeNull()
    app.clock.set(new Date('2026-05-01T10:20:45.678Z'))
    await startHousekeeping(app.deps).stop()
    const before = app.deps.store.commits()
    for (let i = 0; i < 20; i++) await app.send('GET', '/api/me', { key: plain })
    expect(app.deps.store.commits()).toBe(before)
    await startHousekeeping(app.deps).stop()
    expect(app.deps.store.commits()).toBe(before + 1)
    expect((await keyRow(key.id)).lastUsedAt?.toISOString()).toBe('2026-05-01T10:20:00.000Z')

    await startHousekeeping(app.deps).stop()
    expect(app.deps.store.commits()).toBe(before + 1)
    app.clock.advance(60_000)
    await app.send('GET', '/api/me', { key: plain })
    await startHousekeeping(app.deps).stop()
    expect((await keyRow(key.id)).lastUsedAt?.toISOString()).toBe('2026-05-01T10:21:00.000Z')
  })

  test('is not touched by a refused key', async () => {
    const { plain, key } = await makeKey()
    await revokeKey(council.ctx, key.id)
    await app.send('GET', '/api/me', { key: plain })
    await startHousekeeping(app.deps).stop()
    expect((await keyRow(key.id)).lastUsedAt).toBeNull()
  })
})

describe('the log', () => {
  const secretText = 'Neighbour of 12 Acacia Avenue'

  test('holds no key, query or body, whatever the request', async () => {
    const { log, lines } = memoryLog()
    const own = await createTestApp(unlimited, { log })
    const { key } = await createCouncil(own, 'quiet')
    const almost = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    const requests: [string, string, SendOptions][] = [
      ['GET', '/api/me', { key }],
      ['GET', '/api/me', { headers: { 'x-api-key': key } }],
      ['GET', '/api/me', { key: almost }],
      ['GET', '/api/me', { headers: { authorization: key, 'x-api-key': almost } }],
      ['GET', `/api/me?key=${key}`, {}],
      ['GET', `/api/cases/${key}`, { key }],
      ['GET', `/nothing/${key}`, {}],
      ['POST', '/api/cases', { key, body: { summary: secretText } }],
      ['POST', '/api/cases', { key, body: { summary: secretText, unknown: secretText } }],
      ['POST', '/api/cases', { key, body: `{"summary": "${secretText}` }],
      ['POST', '/api/cases', { key, body: secretText, headers: { 'content-type': 'text/plain' } }],
      ['GET', `/api/wards?search=${encodeURIComponent(secretText)}`, { key }],
    ]
    for (const [method, path, options] of requests) await own.send(method, path, options)
    await own.close()
    const text = lines.join('')
    expect(lines).toHaveLength(requests.length)
    expect(text).toContain('"route":"/api/cases"')
    expect(text).toContain(key.slice(0, 12))
    for (const secret of [key, almost, key.slice(12), sha256(key), 'Acacia'])
      expect(text).not.toContain(secret)
  })

  test('holds no body and no hash where a statement of the store fails', async () => {
    const { log, lines } = memoryLog()
    const own = await createTestApp(unlimited, { log })
    const { key } = await createCouncil(own, 'failing')
    const failed = await withTrigger(own, 'BEFORE INSERT ON cases', () =>
      own.send('POST', '/api/cases', { key, body: { summary: secretText } }),
    )
    await runBeside(own, 'ALTER TABLE tenants RENAME TO tenants_away')
    const unread = await own.send('GET', '/api/cases', { key })
    await own.close()
    expect([failed.status, unread.status]).toEqual([500, 500])
    expect(failed.body).toEqual({
      error: 'Internal server error',
      details: { requestId: failed.headers.get('x-request-id') },
    })
    const text = lines.join('')
    expect(text).toContain('refused')
    expect(text).toMatch(/no such table|does not exist/)
    for (const secret of [key, sha256(key), 'Acacia']) expect(text).not.toContain(secret)
  })
})
