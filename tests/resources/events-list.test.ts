import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createTestWards } from '../support/casework'
import { atInstant, issuesOf, unlimited } from '../support/http'
import { type Body, unknownId } from './cases/support'
import { callerOf } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof callerOf>
let wardId: string

/** What the list contains: title, first and last moment, and other fields. */
const given: [title: string, startAt: string, endAt: string | null, input: Record<string, unknown>][] = [
  ['Past', '2026-03-12T10:00:00Z', '2026-03-12T12:00:00Z', { type: 'meeting' }],
  ['Endless past', '2026-03-13T09:29:00Z', null, {}],
  ['Now', '2026-03-13T09:00:00Z', '2026-03-13T10:00:00Z', { type: 'surgery' }],
  ['Soon', '2026-03-14T09:00:00Z', '2026-03-14T10:00:00Z', { type: 'surgery' }],
  ['Long', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z', { type: 'consultation' }],
  ['Draft', '2026-03-15T09:00:00Z', null, { status: 'draft' }],
]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = callerOf(app, 'events')
  const other = await createCouncil(app, 'severn')
  await call.create({ title: 'Of another council', startAt: '2026-03-14T09:00:00Z' }, other)
  wardId = (await createTestWards(app, council, ['Ashley', 'Easton']))[0] as string
  const ids: Record<string, string> = {}
  for (const [title, startAt, endAt, input] of given) {
    const wardIds = title === 'Soon' ? [wardId] : []
    ids[title] = (await call.create({ title, startAt, endAt, wardIds, ...input }, council)).id
    app.clock.advance(1)
  }
  await call.approve([ids.Past, ids.Now, ids.Long], council)
  await call.change(ids.Long as string, { status: 'cancelled' }, council)
  await call.change(ids.Past as string, { status: 'postponed' }, council)
})
afterAll(() => app.close())

describe('the list of events', () => {
  test('bad filters are refused and named', async () => {
    for (const [query, name] of [
      ['type=party', 'type'],
      ['status=over', 'status'],
      ['approved=yes', 'approved'],
      ['upcoming=1', 'upcoming'],
      ['wardId=Ashley', 'wardId'],
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['sort=endAt', 'sort'],
      ['pageSize=101', 'pageSize'],
      ['title=Past', 'title'],
    ] as const) {
      const answer = await call.send('GET', `?${query}`, council)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
    const answer = await call.send('GET', '?from=2026-02-30&to=1800-01-01', council)
    expect(issuesOf(answer)).toEqual(['query from', 'query to'])
  })

  test.each([
    ['', ['Long', 'Past', 'Now', 'Endless past', 'Soon', 'Draft']],
    ['sort=-startAt', ['Draft', 'Soon', 'Endless past', 'Now', 'Past', 'Long']],
    ['sort=createdAt', ['Past', 'Endless past', 'Now', 'Soon', 'Long', 'Draft']],
    ['sort=-title', ['Soon', 'Past', 'Now', 'Long', 'Endless past', 'Draft']],
    ['type=surgery', ['Now', 'Soon']],
    ['type=surgery,consultation', ['Long', 'Now', 'Soon']],
    ['type=council_meeting', []],
    ['status=pending', ['Endless past', 'Soon']],
    ['status=cancelled,postponed', ['Long', 'Past']],
    ['approved=true', ['Long', 'Past', 'Now']],
    ['approved=false', ['Endless past', 'Soon', 'Draft']],
    ['approved=true&status=approved', ['Now']],
    ['upcoming=true', ['Long', 'Now', 'Soon', 'Draft']],
    ['upcoming=false', ['Past', 'Endless past']],
    // What overlaps: it is not over when the time begins, and has begun before the time ends.
    ['from=2026-03-12T12:00:00Z&sort=title', ['Draft', 'Endless past', 'Long', 'Now', 'Soon']],
    ['from=2026-03-12T11:59:59.999Z&to=2026-03-13', ['Long', 'Past']],
    ['to=2026-03-12T10:00:00Z', ['Long']],
    ['from=2026-03-15&to=2026-03-16', ['Long', 'Draft']],
    ['from=2026-04-01T00:00:00Z', []],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await call.titles(query, council)).toEqual(expected)
  })

  test('by ward shows those of the ward, and none for a ward that is not there', async () => {
    expect(await call.titles(`wardId=${wardId}`, council)).toEqual(['Soon'])
    expect(await call.titles(`wardId=${unknownId}`, council)).toEqual([])
  })

  test('is paged by number and by cursor', async () => {
    const { body } = await call.send('GET', '?page=2&pageSize=4', council)
    expect(body.events.map(({ title }: { title: string }) => title)).toEqual(['Soon', 'Draft'])
    expect(body.pagination).toEqual({ page: 2, pageSize: 4, total: 6, totalPages: 2 })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const part: Body = (await call.send('GET', `?pageSize=4&cursor=${cursor}`, council)).body
      seen.push(...part.events.map(({ title }: { title: string }) => title))
      cursor = part.pagination.nextCursor
    }
    expect(seen).toEqual(await call.titles('', council))
  })

  test('of what is upcoming is a 304 until an event is over', async () => {
    const ask = (tag: string) =>
      call.send('GET', '?upcoming=true', council, { headers: { 'if-none-match': tag } })
    const tag = await call.tag('?upcoming=true', council)
    const plain = await call.tag('', council)
    const at = (instant: string) => atInstant(app, instant, () => ask(tag))
    expect((await at('2026-03-13T09:59:59.999Z')).status).toBe(304)
    const later = await at('2026-03-13T10:00:00.000Z')
    expect(later.status).toBe(200)
    expect(later.body.events.map(({ title }: { title: string }) => title)).toEqual(['Long', 'Soon', 'Draft'])
    expect(await atInstant(app, '2026-03-13T10:00:00.000Z', () => call.tag('', council))).toBe(plain)
  })
})
