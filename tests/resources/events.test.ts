import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { createTestWards, deactivateUser } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { createActing, unknownId } from './cases/support'
import { callerOf } from './support'

let app: TestApp
let council: Council
let other: Council
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  other = await createCouncil(app, 'severn')
  call = callerOf(app, 'events')
})
afterAll(() => app.close())

const surgery = { title: 'Ward surgery', startAt: '2026-05-09T09:00:00Z' }
const make = (input: Record<string, unknown> = {}) => call.create({ ...surgery, ...input }, council)

describe('an event is refused', () => {
  test.each([
    [{}, ['body startAt', 'body title']],
    [{ ...surgery, title: ' ' }, ['body title']],
    [{ ...surgery, title: 'x'.repeat(201) }, ['body title']],
    [{ ...surgery, startAt: 'tomorrow' }, ['body startAt']],
    [{ ...surgery, startAt: '2026-02-30' }, ['body startAt']],
    [{ ...surgery, startAt: '2200-01-01' }, ['body startAt']],
    [{ ...surgery, startAt: '2026-05-09T09:00:00' }, ['body startAt']],
    [{ ...surgery, endAt: '2026-05-09T09:00:00Z' }, ['body endAt']],
    [{ ...surgery, endAt: '2026-05-09T08:59:59.999Z' }, ['body endAt']],
    [{ ...surgery, endAt: '2026-05-09T10:00:00+02:00' }, ['body endAt']],
    [{ ...surgery, allDay: true }, ['body startAt']],
    [{ ...surgery, allDay: true, startAt: '2026-05-09', endAt: '2026-05-09' }, ['body endAt']],
    [{ ...surgery, allDay: true, startAt: '2026-05-09', endAt: '2026-05-10T12:00:00Z' }, ['body endAt']],
    // In summer midnight in London is no midnight in UTC.
    [{ ...surgery, allDay: true, startAt: '2026-05-09T00:00:00Z' }, ['body startAt']],
    [{ ...surgery, wardIds: [unknownId] }, ['body wardIds.0']],
    [{ ...surgery, organiserId: unknownId }, ['body organiserId']],
    [{ ...surgery, wardIds: [unknownId], organiserId: unknownId }, ['body organiserId', 'body wardIds.0']],
    [{ ...surgery, type: 'party' }, ['body type']],
    [{ ...surgery, timezone: 'Europe/Paris' }, ['body timezone']],
    [{ ...surgery, status: 'approved' }, ['body status']],
    [{ ...surgery, onlineUrl: 'javascript:alert(1)' }, ['body onlineUrl']],
    [{ ...surgery, bookingUrl: 'ftp://example.org' }, ['body bookingUrl']],
    [{ ...surgery, bookingUrl: 'https://exa mple.org' }, ['body bookingUrl']],
    [{ ...surgery, body: 'x'.repeat(50_001) }, ['body body']],
    [{ ...surgery, venue: { latitude: 91 } }, ['body venue.latitude']],
    [{ ...surgery, venue: { postcode: 'BS1' } }, ['body venue.postcode']],
    [{ ...surgery, sequence: 7 }, ['body sequence']],
  ] as [Record<string, unknown>, string[]][])('case %#: 400 that names the field', async (body, expected) => {
    const before = (await call.list('', council)).length
    const answer = await call.post(body, council)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
    expect(await call.list('', council)).toHaveLength(before)
  })

  test('for the ward and the user of another council, and for a user who has left', async () => {
    const wardIds = [
      ...(await createTestWards(app, council, ['Ashley'])),
      ...(await createTestWards(app, other, ['Clifton'])),
    ]
    const foreign = await createActing(app, other, 'manager')
    const left = await createActing(app, council, 'manager')
    await deactivateUser(app, left.id)
    const { id } = await make()
    for (const organiserId of [foreign.id, left.id]) {
      for (const answer of [
        await call.post({ ...surgery, wardIds, organiserId }, council),
        await call.patch(id, { wardIds, organiserId }, council),
      ]) {
        expect([answer.status, issuesOf(answer).sort()]).toEqual([
          400,
          ['body organiserId', 'body wardIds.1'],
        ])
      }
    }
    expect((await call.get(id, council)).body).toMatchObject({ wardIds: [], organiserId: null })
  })

  test('when a change leaves it without sense', async () => {
    const { id } = await make({ endAt: '2026-05-09T11:00:00Z' })
    for (const [body, expected] of [
      [{ startAt: '2026-05-09T11:00:00Z' }, ['body endAt']],
      [{ endAt: '2026-05-09' }, ['body endAt']],
      [{ allDay: true }, ['body startAt', 'body endAt']],
      [{ title: null }, ['body title']],
      [{ startAt: null }, ['body startAt']],
      [{ status: 'over' }, ['body status']],
      [{ id: 'x' }, ['body id']],
    ] as [Record<string, unknown>, string[]][]) {
      const answer = await call.patch(id, body, council)
      expect([body, answer.status, issuesOf(answer).sort()]).toEqual([body, 400, expected.sort()])
    }
    expect((await call.get(id, council)).body).toMatchObject({ startAt: '2026-05-09T09:00:00.000Z' })
  })

  test('to a key that may only read, and where there is none: 403 and 404', async () => {
    const reader = { key: await createTestKey(app, council, { scopes: ['events:read'] }) }
    const { id } = await make()
    expect((await call.post(surgery, reader)).status).toBe(403)
    expect((await call.patch(id, { title: 'x' }, reader)).status).toBe(403)
    expect((await call.send('DELETE', `/${id}`, reader)).status).toBe(403)
    for (const [path, holder] of [
      [unknownId, council],
      [id, other],
      ['%20', council],
    ] as const) {
      for (const answer of [
        await call.get(path, holder),
        await call.patch(path, { title: 'x' }, holder),
        await call.send('DELETE', `/${path}`, holder),
      ]) {
        expect([answer.status, answer.body]).toEqual([404, { error: 'Event not found', details: {} }])
      }
    }
    expect((await call.get(id, reader)).body).toMatchObject({ title: 'Ward surgery' })
  })

  test('when it was changed since it was read: 412', async () => {
    const { id } = await make()
    const tag = await call.tag(`/${id}`, council)
    await call.change(id, { title: 'Advice surgery' }, council)
    for (const answer of [
      await call.patch(id, { title: 'Lost' }, council, { 'if-match': tag }),
      await call.send('DELETE', `/${id}`, council, { headers: { 'if-match': tag } }),
    ]) {
      expect(answer.status).toBe(412)
    }
    const headers = { 'if-match': await call.tag(`/${id}`, council) }
    expect((await call.patch(id, { title: 'Kept' }, council, headers)).body.title).toBe('Kept')
  })
})

describe('an event', () => {
  test('waits for its approval and has what nobody said as null', async () => {
    const answer = await call.post(surgery, council)
    const now = app.clock.now().toISOString()
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      title: 'Ward surgery',
      summary: null,
      body: null,
      bodyHtml: null,
      type: 'community',
      startAt: '2026-05-09T09:00:00.000Z',
      endAt: null,
      allDay: false,
      timezone: 'Europe/London',
      venue: null,
      onlineUrl: null,
      wardIds: [],
      organiserId: null,
      bookingUrl: null,
      status: 'pending',
      approved: false,
      sequence: 0,
      createdAt: now,
      updatedAt: now,
    })
    expect(answer.headers.get('location')).toBe(`/api/events/${answer.body.id}`)
    expect((await call.get(answer.body.id, council)).body).toEqual(answer.body)
    expect(await call.list('', council)).toContainEqual(answer.body)
  })

  test('keeps all that was said, and takes changes field by field', async () => {
    const [wardId] = await createTestWards(app, council, ['Easton'])
    const { id: organiserId } = await createActing(app, council, 'councillor')
    const said = {
      summary: 'Come and talk',
      body: 'Come and *talk*',
      type: 'surgery',
      endAt: '2026-05-09T11:00:00.000Z',
      timezone: 'Europe/Jersey',
      onlineUrl: 'https://example.org/live?a=1#b',
      bookingUrl: 'http://example.org/book',
      wardIds: [wardId],
      organiserId,
      status: 'draft',
    }
    const venue = { name: 'Library', address: 'Ashley Road', latitude: 51.47, longitude: -2.57 }
    const made = await make({ ...said, venue })
    expect(made).toMatchObject({ ...said, venue, bodyHtml: '<p>Come and <em>talk</em></p>' })
    app.clock.advance(60_000)
    const moved = await call.change(made.id, { venue: { name: 'Hall', latitude: 51.48 } }, council)
    expect(moved).toEqual({
      ...made,
      venue: { ...venue, name: 'Hall', latitude: 51.48 },
      updatedAt: app.clock.now().toISOString(),
    })
    const cleared = await call.change(made.id, { venue: null, body: null, organiserId: null }, council)
    expect(cleared).toMatchObject({ venue: null, body: null, bodyHtml: null, organiserId: null })
    app.clock.advance(60_000)
    expect(await call.change(made.id, { venue: null, type: 'surgery' }, council)).toEqual(cleared)
  })

  test('has a whole point or none', async () => {
    const half = { title: 'Fair', startAt: '2026-05-09', venue: { latitude: 51.47 } }
    const refused = await call.post(half, council)
    expect([refused.status, issuesOf(refused)]).toEqual([400, ['body venue.longitude']])
    const made = await make({ venue: { latitude: 51.47, longitude: -2.57 } })
    const cut = await call.patch(made.id, { venue: { latitude: null } }, council)
    expect([cut.status, issuesOf(cut)]).toEqual([400, ['body venue.latitude']])
    expect((await call.change(made.id, { venue: { latitude: 51.5 } }, council)).venue.longitude).toBe(-2.57)
  })

  test('stays as it is if its place is sent again with -0 for 0', async () => {
    const made = await make({ venue: { latitude: 51.47, longitude: 0 } })
    app.clock.advance(60_000)
    // As text, because JSON.stringify writes 0 for both.
    expect(await call.change(made.id, '{"venue":{"longitude":-0}}', council)).toEqual(made)
  })

  test.each([
    ['2026-01-10', '2026-01-10T00:00:00.000Z', '2026-01-11T00:00:00.000Z'],
    ['2026-03-28', '2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z'],
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T23:00:00.000Z', '2026-03-30T23:00:00.000Z'],
    ['2026-10-25', '2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
  ])('of all day on %s lasts from %s to %s', async (date, startAt, endAt) => {
    expect(await make({ allDay: true, startAt: date })).toMatchObject({ allDay: true, startAt, endAt })
  })

  test('of several days ends with the day after its last, over a change of the clocks too', async () => {
    const made = await make({ allDay: true, startAt: '2026-03-28', endAt: '2026-03-31' })
    expect(made.endAt).toBe('2026-03-30T23:00:00.000Z')
    expect((await call.change(made.id, { endAt: null }, council)).endAt).toBe('2026-03-29T00:00:00.000Z')
  })

  test('is removed for good', async () => {
    const { id } = await make()
    const headers = { 'content-type': 'application/json' }
    const gone = await call.send('DELETE', `/${id}`, council, { headers })
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await call.get(id, council)).status).toBe(404)
    expect((await call.send('DELETE', `/${id}`, council)).status).toBe(404)
    expect((await call.list('', council)).map((event) => event.id)).not.toContain(id)
  })
})
