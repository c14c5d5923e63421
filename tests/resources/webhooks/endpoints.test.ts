import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eventNames } from '../../../src/core/outbox/table'
import { setPlan } from '../../../src/core/tenants/service'
import { purgeDeliveries } from '../../../src/resources/webhooks/housekeeping.service'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../../support/app'
import { tablesWith } from '../../support/beside'
import { createTestCase, createTestCategories, createTestWards } from '../../support/casework'
import { issuesOf, unlimited } from '../../support/http'
import { deliverDue, type Receiver, startReceiver } from '../../support/receiver'
import { auditOf, type Body, createActing, unknownId } from '../cases/support'
import { publicNames } from './story'
import { hooksOf } from './support'

let app: TestApp
let council: Council
let other: Council
let receiver: Receiver
let call: ReturnType<typeof hooksOf>

beforeAll(async () => {
  app = await createTestApp(unlimited, { outbound: publicNames })
  other = await createCouncil(app, 'severn')
  call = hooksOf(app)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  receiver = startReceiver()
  council = await createCouncil(app, `fresh-${++fresh}`)
})
afterEach(() => receiver.stop())

const url = 'https://crm.example.gov.uk/hooks/reeve'
const input = (more: Record<string, unknown> = {}) => ({ url, events: ['case_created'], ...more })
const make = (more: Record<string, unknown> = {}, holder: { key: string } = council): Promise<Body> =>
  call.create(input(more), holder)
/** An endpoint as clients read it, without its secret. */
const show = async (id: string): Promise<Body> => (await call.get(id, council)).body
const withoutResidents = async () => ({
  key: await createTestKey(app, council, { scopes: ['webhooks:read', 'webhooks:write'] }),
})

describe('a webhook is refused', () => {
  test.each([
    [{}, ['body events', 'body url']],
    [input({ url: '' }), ['body url']],
    [input({ url: `https://example.org/${'x'.repeat(2_000)}` }), ['body url']],
    [input({ url: null }), ['body url']],
    [input({ events: [] }), ['body events']],
    [input({ events: 'case_created' }), ['body events']],
    [input({ events: Array(eventNames.length + 1).fill('case_created') }), ['body events']],
    [input({ events: ['case_created', 'case_deleted'] }), ['body events.1']],
    [input({ description: '' }), ['body description']],
    [input({ description: 'x'.repeat(501) }), ['body description']],
    [input({ includePersonalData: 'yes' }), ['body includePersonalData']],
    [input({ enabled: null }), ['body enabled']],
    [input({ filter: null }), ['body filter']],
    [input({ filter: { ward: 'x' } }), ['body filter.ward']],
    [input({ filter: { wardId: 'A B' } }), ['body filter.wardId']],
    [input({ filter: { wardId: unknownId } }), ['body filter.wardId']],
    [
      input({ filter: { categoryId: unknownId, wardId: unknownId } }),
      ['body filter.categoryId', 'body filter.wardId'],
    ],
    [input({ secret: 'whsec_AAAA' }), ['body secret']],
    [input({ disabledReason: 'manual', failureCount: 0 }), ['body disabledReason', 'body failureCount']],
  ] as [object, string[]][])('case %#: 400 that names the field', async (body, expected) => {
    const answer = await call.post(body, council)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
    expect(await call.list('', council)).toEqual([])
  })

  test('for an event that is none, with all that there are', async () => {
    const { body } = await call.post(input({ events: ['case_deleted'] }), council)
    for (const name of eventNames) expect(body.details.issues[0].message).toContain(name)
  })

  test('by a change that is no better, and stays as it was', async () => {
    const { id } = await make()
    const before = await show(id)
    for (const [body, expected] of [
      [{ url: null }, 'body url'],
      [{ events: [] }, 'body events'],
      [{ events: ['case_deleted'] }, 'body events.0'],
      [{ filter: { wardId: unknownId } }, 'body filter.wardId'],
      [{ filter: { categoryId: unknownId } }, 'body filter.categoryId'],
      [{ secret: 'whsec_AAAA' }, 'body secret'],
      [{ lastSuccessAt: null }, 'body lastSuccessAt'],
    ] as const) {
      const answer = await call.patch(id, { description: 'Lost', ...body }, council)
      expect([body, answer.status, issuesOf(answer)]).toEqual([body, 400, [expected]])
    }
    expect(await show(id)).toEqual(before)
  })

  test('for a ward and a category of another council', async () => {
    const [wardId] = await createTestWards(app, other, [`Ward ${fresh}`])
    const [categoryId] = await createTestCategories(app, other, [`Category ${fresh}`])
    const answer = await call.post(input({ filter: { wardId, categoryId } }), council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body filter.wardId', 'body filter.categoryId']])
    const { id } = await make()
    const changed = await call.patch(id, { filter: { wardId } }, council)
    expect([changed.status, issuesOf(changed)]).toEqual([400, ['body filter.wardId']])
  })

  test('where the council has fifty: 409, until one is removed', async () => {
    const made: Body[] = []
    for (let i = 0; i < 50; i++) made.push(await make())
    const answer = await call.post(input(), council)
    expect([answer.status, answer.body.details]).toEqual([409, { total: 50 }])
    expect((await call.post(input(), other)).status).toBe(201)
    await call.remove(made[0].id, council)
    expect((await call.post(input(), council)).status).toBe(201)
    expect((await call.post(input(), council)).status).toBe(409)
  })

  test('to a key that has its data sent but may not read them: 403', async () => {
    const holder = await withoutResidents()
    const refused = async (answer: Promise<{ status: number; body: Body }>) => {
      const { status, body } = await answer
      expect([status, body.details.requiredScope]).toEqual([403, 'residents:read'])
    }
    await refused(call.post(input({ includePersonalData: true }), holder))
    expect(await call.list('', council)).toEqual([])
    const plain = await make({}, holder)
    await refused(call.patch(plain.id, { includePersonalData: true }, holder))
    const personal = await make({ includePersonalData: true })
    const before = await show(personal.id)
    await refused(call.patch(personal.id, { url: 'https://elsewhere.example.org/' }, holder))
    expect(await show(personal.id)).toEqual(before)
    // What sends nothing more, and nowhere else, it may change.
    for (const body of [{ url, description: 'Ours' }, { enabled: false }, { includePersonalData: false }]) {
      expect([body, (await call.patch(personal.id, body, holder)).status]).toEqual([body, 200])
    }
    await refused(call.patch(personal.id, { includePersonalData: true }, holder))
  })

  test('to keys that act for a caseworker or a councillor, not for a manager', async () => {
    const { id } = await make({ url: receiver.url })
    await call.test(id, council)
    await deliverDue(app)
    const [delivery] = await call.deliveries(id, council)
    const scopes = ['webhooks:read', 'webhooks:write']
    const calls = [
      ['GET', ''],
      ['GET', '/events'],
      ['GET', `/${id}`],
      ['GET', `/${id}/deliveries`],
      ['GET', `/deliveries/${delivery.id}`],
      ['POST', '', input()],
      ['PATCH', `/${id}`, { description: 'Ours' }],
      ['POST', `/${id}/test`],
      ['POST', `/${id}/rotate-secret`],
      ['POST', `/${id}/replay-failed`, { since: '2026-03-01' }],
      ['POST', `/deliveries/${delivery.id}/replay`],
      ['DELETE', `/${id}`],
    ] as const
    for (const role of ['caseworker', 'councillor', 'manager'] as const) {
      const holder = await createActing(app, council, role, { scopes })
      for (const [method, path, body] of calls) {
        const answer = await call.send(method, path, holder, body ? { body } : {})
        if (role === 'manager') expect([path, answer.status < 300]).toEqual([path, true])
        else expect([path, answer.status, answer.body.details.role]).toEqual([path, 403, role])
      }
    }
  })

  test('on a plan without them, though it may have some', async () => {
    const { id } = await make()
    await setPlan(council.ctx, 'pro')
    for (const answer of [await call.send('GET', '', council), await call.get(id, council)]) {
      expect([answer.status, answer.body.details.requiredPlan]).toEqual([403, 'council'])
    }
    expect((await call.post(input(), council)).status).toBe(403)
  })

  test('to another council, in every route, as one that is not there: 404', async () => {
    const { id } = await make({ url: receiver.url })
    await call.test(id, council)
    await deliverDue(app)
    const [delivery] = await call.deliveries(id, council)
    for (const [method, path, own, body] of [
      ['GET', (one: string) => `/${one}`, id],
      ['PATCH', (one: string) => `/${one}`, id, { enabled: false }],
      ['DELETE', (one: string) => `/${one}`, id],
      ['POST', (one: string) => `/${one}/test`, id],
      ['POST', (one: string) => `/${one}/rotate-secret`, id],
      ['GET', (one: string) => `/${one}/deliveries`, id],
      ['POST', (one: string) => `/${one}/replay-failed`, id, { since: '2026-03-01' }],
      ['GET', (one: string) => `/deliveries/${one}`, delivery.id],
      ['POST', (one: string) => `/deliveries/${one}/replay`, delivery.id],
    ] as const) {
      const ask = (one: string) => call.send(method, path(one), other, body ? { body } : {})
      const [theirs, unknown] = [await ask(own), await ask(unknownId)]
      const what = own === id ? 'Webhook' : 'Delivery'
      expect([theirs.status, theirs.body]).toEqual([404, { error: `${what} not found`, details: {} }])
      expect([unknown.status, unknown.text]).toEqual([theirs.status, theirs.text])
    }
    expect((await call.get(id, council)).body.enabled).toBe(true)
  })

  test('when it was changed since it was read: 412', async () => {
    const { id } = await make()
    const headers = { 'if-match': await call.tag(`/${id}`, council) }
    await call.change(id, { description: 'Kept' }, council)
    expect((await call.patch(id, { description: 'Lost' }, council, headers)).status).toBe(412)
    expect((await call.remove(id, council, headers)).status).toBe(412)
    expect((await show(id)).description).toBe('Kept')
    const present = { 'if-match': await call.tag(`/${id}`, council) }
    expect((await call.patch(id, { description: 'Anew' }, council, present)).status).toBe(200)
  })

  test('a second new secret while the old one still signs: 409, unless both end at once', async () => {
    const { id } = await make()
    const { previousSecretUntil } = (await call.rotate(id, council)).body
    const answer = await call.rotate(id, council, '?overlapSeconds=60')
    expect([answer.status, answer.body.details]).toEqual([409, { previousSecretUntil }])
    expect((await call.rotate(id, council, '?overlapSeconds=0')).status).toBe(200)
    expect((await call.rotate(id, council)).status).toBe(200)
    app.clock.advance(86_400_000)
    expect((await call.rotate(id, council)).status).toBe(200)
  })

  test('an overlap that is none: 400', async () => {
    const { id } = await make()
    for (const value of ['-1', '604801', '1.5', 'x', '']) {
      const answer = await call.rotate(id, council, `?overlapSeconds=${value}`)
      expect([value, answer.status, issuesOf(answer)]).toEqual([value, 400, ['query overlapSeconds']])
    }
  })

  test('a question about its deliveries that is none: 400', async () => {
    const { id } = await make()
    for (const [query, issue] of [
      ['state=lost', 'query state'],
      ['event=case_deleted', 'query event'],
      ['pageSize=101', 'query pageSize'],
      ['status=failed', 'query status'],
    ]) {
      const answer = await call.send('GET', `/${id}/deliveries?${query}`, council)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [issue as string]])
    }
    const answer = await call.send('POST', `/${id}/replay-failed`, council, { body: { since: '2026-02-30' } })
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body since']])
  })
})

const secretForm = expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)

describe('a webhook', () => {
  test('is made with what nobody said as null, and its secret is told once', async () => {
    const answer = await call.post(input(), council)
    const now = app.clock.now().toISOString()
    const { secret, ...shown } = answer.body
    expect([answer.status, secret]).toEqual([201, secretForm])
    expect(shown).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      url,
      description: null,
      events: ['case_created'],
      filter: { wardId: null, categoryId: null },
      includePersonalData: false,
      enabled: true,
      disabledReason: null,
      failureCount: 0,
      lastSuccessAt: null,
      previousSecretUntil: null,
      createdAt: now,
      updatedAt: now,
    })
    expect(answer.headers.get('location')).toBe(`/api/webhooks/${shown.id}`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const read = await call.get(shown.id, council)
    expect([read.body, read.headers.get('cache-control')]).toEqual([shown, 'private, no-cache'])
    const later = [
      read,
      await call.send('GET', '', council),
      await call.patch(shown.id, { description: 'x' }, council),
    ]
    for (const { text } of later) expect(text).not.toMatch(/whsec|"secret"/)
  })

  test('has a secret that no other has', async () => {
    const secrets = [await make(), await make(), await make({}, other)].map(({ secret }) => secret)
    expect(new Set(secrets).size).toBe(3)
  })

  test('made by a request that is sent twice is one, and its secret is not told again', async () => {
    const headers = { 'idempotency-key': `key-${fresh}` }
    const post = () => call.send('POST', '', council, { body: input(), headers })
    const [first, again] = [await post(), await post()]
    expect([first.body.secret, again.status, again.headers.get('idempotent-replayed')]).toEqual([
      secretForm,
      201,
      'true',
    ])
    expect(again.body).toEqual({ ...first.body, secret: null })
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await call.list('', council)).toHaveLength(1)
    const rotate = () =>
      call.send('POST', `/${first.body.id}/rotate-secret`, council, {
        headers: { 'idempotency-key': `other-${fresh}` },
      })
    const [rotated, rotatedAgain] = [await rotate(), await rotate()]
    expect([rotated.body.secret, rotatedAgain.body]).toEqual([secretForm, { ...rotated.body, secret: null }])
    for (const { headers: sent } of [again, rotated, rotatedAgain]) {
      expect(sent.get('cache-control')).toBe('no-store')
    }
  })

  test('keeps all that was said, names each event once and takes changes field by field', async () => {
    const [wardId, second] = await createTestWards(app, council, ['Ashley', 'Easton'])
    const [categoryId] = await createTestCategories(app, council, ['Potholes'])
    const events = ['news_published', 'case_created', 'news_published']
    const said = { description: 'The CRM', includePersonalData: true, enabled: false }
    const made = await make({ ...said, events, filter: { wardId } })
    const shown = await show(made.id)
    expect(shown).toMatchObject({
      ...said,
      events: ['news_published', 'case_created'],
      disabledReason: 'manual',
      filter: { wardId, categoryId: null },
    })
    app.clock.advance(60_000)
    const updatedAt = app.clock.now().toISOString()
    const change = (body: object) => call.change(made.id, body, council)
    expect(await change({ filter: { categoryId } })).toEqual({
      ...shown,
      filter: { wardId, categoryId },
      updatedAt,
    })
    const rest = { url: 'https://example.org/', events: ['case_closed'], includePersonalData: false }
    const filter = { wardId: second, categoryId: null }
    const last = await change({ ...rest, description: null, filter })
    expect(last).toEqual({ ...shown, ...rest, description: null, filter, updatedAt })
    expect(await show(made.id)).toEqual(last)
  })

  test('is not changed by what is already so', async () => {
    const { id } = await make({ description: 'The CRM' })
    const [before, audited, tag] = [
      await show(id),
      (await auditOf(app, council)).length,
      await call.tag('', council),
    ]
    app.clock.advance(60_000)
    for (const body of [
      input({ description: 'The CRM' }),
      { enabled: true, includePersonalData: false },
      { filter: {} },
      { filter: { wardId: null } },
      { events: ['case_created', 'case_created'] },
    ]) {
      expect(await call.change(id, body, council)).toEqual(before)
    }
    expect(await auditOf(app, council)).toHaveLength(audited)
    expect(await call.tag('', council)).toBe(tag)
  })

  test('that was turned off and on again starts with a clean slate', async () => {
    const { id } = await make({ url: receiver.url })
    receiver.answerNext(500)
    await createTestCase(app, council)
    await deliverDue(app)
    expect(await show(id)).toMatchObject({ failureCount: 1, enabled: true })
    const off = await call.change(id, { enabled: false }, council)
    expect(off).toMatchObject({ enabled: false, disabledReason: 'manual', failureCount: 1 })
    expect(await call.change(id, { enabled: false, description: 'x' }, council)).toMatchObject({
      disabledReason: 'manual',
      failureCount: 1,
    })
    expect(await call.change(id, { enabled: true }, council)).toMatchObject({
      enabled: true,
      disabledReason: null,
      failureCount: 0,
    })
  })

  test('gets a new secret, and the old one ends after a day, after as long as is said, or at once', async () => {
    const made = await make()
    const at = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString()
    const rotated = await call.rotate(made.id, council)
    const { secret, ...shown } = rotated.body
    expect([rotated.status, secret]).toEqual([200, secretForm])
    expect(secret).not.toBe(made.secret)
    expect(shown.previousSecretUntil).toBe(at(86_400_000))
    expect(await show(made.id)).toEqual(shown)
    app.clock.advance(86_399_999)
    expect((await show(made.id)).previousSecretUntil).not.toBeNull()
    app.clock.advance(1)
    expect((await show(made.id)).previousSecretUntil).toBeNull()
    const week = await call.rotate(made.id, council, '?overlapSeconds=604800')
    expect(week.body.previousSecretUntil).toBe(at(604_800_000))
    const leaked = await call.rotate(made.id, council, '?overlapSeconds=0')
    expect([leaked.status, leaked.body.previousSecretUntil]).toEqual([200, null])
  })

  test('is tested though it is disabled and does not ask for it', async () => {
    const { id } = await make({ url: receiver.url, enabled: false })
    const { status, body } = await call.test(id, council)
    expect([status, body]).toEqual([202, { eventId: expect.any(String) }])
    await deliverDue(app)
    expect(await call.deliveries(id, council, `eventId=${body.eventId}`)).toMatchObject([
      { event: 'webhook_test', state: 'delivered', entityId: id },
    ])
    expect((await show(id)).enabled).toBe(false)
  })

  test('is gone once it is removed, and is sent nothing more', async () => {
    const { id } = await make({ url: receiver.url })
    await createTestCase(app, council)
    const gone = await call.remove(id, council)
    expect([gone.status, gone.text]).toEqual([204, ''])
    receiver.received.splice(0)
    await deliverDue(app)
    expect(receiver.received).toEqual([])
    for (const answer of [
      await call.get(id, council),
      await call.patch(id, { enabled: true }, council),
      await call.remove(id, council),
      await call.test(id, council),
      await call.rotate(id, council),
      await call.send('GET', `/${id}/deliveries`, council),
    ]) {
      expect(answer.status).toBe(404)
    }
    expect(await call.list('', council)).toEqual([])
  })
})

describe('the list of webhooks', () => {
  test('is by page, the newest first, and by event and whether they are enabled', async () => {
    const made: Body[] = []
    for (const more of [
      { events: ['case_created', 'news_published'] },
      { events: ['case_closed'], enabled: false },
      { events: ['news_published'], enabled: false },
    ]) {
      app.clock.advance(1_000)
      made.push(await make(more))
    }
    const [first, second, third] = made.map(({ id }) => id)
    const ids = async (query: string) => (await call.list(query, council)).map(({ id }) => id)
    expect(await ids('')).toEqual([third, second, first])
    expect(await ids('event=news_published')).toEqual([third, first])
    expect(await ids('enabled=false')).toEqual([third, second])
    expect(await ids('enabled=true&event=case_created')).toEqual([first])
    expect(await ids('event=case_resolved')).toEqual([])
    const { body } = await call.send('GET', '?pageSize=2&page=2', council)
    expect(body.webhooks.map(({ id }: Body) => id)).toEqual([first])
    expect(body.pagination).toEqual({ page: 2, pageSize: 2, total: 3, totalPages: 2 })
  })

  test('has another tag when a delivery happens, and so has that of the deliveries', async () => {
    const { id } = await make({ url: receiver.url })
    const paths = ['', `/${id}/deliveries`]
    const tags = () => Promise.all(paths.map((path) => call.tag(path, council)))
    await createTestCase(app, council)
    const before = await tags()
    expect(await tags()).toEqual(before)
    await deliverDue(app)
    const after = await tags()
    for (const [i, path] of paths.entries()) {
      const headers = { 'if-none-match': before[i] as string }
      expect([path, (await call.send('GET', path, council, { headers })).status]).toEqual([path, 200])
      const known = { 'if-none-match': after[i] as string }
      expect([path, (await call.send('GET', path, council, { headers: known })).status]).toEqual([path, 304])
    }
  })

  test('has another tag when an old secret ends', async () => {
    const { id } = await make()
    await call.rotate(id, council, '?overlapSeconds=60')
    const headers = { 'if-none-match': await call.tag('', council) }
    const ask = () => call.send('GET', '', council, { headers })
    app.clock.advance(59_999)
    expect((await ask()).status).toBe(304)
    app.clock.advance(1)
    const { status, body } = await ask()
    expect([status, body?.webhooks[0].previousSecretUntil]).toEqual([200, null])
  })
})

describe('deliveries', () => {
  test('are listed with each attempt, the newest event first, by state, event, event’s id and what it is about', async () => {
    const { id } = await make({ url: receiver.url, events: ['case_created', 'case_closed'] })
    receiver.answerNext(500)
    const first = await createTestCase(app, council)
    await deliverDue(app)
    const second = await createTestCase(app, council)
    await deliverDue(app)
    const all = await call.deliveries(id, council)
    const now = app.clock.now().toISOString()
    const attempt = { at: now, fault: null, message: null, durationMs: expect.any(Number) }
    const common = {
      id: expect.any(String),
      webhookId: id,
      eventId: expect.any(String),
      event: 'case_created',
      attemptCount: 1,
      reply: '',
      createdAt: now,
    }
    expect(all).toEqual([
      {
        ...common,
        entityId: second.id,
        state: 'delivered',
        attempts: [{ ...attempt, status: 204 }],
        nextAttemptAt: null,
        finishedAt: now,
      },
      {
        ...common,
        entityId: first.id,
        state: 'waiting',
        attempts: [{ ...attempt, status: 500 }],
        nextAttemptAt: expect.any(String),
        finishedAt: null,
      },
    ])
    const [last, waiting] = all
    expect((await call.send('GET', `/deliveries/${waiting.id}`, council)).body).toEqual(waiting)
    expect(await call.deliveries(id, council, 'state=waiting')).toEqual([waiting])
    expect(await call.deliveries(id, council, 'event=case_closed')).toEqual([])
    expect(await call.deliveries(id, council, `eventId=${last.eventId}`)).toEqual([last])
    expect(await call.deliveries(id, council, `entityId=${first.id}`)).toEqual([waiting])
    const other = await make({ url: receiver.url })
    expect(await call.deliveries(other.id, council)).toEqual([])
  })

  test('have a list that has another tag when old ones are forgotten', async () => {
    const { id } = await make({ url: receiver.url })
    await call.test(id, council)
    await deliverDue(app)
    const tag = await call.tag(`/${id}/deliveries`, council)
    app.clock.advance(31 * 86_400_000)
    while ((await purgeDeliveries(app.deps)) > 0);
    expect(await call.deliveries(id, council)).toEqual([])
    expect(await call.tag(`/${id}/deliveries`, council)).not.toBe(tag)
  })

  test('show what the receiver said to administrators only', async () => {
    const { id } = await make({ url: receiver.url })
    receiver.answerNext(new Response('no such tenant', { status: 500 }))
    await call.test(id, council)
    await deliverDue(app)
    const scopes = ['webhooks:read', 'webhooks:write']
    const [admin, manager] = [
      await createActing(app, council, 'admin', { scopes }),
      await createActing(app, council, 'manager', { scopes }),
    ]
    for (const [holder, isShown] of [
      [council, true],
      [admin, true],
      [manager, false],
    ] as const) {
      const [delivery] = await call.deliveries(id, holder)
      const one = await call.send('GET', `/deliveries/${delivery.id}`, holder)
      expect(one.body).toEqual(delivery)
      expect([holder, 'reply' in delivery]).toEqual([holder, isShown])
      if (isShown) expect(delivery.reply).toBe('no such tenant')
      const again = await call.send('POST', `/deliveries/${delivery.id}/replay`, holder)
      expect([again.status, 'reply' in again.body]).toEqual([202, isShown])
      receiver.answerNext(new Response('no such tenant', { status: 500 }))
      await deliverDue(app)
    }
  })
})

describe('what is on record of a webhook', () => {
  test('names its host and each thing that was done, and neither its address nor its secret', async () => {
    const token = `tok${app.deps.newId()}`
    const { port } = new URL(receiver.url)
    const made = await make({ url: `${receiver.url}/${token}?key=${token}`, description: 'The CRM' })
    const secrets = [made.secret]
    await call.change(made.id, { url: `https://crm.example.gov.uk/${token}`, enabled: false }, council)
    secrets.push((await call.rotate(made.id, council, '?overlapSeconds=60')).body.secret)
    await call.test(made.id, council)
    await call.change(made.id, { url: `${receiver.url}/${token}`, enabled: true }, council)
    receiver.answerNext(410)
    await createTestCase(app, council)
    await deliverDue(app)
    const [delivery] = await call.deliveries(made.id, council, 'event=case_created')
    await call.change(made.id, { enabled: true }, council)
    const since = { since: '2026-01-01' }
    await call.send('POST', `/${made.id}/replay-failed`, council, { body: since })
    await call.send('POST', `/deliveries/${delivery.id}/replay`, council)
    await call.remove(made.id, council)

    const entries = await auditOf(app, council)
    const own = entries.filter(({ entityId }) => entityId === made.id)
    expect(own.map(({ action, actorType }) => [action, actorType])).toEqual([
      ['webhook.create', 'key'],
      ['webhook.update', 'key'],
      ['webhook.rotate_secret', 'key'],
      ['webhook.test', 'key'],
      ['webhook.update', 'key'],
      ['webhook.disable', 'system'],
      ['webhook.update', 'key'],
      ['webhook.replay', 'key'],
      ['webhook.replay', 'key'],
      ['webhook.delete', 'key'],
    ])
    const host = `127.0.0.1:${port}`
    expect(own[0]?.changes).toMatchObject({
      host: { from: null, to: host },
      description: { from: null, to: 'The CRM' },
      events: { from: null, to: ['case_created'] },
      url: { changed: true },
      secret: { changed: true },
    })
    expect(own[1]?.changes).toEqual({
      url: { changed: true },
      host: { from: host, to: 'crm.example.gov.uk' },
      enabled: { from: true, to: false },
      disabledReason: { from: null, to: 'manual' },
    })
    const previousUntil = expect.any(String)
    expect(own[2]?.changes).toEqual({
      secret: { changed: true },
      previousSecret: { changed: true },
      previousUntil: { from: null, to: previousUntil },
    })
    expect(own[5]?.changes).toEqual({
      enabled: { from: true, to: false },
      disabledReason: { from: null, to: 'gone' },
    })
    expect(own.at(-1)?.changes).toEqual({ deleted: { from: false, to: true } })

    // Of the address only the row of the endpoint itself knows.
    expect(await tablesWith(app, token)).toEqual(['webhook_endpoints'])
    for (const secret of secrets) {
      expect(await tablesWith(app, secret.slice('whsec_'.length))).toEqual([])
      expect(await tablesWith(app, 'whsec_')).toEqual([])
    }
    const logged = JSON.stringify(app.logged)
    for (const word of [token, ...secrets]) expect(logged).not.toContain(word)
  })
})
