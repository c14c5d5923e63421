import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { RouteEntry } from '../../src/http/route-table'
import { type Answer, createTestApp, type TestApp } from '../support/app'
import { fingerprint, issuesOf, unlimited } from '../support/http'
import { createSide, type Ids, kinds, type Side } from '../support/sides'

let app: TestApp
let ours: Side
let theirs: Side
let theirData: string[]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  ours = await createSide(app, 'calder', 2)
  theirs = await createSide(app, 'tamar', 4)
  theirData = await dataOf(theirs)
})

afterAll(() => app.close())

const lists = ['cases', 'wards', 'categories', 'users', 'events', 'news', 'webhooks']

/** All that a council has. */
async function dataOf({ council: { key }, ids }: Side): Promise<string[]> {
  const paths = [
    ...lists.map((list) => `${list}?pageSize=100`),
    `cases/${ids.case}/timeline`,
    `webhooks/${ids.webhook}/deliveries`,
    'settings',
  ]
  return Promise.all(paths.map(async (path) => (await app.send('GET', `/api/${path}`, { key })).text))
}

/** What the id in a path names, by the beginning of the path. */
const kindOf: Record<string, keyof Ids> = {
  cases: 'case',
  wards: 'ward',
  categories: 'category',
  users: 'assignee',
  events: 'event',
  news: 'news',
  webhooks: 'webhook',
  'webhooks/deliveries': 'delivery',
}
const kindAt = ({ path }: RouteEntry): keyof Ids | undefined => kindOf[path.slice(5, path.indexOf('/:id'))]
const listOf = ({ path }: RouteEntry) => path.split('/')[2] as string

/** A change that each route with a body takes, by the end of its path or where it starts. */
function bodyFor(route: RouteEntry): Record<string, unknown> {
  if (route.path.endsWith('/notes')) return { body: 'A note' }
  if (route.path.endsWith('/replay-failed')) return { since: '2026-01-01' }
  const change = { cases: { priority: 'urgent' }, webhooks: { description: 'Anew' } }
  return change[listOf(route) as keyof typeof change] ?? { summary: 'Anew' }
}

/** What each route answers that has done its work. */
function statusFor({ method, path }: RouteEntry): number {
  if (/\/(test|replay|replay-failed)$/.test(path)) return 202
  if (method === 'POST' && !path.endsWith('/rotate-secret')) return 201
  return method === 'DELETE' ? 204 : 200
}

const send = (route: RouteEntry, id: string, key: string): Promise<Answer> =>
  app.send(route.method, route.path.replace(':id', id), {
    key,
    ...(route.body === null ? {} : { body: bodyFor(route) }),
  })

/** Pages of the dashboard are tried with the sessions of people, in a test of their own. */
const routesWithId = () =>
  app.routes.entries.filter(({ path }) => path.startsWith('/api/') && path.includes(':id'))

describe('another council’s id in a path', () => {
  test('answers every route byte-identically to an unknown id: 404, of whatever kind it is and whoever asks', async () => {
    const routes = routesWithId()
    expect(routes.filter((route) => !kindAt(route)).map(({ path }) => path)).toEqual([])
    const wrong: string[] = []
    let count = 0
    for (const route of routes) {
      for (const key of ours.keys) {
        const unknown = await send(route, 'unknown', key)
        // Who acts for a councillor or a caseworker has no business with webhooks.
        const isForbidden = listOf(route) === 'webhooks' && key !== ours.council.key
        if (unknown.status !== (isForbidden ? 403 : 404))
          wrong.push(`${route.method} ${route.path}: ${unknown.status}`)
        for (const kind of kinds) {
          count++
          const answer = await send(route, theirs.ids[kind], key)
          if (!Bun.deepEquals(fingerprint(answer), fingerprint(unknown))) {
            wrong.push(`${route.method} ${route.path} with a ${kind}: ${answer.status}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBe(routes.length * ours.keys.length * kinds.length)
    expect(count).toBeGreaterThanOrEqual(500)
  })

  test('is not why: each of those routes finds one’s own', async () => {
    const routes = routesWithId()
    for (const route of routes.toSorted(
      (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
    )) {
      const list = listOf(route)
      const known = Object.values(ours.ids)
      const { body } = await app.send('GET', `/api/${list}`, { key: ours.council.key })
      // What is removed is one that nothing else of these tests needs.
      const spare = body[list].find((row: { id: string }) => !known.includes(row.id))
      const id = route.method === 'DELETE' ? spare.id : ours.ids[kindAt(route) as keyof Ids]
      const { status } = await send(route, id, ours.council.key)
      expect([route.method, route.path, status]).toEqual([route.method, route.path, statusFor(route)])
    }
  })

  test('answers as unknown with every query parameter too', async () => {
    const ask = (id: string) =>
      app.send('GET', `/api/wards/${id}?include=boundary`, { key: ours.council.key })
    expect(fingerprint(await ask(theirs.ids.ward))).toEqual(fingerprint(await ask('unknown')))
  })

  test('so does another council’s reference, and one that both have is one’s own', async () => {
    const ask = (method: string, reference: string, part = '', body: unknown = { priority: 'low' }) =>
      app.send(method, `/api/cases/${reference}${part}`, {
        key: ours.council.key,
        ...(method === 'GET' ? {} : { body }),
      })
    const [shared, , foreign] = theirs.references as [string, string, string]
    expect(ours.references).toContain(shared)
    for (const [method, part] of [
      ['GET', ''],
      ['PATCH', ''],
      ['GET', '/timeline'],
    ] as const) {
      const unknown = await ask(method, 'CW-2026-0404', part)
      expect(unknown.status).toBe(404)
      expect(fingerprint(await ask(method, foreign, part))).toEqual(fingerprint(unknown))
    }
    expect((await ask('GET', shared)).body.summary).toBe('Pothole of calder')
    expect((await ask('PATCH', shared)).body.summary).toBe('Pothole of calder')
  })
})

type Write = [field: string, of: keyof Ids, method: string, path: (own: Ids) => string, body: BodyOf]
type BodyOf = (id: string, own: Ids) => Record<string, unknown>

const contact = { name: 'Margaret Hughes', email: 'm.hughes@example.org', message: 'A hole' }
const hook = { url: 'https://93.184.216.34/', events: ['case_created'] }
const soon = '2026-05-01T10:00:00Z'

/** Every field of a body that takes an id: with one's own of the right kind the request succeeds. */
const writes: Write[] = [
  ...(
    [
      ['wardId', 'ward'],
      ['categoryId', 'category'],
      ['assigneeId', 'assignee'],
      ['councillorId', 'councillor'],
    ] as const
  ).flatMap(([field, of]): Write[] => [
    [field, of, 'POST', () => '/api/cases', (id) => ({ summary: 'x', [field]: id })],
    [field, of, 'PATCH', (own) => `/api/cases/${own.case}`, (id) => ({ [field]: id })],
  ]),
  [
    'wardIds.1',
    'ward',
    'POST',
    () => '/api/events',
    (id, { ward }) => ({ title: 'x', startAt: soon, wardIds: [ward, id] }),
  ],
  [
    'organiserId',
    'councillor',
    'POST',
    () => '/api/events',
    (id) => ({ title: 'x', startAt: soon, organiserId: id }),
  ],
  ['wardIds.0', 'ward', 'PATCH', (own) => `/api/events/${own.event}`, (id) => ({ wardIds: [id] })],
  ['organiserId', 'councillor', 'PATCH', (own) => `/api/events/${own.event}`, (id) => ({ organiserId: id })],
  ['wardIds.0', 'ward', 'POST', () => '/api/news', (id) => ({ title: 'x', body: 'x', wardIds: [id] })],
  ['wardIds.0', 'ward', 'PATCH', (own) => `/api/news/${own.news}`, (id) => ({ wardIds: [id] })],
  ['ids.1', 'waitingEvent', 'POST', () => '/api/events/approve', (id, { event }) => ({ ids: [event, id] })],
  ['ids.0', 'waitingNews', 'POST', () => '/api/news/approve', (id, { news }) => ({ ids: [id, news] })],
  ['wardId', 'ward', 'POST', () => '/public/calder/contact', (id) => ({ ...contact, wardId: id })],
  [
    'categoryId',
    'category',
    'POST',
    () => '/public/calder/contact',
    (id) => ({ ...contact, categoryId: id }),
  ],
  ...(
    [
      ['filter.wardId', 'ward', (id: string) => ({ wardId: id })],
      ['filter.categoryId', 'category', (id: string) => ({ categoryId: id })],
    ] as const
  ).flatMap(([field, of, filter]): Write[] => [
    [field, of, 'POST', () => '/api/webhooks', (id) => ({ ...hook, filter: filter(id) })],
    [field, of, 'PATCH', (own) => `/api/webhooks/${own.webhook}`, (id) => ({ filter: filter(id) })],
  ]),
  [
    'duplicateOfId',
    'case',
    'PATCH',
    (own) => `/api/cases/${own.spareCase}`,
    (id) => ({ status: 'closed', resolution: 'duplicate', duplicateOfId: id }),
  ],
]

describe('another council’s id in a body', () => {
  test(`is refused as an unknown one is, in each of ${writes.length} places × ${kinds.length} kinds, and changes nothing`, async () => {
    const before = await dataOf(ours)
    const wrong: string[] = []
    let asked = 0
    for (const [field, , method, path, body] of writes) {
      const where = `${method} ${path(ours.ids)} ${field}`
      // A form may be sent a few times a minute from each address.
      const ask = (id: string) =>
        app.send(method, path(ours.ids), {
          key: ours.council.key,
          body: body(id, ours.ids),
          peer: `10.0.${++asked % 250}.1`,
        })
      const unknown = await ask('unknown')
      expect([where, unknown.status, issuesOf(unknown)]).toEqual([where, 400, [`body ${field}`]])
      for (const kind of kinds) {
        const answer = await ask(theirs.ids[kind])
        if (!Bun.deepEquals(fingerprint(answer), fingerprint(unknown))) {
          wrong.push(`${where} with a ${kind}: ${answer.status} ${answer.text}`)
        }
      }
    }
    expect(wrong).toEqual([])
    expect(await dataOf(ours)).toEqual(before)
  })

  test('all of them at once are all named', async () => {
    const { ward, category, assignee, councillor } = theirs.ids
    const answer = await app.send('POST', '/api/cases', {
      key: ours.council.key,
      body: {
        summary: 'x',
        wardId: ward,
        categoryId: category,
        assigneeId: assignee,
        councillorId: councillor,
      },
    })
    expect([answer.status, issuesOf(answer)]).toEqual([
      400,
      ['body wardId', 'body categoryId', 'body assigneeId', 'body councillorId'],
    ])
  })

  test('is not why: one’s own is taken in each of those places', async () => {
    for (const [field, of, method, path, body] of writes) {
      const where = `${method} ${path(ours.ids)} ${field}`
      const { status, text } = await app.send(method, path(ours.ids), {
        key: ours.council.key,
        body: body(ours.ids[of], ours.ids),
      })
      expect([where, text, status < 300]).toEqual([where, text, true])
    }
  })
})

test('nothing of theirs changed by any of it', async () => {
  expect(await dataOf(theirs)).toEqual(theirData)
})
