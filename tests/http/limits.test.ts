import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setPlan } from '../../src/core/tenants/service'
import { updateTenant } from '../../src/core/tenants/store'
import { write } from '../../src/core/write'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type SendOptions,
  type TestApp,
} from '../support/app'
import { signedInAs } from '../support/visitor'

let app: TestApp
let council: Council
let made = 0

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

/** Each test has a council, a key and a window of its own. */
const newCouncil = async () => {
  council = await createCouncil(app, `council-${++made}`)
  return council
}

const me = (key: string, options: SendOptions = {}) => app.send('GET', '/api/me', { key, ...options })

/** Sends this many requests and counts the answers by status. */
async function sendMany(times: number, send: () => Promise<Answer>): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let i = 0; i < times; i++) {
    const { status } = await send()
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

const remaining = ({ headers }: Answer) => Number(headers.get('x-ratelimit-remaining'))

const setRateLimit = (rateLimit: number | null) =>
  write(council.ctx, 'settings.update', async (w) => {
    await updateTenant(w, { rateLimit })
    return { changes: [], result: undefined }
  })

describe('beyond the limit of a key', () => {
  test('the 101st request in a minute is a 429 that says when to come back', async () => {
    const { key } = await newCouncil()
    expect(await sendMany(100, () => me(key))).toEqual({ 200: 100 })
    const refused = await me(key)
    expect(refused.status).toBe(429)
    expect(refused.text).toBe('{"error":"Rate limit exceeded","details":{"limit":100,"retryAfter":60}}')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.headers.get('x-ratelimit-limit')).toBe('100')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('ratelimit-policy')).toBe('"default";q=100;w=60')
    expect(refused.headers.get('ratelimit')).toBe('"default";r=0;t=60')
  })

  test('the time to wait is in whole seconds from 60 down to 1, and the window then starts anew', async () => {
    const { key } = await newCouncil()
    await sendMany(100, () => me(key))
    const waits = []
    for (const ms of [1, 999, 58_000, 500, 499]) {
      app.clock.advance(ms)
      const { status, headers, body } = await me(key)
      expect([status, String(body.details.retryAfter)]).toEqual([429, headers.get('retry-after') as string])
      waits.push(body.details.retryAfter)
    }
    expect(waits).toEqual([60, 59, 1, 1, 1])
    app.clock.advance(1)
    const answer = await me(key)
    expect([answer.status, remaining(answer)]).toEqual([200, 99])
  })

  test('the window runs from the key’s first request, not from the last or from a full minute', async () => {
    const { key } = await newCouncil()
    app.clock.advance(7_777)
    await me(key)
    app.clock.advance(59_999)
    expect(remaining(await me(key))).toBe(98)
    app.clock.advance(1)
    expect(remaining(await me(key))).toBe(99)
    app.clock.advance(30_000)
    expect(remaining(await me(key))).toBe(98)
  })

  test('refused requests do not make the wait longer', async () => {
    const { key } = await newCouncil()
    await sendMany(150, () => me(key))
    app.clock.advance(60_000)
    expect((await me(key)).status).toBe(200)
  })

  test('a request that would be refused otherwise is a 429 all the same', async () => {
    await newCouncil()
    const key = await createTestKey(app, council, { scopes: ['cases:read'], ipAllow: ['10.0.0.0/8'] })
    expect(await sendMany(100, () => app.send('POST', '/api/cases', { key }))).toEqual({ 403: 100 })
    expect((await app.send('POST', '/api/cases', { key })).status).toBe(429)
  })

  test('the limit is the key’s own: another key of the council, and another council, go on', async () => {
    const { key } = await newCouncil()
    const second = await createTestKey(app, council, {})
    const other = await createCouncil(app, 'unconcerned')
    await sendMany(101, () => me(key))
    expect((await me(key)).status).toBe(429)
    expect(remaining(await me(second))).toBe(99)
    expect(remaining(await me(other.key))).toBe(99)
  })

  test('64 requests at once are each counted once', async () => {
    const { key } = await newCouncil()
    const answers = await Promise.all(Array.from({ length: 64 }, () => me(key)))
    expect(answers.map(remaining).sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, i) => 36 + i))
  })
})

describe('every authenticated answer carries the limit', () => {
  const requests: [status: number, method: string, path: string, options: SendOptions][] = [
    [200, 'GET', '/api/me', {}],
    [200, 'GET', '/api/cases', {}],
    [201, 'POST', '/api/cases', { body: { summary: 'Pothole' } }],
    [200, 'HEAD', '/api/cases', {}],
    [400, 'GET', '/api/cases?page=0', {}],
    [400, 'POST', '/api/cases', { body: '{' }],
    [404, 'GET', '/api/cases/unknown', {}],
    [404, 'PATCH', '/api/cases/unknown', { body: { priority: 'high' } }],
    [415, 'POST', '/api/cases', { body: 'x', headers: { 'content-type': 'text/plain' } }],
  ]

  test.each(requests)('%i %s %s', async (status, method, path, options) => {
    await newCouncil()
    await me(council.key)
    app.clock.advance(10_500)
    const answer = await app.send(method, path, { key: council.key, ...options })
    expect(answer.status).toBe(status)
    const endsAt = app.clock.now().getTime() + 49_500
    expect(answer.headers.get('x-ratelimit-limit')).toBe('100')
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('98')
    expect(answer.headers.get('x-ratelimit-reset')).toBe(String(Math.ceil(endsAt / 1000)))
    expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=100;w=60')
    expect(answer.headers.get('ratelimit')).toBe('"default";r=98;t=50')
  })

  test('403: for the scope, for the address, for the plan', async () => {
    await newCouncil()
    const narrow = await createTestKey(app, council, { scopes: ['wards:read'] })
    const elsewhere = await createTestKey(app, council, { ipAllow: ['10.0.0.0/8'] })
    const answers = [
      await app.send('GET', '/api/cases', { key: narrow }),
      await app.send('GET', '/api/cases', { key: elsewhere }),
    ]
    await setPlan(council.ctx, 'free')
    answers.push(await app.send('GET', '/api/cases', { key: council.key }))
    expect(answers.map((answer) => [answer.status, remaining(answer)])).toEqual([
      [403, 99],
      [403, 99],
      [403, 99],
    ])
  })

  test('what is left in the headers and in /api/me is the same', async () => {
    const { key } = await newCouncil()
    await sendMany(3, () => me(key))
    const answer = await me(key)
    const { remaining: left, resetAt } = answer.body.rateLimit
    expect([left, remaining(answer)]).toEqual([96, 96])
    expect(answer.headers.get('x-ratelimit-reset')).toBe(String(Math.ceil(Date.parse(resetAt) / 1000)))
  })

  test('an answer without a valid key carries none', async () => {
    for (const options of [{}, { key: 'nonsense' }]) {
      const { headers } = await app.send('GET', '/api/me', { peer: '198.18.0.1', ...options })
      expect([...headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([])
    }
  })
})

describe('the wall clock', () => {
  test.each([
    ['an hour back', -3_600_000],
    ['an hour forward', 3_600_000],
    ['a year forward', 31_536_000_000],
  ])('set %s neither opens nor prolongs a window', async (_, ms) => {
    const { key } = await newCouncil()
    const before = app.clock.now()
    await sendMany(100, () => me(key))
    app.clock.set(new Date(before.getTime() + ms))
    const refused = await me(key)
    expect([refused.status, refused.body.details.retryAfter]).toEqual([429, 60])
    expect(refused.headers.get('x-ratelimit-reset')).toBe(
      String(Math.ceil((before.getTime() + ms + 60_000) / 1000)),
    )
    app.clock.advance(59_999)
    expect((await me(key)).status).toBe(429)
    app.clock.advance(1)
    expect((await me(key)).status).toBe(200)
    app.clock.set(before)
  })
})

describe('a council’s own limit', () => {
  test('replaces the configured one at once, both ways', async () => {
    const { key } = await newCouncil()
    await setRateLimit(3)
    const first = await me(key)
    expect(first.headers.get('x-ratelimit-limit')).toBe('3')
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60')
    expect(first.body.rateLimit.limit).toBe(3)
    expect(await sendMany(3, () => me(key))).toEqual({ 200: 2, 429: 1 })
    expect((await me(key)).body.details.limit).toBe(3)
    await setRateLimit(10)
    expect((await me(key)).status).toBe(200)
    await setRateLimit(null)
    expect((await me(key)).headers.get('x-ratelimit-limit')).toBe('100')
  })

  test('leaves other councils at theirs', async () => {
    await newCouncil()
    await setRateLimit(1)
    const other = await createCouncil(app, 'at-the-default')
    expect((await me(other.key)).headers.get('x-ratelimit-limit')).toBe('100')
  })
})

describe('requests without a valid key', () => {
  const refused = '{"error":"Rate limit exceeded","details":{"limit":60,"retryAfter":60}}'

  test.each([
    ['none', {}],
    ['a malformed one', { key: 'nonsense' }],
    ['two different ones', { headers: { authorization: 'Bearer a', 'x-api-key': 'b' } }],
  ])('with %s: 60 a minute an address, then 429', async (name, options) => {
    const peer = `198.18.1.${name.length}`
    const send = () => app.send('GET', '/api/me', { peer, ...options })
    const usual = (await send()).status
    expect(await sendMany(59, send)).toEqual({ [usual]: 59 })
    const { status, text, headers } = await send()
    expect([status, text]).toEqual([429, refused])
    expect(headers.get('retry-after')).toBe('60')
    app.clock.advance(59_999)
    expect((await send()).status).toBe(429)
    app.clock.advance(1)
    expect((await send()).status).toBe(usual)
  })

  test('do not keep a valid key out, though it comes from the same address', async () => {
    const { key } = await newCouncil()
    const peer = '198.18.2.1'
    expect(await sendMany(70, () => app.send('GET', '/api/me', { peer }))).toEqual({ 401: 60, 429: 10 })
    const answer = await me(key, { peer })
    expect([answer.status, remaining(answer)]).toEqual([200, 99])
  })

  test('valid requests do not use up the address’s bucket', async () => {
    const { key } = await newCouncil()
    const peer = '198.18.3.1'
    await sendMany(90, () => me(key, { peer }))
    expect((await app.send('GET', '/api/me', { peer })).status).toBe(401)
  })

  test('spend no council’s quota', async () => {
    const { key } = await newCouncil()
    await me(key)
    const almost = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    await sendMany(50, () => me(almost, { peer: '198.18.4.1' }))
    expect(remaining(await me(key))).toBe(98)
  })

  test.each([
    ['another IPv4 address', '198.18.5.1', '198.18.5.2', 401],
    ['the same address written as mapped IPv6', '198.18.6.1', '::ffff:198.18.6.1', 429],
    ['an address of the same IPv6 /64', '2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', 429],
    [
      'the same IPv6 address written in full',
      '2001:db8:0:2::1',
      '2001:0db8:0000:0002:0000:0000:0000:0001',
      429,
    ],
    ['an address of another IPv6 /64', '2001:db8:0:3::1', '2001:db8:0:4::1', 401],
  ])('%s answers %s → %s with %i', async (_, peer, next, status) => {
    await sendMany(60, () => app.send('GET', '/api/me', { peer }))
    expect((await app.send('GET', '/api/me', { peer: next })).status).toBe(status)
  })

  test('the limit is configured, and counts a client behind a trusted proxy as itself', async () => {
    const own = await createTestApp({ REEVE_AUTH_FAIL_LIMIT: '2', REEVE_TRUSTED_PROXIES: '10.0.0.0/8' })
    const from = (client: string) =>
      own.send('GET', '/api/me', { peer: '10.0.0.1', headers: { 'x-forwarded-for': client } })
    expect(await sendMany(3, () => from('203.0.113.1'))).toEqual({ 401: 2, 429: 1 })
    expect((await from('203.0.113.2')).status).toBe(401)
    await own.close()
  })
})

describe('what needs no key', () => {
  test('has a looser bucket an address, apart from those of keys and of bad keys', async () => {
    const { key } = await newCouncil()
    const peer = '198.18.7.1'
    const health = () => app.send('GET', '/health', { peer })
    expect(await sendMany(1_200, health)).toEqual({ 200: 1_200 })
    const refused = await health()
    expect([refused.status, refused.body]).toEqual([
      429,
      { error: 'Rate limit exceeded', details: { limit: 1_200, retryAfter: 60 } },
    ])
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await app.send('GET', '/api/me', { peer })).status).toBe(401)
    expect((await me(key, { peer })).status).toBe(200)
    expect((await app.send('GET', '/health', { peer: '198.18.7.2' })).status).toBe(200)
    app.clock.advance(60_000)
    expect((await health()).status).toBe(200)
  })

  test('people who are signed in have a bucket each, however many share their address', async () => {
    const council = await newCouncil()
    const peer = '198.18.9.1'
    const signedIn = async (): Promise<() => Promise<Answer>> => {
      const { cookie } = await signedInAs(app, council, { role: 'caseworker' })
      return () => app.send('GET', '/version', { peer, headers: { cookie } })
    }
    const stranger = () => app.send('GET', '/version', { peer })
    const [ask, other] = [await signedIn(), await signedIn()]
    expect(await sendMany(1_201, ask)).toEqual({ 200: 1_200, 429: 1 })
    expect([(await other()).status, (await stranger()).status]).toEqual([200, 200])
    expect(await sendMany(1_200, stranger)).toEqual({ 200: 1_199, 429: 1 })
    expect((await other()).status).toBe(200)
    const made = `__Host-reeve_session=${'a'.repeat(43)}`
    expect((await app.send('GET', '/version', { peer, headers: { cookie: made } })).status).toBe(429)
  })

  test('unknown routes are counted there too', async () => {
    const peer = '198.18.8.1'
    expect(await sendMany(1_201, () => app.send('GET', '/api/nothing', { peer }))).toEqual({
      404: 1_200,
      429: 1,
    })
  })
})
