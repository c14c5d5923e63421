import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { setPlan } from '../../src/core/tenants/service'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { auditOf, type Body, createActing, type Holder } from './cases/support'

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

const read = ({ key }: Holder = council) => app.send('GET', '/api/settings', { key })
const patch = (body: unknown, { key }: Holder = council, headers: Record<string, string> = {}) =>
  app.send('PATCH', '/api/settings', { key, body, headers })
const change = async (body: unknown): Promise<Body> => {
  const answer = await patch(body)
  expect([answer.status, answer.body.details ?? null]).toEqual([200, null])
  return answer.body
}
const changesOf = async () =>
  (await auditOf(app, council))
    .filter(({ action }) => action === 'settings.update')
    .map(({ changes }) => changes)

describe('settings are refused', () => {
  test.each([
    ['', [[], null]],
    ['name', ['', ' ', 'x'.repeat(201), null, 7]],
    ['referencePrefix', ['', 'cw', '1A', 'C-W', 'ABCDEFGHIJK', null]],
    ['nation', ['england', null]],
    ['timezone', ['Europe/Paris', 'UTC', null]],
    ['reopenWindowDays', [0, 1_000, 1.5, '5']],
    ['retentionMonths', [0, 241, 0.5, '24']],
    ['rateLimit', [0, -1, 1_000_000_001, '60']],
    ['corsOrigins', [null, 'https://example.org', Array(51).fill('https://example.org')]],
    ['publicMinCell', [0, 101, 2.5, null]],
    ['website', ['', 'www.example.gov.uk', 'ftp://example.gov.uk']],
    [
      'newsPage',
      ['https://example.gov.uk/news', 'https://{slug}.example.gov.uk/', 'https://example.gov.uk/{reference}'],
    ],
    ['eventPage', ['https://example.gov.uk/{slug}', 'https://example.gov.uk/{id}/{other}']],
    ['casePage', ['https://example.gov.uk/{id}', 'example.gov.uk/{reference}']],
    ['slaDefaults', [null, 10]],
    ['webhooks', [null, true]],
    ['open311', [null, true]],
    ['signIn', [null, true]],
    ['plan', ['council']],
    ['slug', ['other']],
  ] as [string, unknown[]][])('for a bad %s, which is named', async (field, values) => {
    const before = (await read()).body
    for (const value of values) {
      const answer = await patch(field === '' ? value : { [field]: value })
      expect([value, answer.status, issuesOf(answer)]).toEqual([value, 400, [`body ${field}`]])
    }
    expect((await read()).body).toEqual(before)
    expect(await changesOf()).toEqual([])
  })

  test.each([
    [{ corsOrigins: ['https://example.org', 'example.org'] }, ['body corsOrigins.1']],
    [{ corsOrigins: ['https://example.org/'] }, ['body corsOrigins.0']],
    [{ corsOrigins: ['*', 'null'] }, ['body corsOrigins.0', 'body corsOrigins.1']],
    [{ slaDefaults: { targetDays: 0 } }, ['body slaDefaults.targetDays']],
    [{ slaDefaults: { targetDays: 1_000 } }, ['body slaDefaults.targetDays']],
    [{ slaDefaults: { dayType: 'business' } }, ['body slaDefaults.dayType']],
    [{ slaDefaults: { hours: 1 } }, ['body slaDefaults.hours']],
    [{ webhooks: { includePersonalData: 'yes' } }, ['body webhooks.includePersonalData']],
    [{ webhooks: { secret: 'x' } }, ['body webhooks.secret']],
    [{ open311: { enabled: 1 } }, ['body open311.enabled']],
    [{ signIn: { requireSecondFactor: 'no' } }, ['body signIn.requireSecondFactor']],
    [{ signIn: { password: true } }, ['body signIn.password']],
    [
      { name: '', publicMinCell: 0, open311: { on: true } },
      ['body name', 'body open311.on', 'body publicMinCell'],
    ],
  ] as [Record<string, unknown>, string[]][])('%j: 400 that names %j', async (body, expected) => {
    const answer = await patch({ name: 'Another', ...body })
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
    expect((await read()).body.name).toBe(council.tenant.name)
  })

  test('to keys without their scope', async () => {
    const reader = { key: await createTestKey(app, council, { scopes: ['settings:read'] }) }
    const writer = { key: await createTestKey(app, council, { scopes: ['settings:write'] }) }
    expect((await read(reader)).status).toBe(200)
    const [written, seen] = [await patch({ publicMinCell: 7 }, reader), await read(writer)]
    expect([written.status, written.body.details.requiredScope]).toEqual([403, 'settings:write'])
    expect([seen.status, seen.body.details.requiredScope]).toEqual([403, 'settings:read'])
    expect((await patch({ publicMinCell: 7 }, writer)).status).toBe(200)
  })

  test('to keys that act for a councillor or a caseworker, not for a manager', async () => {
    const scopes = ['settings:read', 'settings:write']
    for (const role of ['councillor', 'caseworker'] as const) {
      const holder = await createActing(app, council, role, { scopes })
      for (const { status, body } of [await read(holder), await patch({ publicMinCell: 7 }, holder)]) {
        expect([status, body.details.role]).toEqual([403, role])
      }
    }
    const manager = await createActing(app, council, 'manager', { scopes })
    expect((await patch({ publicMinCell: 7 }, manager)).body.publicMinCell).toBe(7)
  })

  test('on how people sign in, and on letting out personal data, to keys that act for a manager', async () => {
    const manager = await createActing(app, council, 'manager', { scopes: ['all'] })
    const admin = await createActing(app, council, 'admin', { scopes: ['all'] })
    for (const [body, fields] of [
      [{ signIn: { requireSecondFactor: false } }, ['signIn.requireSecondFactor']],
      [{ webhooks: { includePersonalData: true } }, ['webhooks.includePersonalData']],
    ] as [object, string[]][]) {
      const answer = await patch({ publicMinCell: 7, ...body }, manager)
      expect([answer.status, answer.body.details]).toEqual([403, { role: 'manager', fields }])
      expect((await read()).body.publicMinCell).toBe(5)
      expect((await patch(body, admin)).body).toMatchObject(body)
    }
    expect((await patch({ webhooks: { includePersonalData: false } }, manager)).status).toBe(200)
  })

  test('on a plan without them', async () => {
    await setPlan(council.ctx, 'pro')
    for (const { status, body } of [await read(), await patch({ publicMinCell: 7 })]) {
      expect([status, body.error]).toEqual([403, 'Not available on this plan'])
      expect(body.details).toMatchObject({ requiredPlan: 'council', plan: 'pro' })
    }
    await setPlan(council.ctx, 'free')
    expect((await read()).body.details).toEqual({ plan: 'free' })
    await setPlan(council.ctx, 'council')
    expect((await read()).body.publicMinCell).toBe(5)
  })

  test('when they let out personal data that the key may not read', async () => {
    const holder = { key: await createTestKey(app, council, { scopes: ['settings:read', 'settings:write'] }) }
    const answer = await patch({ name: 'Another', webhooks: { includePersonalData: true } }, holder)
    expect([answer.status, answer.body.details.requiredScope]).toEqual([403, 'residents:read'])
    expect((await read()).body).toMatchObject({
      name: council.tenant.name,
      webhooks: { includePersonalData: false },
    })
    await change({ webhooks: { includePersonalData: true } })
    expect((await patch({ webhooks: { includePersonalData: false } }, holder)).status).toBe(200)
  })

  test('when they changed since they were read: 412', async () => {
    const tag = (await read()).headers.get('etag') as string
    await change({ publicMinCell: 7 })
    expect((await patch({ publicMinCell: 9 }, council, { 'if-match': tag })).status).toBe(412)
    const newTag = (await read()).headers.get('etag') as string
    const answer = await patch({ publicMinCell: 9 }, council, { 'if-match': newTag })
    expect([answer.status, answer.body.publicMinCell]).toEqual([200, 9])
  })
})

const initial = {
  referencePrefix: 'CW',
  nation: 'england_wales',
  timezone: 'Europe/London',
  slaDefaults: { targetDays: 10, dayType: 'working' },
  reopenWindowDays: 5,
  retentionMonths: 24,
  rateLimit: null,
  corsOrigins: [],
  publicMinCell: 5,
  website: null,
  newsPage: null,
  eventPage: null,
  casePage: null,
  webhooks: { includePersonalData: false },
  open311: { enabled: false },
  signIn: { requireSecondFactor: true },
}

describe('settings', () => {
  test('have the documented shape', async () => {
    expect((await read()).body).toEqual({ name: council.tenant.name, ...initial })
  })

  test('change where they are named, inner ones too, and each is on record as it was and is', async () => {
    const first = await change({ slaDefaults: { targetDays: null }, webhooks: { includePersonalData: true } })
    expect(first).toMatchObject({
      slaDefaults: { targetDays: null, dayType: 'working' },
      webhooks: { includePersonalData: true },
    })
    const rest = {
      name: ' Avon ',
      referencePrefix: 'AV1',
      nation: 'scotland',
      timezone: 'Europe/Jersey',
      slaDefaults: { dayType: 'calendar' },
      reopenWindowDays: null,
      retentionMonths: 240,
      rateLimit: 1_000_000,
      corsOrigins: ['https://www.example.gov.uk', 'http://localhost:3000'],
      publicMinCell: 100,
      website: 'https://www.example.gov.uk',
      newsPage: 'https://www.example.gov.uk/news/{slug}',
      eventPage: 'https://www.example.gov.uk/events?id={id}',
      casePage: 'https://www.example.gov.uk/cases/{reference}',
      open311: { enabled: true },
      signIn: { requireSecondFactor: false },
    }
    const second = await change(rest)
    expect(second).toEqual({
      ...rest,
      name: 'Avon',
      slaDefaults: { targetDays: null, dayType: 'calendar' },
      webhooks: { includePersonalData: true },
    })
    expect((await read()).body).toEqual(second)
    const { name } = council.tenant
    const { slaDefaults: _s, open311: _o, signIn: _i, name: _n, ...plain } = rest
    expect(await changesOf()).toEqual([
      { targetDays: { from: 10, to: null }, webhooksPersonalData: { from: false, to: true } },
      {
        name: { from: name, to: 'Avon' },
        targetDayType: { from: 'working', to: 'calendar' },
        open311Enabled: { from: false, to: true },
        requireSecondFactor: { from: true, to: false },
        ...Object.fromEntries(
          Object.entries(plain).map(([field, to]) => [
            field,
            { from: initial[field as keyof typeof initial], to },
          ]),
        ),
      },
    ])
  })

  test('that are so already are no change', async () => {
    const { name } = council.tenant
    const before = (await auditOf(app, council)).length
    for (const body of [{ name, ...initial }, { slaDefaults: {}, signIn: {} }, { name: ` ${name} ` }]) {
      expect(await change(body)).toEqual({ name, ...initial })
    }
    expect(await auditOf(app, council)).toHaveLength(before)
  })

  test('hold from then on: for references, targets, origins and the rate', async () => {
    const before = await createTestCase(app, council)
    const settings = { referencePrefix: 'AV', slaDefaults: { targetDays: null } }
    await change({ ...settings, rateLimit: 500, corsOrigins: ['https://www.example.gov.uk'] })
    const made = await createTestCase(app, council)
    expect([before.reference.slice(0, 3), before.dueAt]).toEqual(['CW-', expect.any(String)])
    expect([made.reference.slice(0, 3), made.dueAt]).toEqual(['AV-', null])
    const headers = { origin: 'https://www.example.gov.uk' }
    const answer = await app.send('GET', '/api/me', { key: council.key, headers })
    expect(answer.headers.get('access-control-allow-origin')).toBe(headers.origin)
    expect(answer.headers.get('ratelimit-limit') ?? answer.headers.get('x-ratelimit-limit')).toContain('500')
  })

  test('of another council stay as they are', async () => {
    const other = await createCouncil(app, `other-${fresh}`)
    await change({ publicMinCell: 9, open311: { enabled: true } })
    expect((await read(other)).body).toEqual({ name: other.tenant.name, ...initial })
  })
})
