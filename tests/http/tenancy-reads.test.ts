import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { RouteEntry } from '../../src/http/route-table'
import { type Answer, createTestApp, type TestApp } from '../support/app'
import { fingerprint, unlimited } from '../support/http'
import { createSide, type Ids, kinds, place, type Side, tracesOf } from '../support/sides'

let app: TestApp
let ours: Side
let theirs: Side

beforeAll(async () => {
  app = await createTestApp(unlimited)
  ours = await createSide(app, 'calder', 2)
  theirs = await createSide(app, 'tamar', 4)
})

afterAll(() => app.close())

const resident = { postcode: 'BS2 9YT' }
const show = ({ method, path }: RouteEntry) => `${method} ${path}`

/** Every route that reads; the search for a resident does so with a body. */
const readers = () =>
  app.routes.entries.filter(
    ({ method, path }) =>
      /^\/(api|public)\//.test(path) && (method === 'GET' || path === '/api/cases/search-resident'),
  )

const read = (route: RouteEntry, path: string, key: string): Promise<Answer> =>
  app.send(route.method, path, {
    ...(path.startsWith('/public/') ? {} : { key }),
    ...(route.body === null ? {} : { body: resident }),
  })

/** The path with a council's own slug, case and reference in it. */
const pathFor = ({ path }: RouteEntry, { slug, references, ids }: Side) =>
  path
    .replace(':tenant', slug)
    .replace(':reference', references[0] as string)
    .replace(':id', path.startsWith('/api/webhooks/') ? ids.webhook : ids.case)

/** Each form in which a route answers, and what it must be asked. */
function queriesOf({ path, query }: RouteEntry): string[] {
  if (path.endsWith('/lookup')) return [`?latitude=${place.latitude}&longitude=${place.longitude}`]
  const formats = query?.properties?.format?.anyOf as { const: string }[] | undefined
  if (formats) return formats.map((format) => `?format=${format.const}`)
  return [query?.properties?.pageSize ? '?pageSize=100' : '']
}

/** Answers that name nothing of the council: numbers alone, and what is the same for all. */
const namesNothing =
  /^\/api\/(webhooks\/events|audit\/verify|reports(\/(summary|timeseries|sla|backlog-age|outcomes))?)$/

describe('what a council reads', () => {
  test('holds nothing of another: every list, export, feed and page, in every form, whoever asks', async () => {
    const wrong: string[] = []
    let count = 0
    for (const route of readers().filter(({ path }) => !path.includes(':id'))) {
      for (const query of queriesOf(route)) {
        for (const [own, other] of [
          [ours, theirs],
          [theirs, ours],
        ] as const) {
          const keys = route.path.startsWith('/public/') ? [''] : own.keys
          for (const [i, key] of keys.entries()) {
            count++
            const { status, text } = await read(route, `${pathFor(route, own)}${query}`, key)
            const where = `${show(route)}${query} for ${own.slug}, key ${i}: ${status}`
            if (status !== 200 && !(i > 0 && status === 403)) wrong.push(where)
            for (const trace of tracesOf(other, text)) wrong.push(`${where} holds ${trace}`)
            const isMute = namesNothing.test(route.path) || status !== 200
            if (!isMute && tracesOf(own, text).length === 0) wrong.push(`${where} holds nothing of its own`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThanOrEqual(158)
  })

  test('counts its own only', async () => {
    for (const list of ['cases', 'wards', 'categories', 'users', 'events', 'news']) {
      const of = async ({ council: { key } }: Side) =>
        (await app.send('GET', `/api/${list}`, { key })).body.pagination.total
      const wanted = list === 'cases' ? [2, 4] : /events|news/.test(list) ? [3, 3] : [2, 2]
      expect([list, await of(ours), await of(theirs)]).toEqual([list, ...wanted])
    }
  })

  test('finds nothing by what another’s things are called', async () => {
    for (const list of ['cases', 'cases/export', 'wards', 'categories', 'users', 'news']) {
      const ask = async (search: string) => {
        const format = list.endsWith('export') ? '&format=json' : ''
        const { body } = await app.send('GET', `/api/${list}?search=${search}${format}`, {
          key: ours.council.key,
        })
        return body.total ?? body.pagination.total
      }
      expect([list, await ask('tamar')]).toEqual([list, 0])
      expect([list, (await ask('calder')) > 0]).toEqual([list, true])
    }
  })
})

type Filter = [path: string, name: string, of: keyof Ids]

const caseFilters: [name: string, of: keyof Ids][] = [
  ['wardId', 'ward'],
  ['categoryId', 'category'],
  ['assigneeId', 'assignee'],
  ['councillorId', 'councillor'],
]
const filters: Filter[] = [
  ...caseFilters.flatMap(([name, of]): Filter[] => [
    ['/api/cases?', name, of],
    ['/api/cases/export?format=json&', name, of],
  ]),
  ['/api/users?', 'wardId', 'ward'],
  ['/api/events?', 'wardId', 'ward'],
  ['/api/news?', 'wardId', 'ward'],
  ['/api/audit?', 'entityId', 'case'],
  ['/api/audit?', 'actor', 'key'],
  ['/api/audit/export?format=json&', 'entityId', 'event'],
  ['/api/audit/export?format=json&', 'actor', 'key'],
]

describe('a filter by another council’s id', () => {
  test(`finds what an unknown one finds, nothing: ${filters.length} filters × ${kinds.length} kinds`, async () => {
    const ask = (path: string, name: string, id: string) =>
      app.send('GET', `${path}${name}=${id}`, { key: ours.council.key })
    // Its headers name the address that was asked for, and a tag made of that.
    const comparable = ({ status, text }: Answer) => `${status} ${text}`
    const totalOf = ({ body }: Answer) => body.total ?? body.pagination.total
    const wrong: string[] = []
    for (const [path, name, of] of filters) {
      const unknown = await ask(path, name, 'unknown')
      expect([path, name, unknown.status, totalOf(unknown)]).toEqual([path, name, 200, 0])
      for (const kind of kinds) {
        const answer = comparable(await ask(path, name, theirs.ids[kind]))
        if (answer !== comparable(unknown)) wrong.push(`${path}${name}, ${kind}: ${answer}`)
      }
      expect([path, name, totalOf(await ask(path, name, ours.ids[of])) > 0]).toEqual([path, name, true])
    }
    expect(wrong).toEqual([])
  })

  test('is refused in public as an unknown one is, by id as by slug', async () => {
    const routes = readers().flatMap((route) =>
      route.path.startsWith('/public/') && route.query?.properties?.ward ? [route] : [],
    )
    expect(routes.length).toBeGreaterThanOrEqual(8)
    for (const route of routes) {
      for (const name of ['ward', 'category'].filter((filter) => route.query?.properties?.[filter])) {
        const ask = (value: string) => read(route, `${pathFor(route, ours)}?${name}=${value}`, '')
        const unknown = await ask('unknown')
        expect([show(route), name, unknown.status]).toEqual([show(route), name, 400])
        for (const value of [...Object.values(theirs.ids), 'first-tamar']) {
          expect(fingerprint(await ask(value))).toEqual(fingerprint(unknown))
        }
        expect([show(route), name, (await ask('first-calder')).status]).toEqual([show(route), name, 200])
      }
    }
  })
})

describe('a cursor', () => {
  test('of one council is none of another’s, in every list that has them', async () => {
    const names = ['cursor', 'since']
    const routes = readers().flatMap((route) => {
      const name = names.find((parameter) => route.query?.properties?.[parameter])
      return name ? [{ route, name }] : []
    })
    expect(routes.length).toBeGreaterThanOrEqual(13)
    for (const { route, name } of routes) {
      const ask = (side: Side, cursor: string) =>
        read(route, `${pathFor(route, side)}?pageSize=1&${name}=${cursor}`, side.council.key)
      const { body } = await ask(theirs, '')
      const cursor = body.nextCursor ?? body.pagination.nextCursor
      expect([show(route), typeof cursor]).toEqual([show(route), 'string'])
      expect([show(route), (await ask(theirs, cursor)).status]).toEqual([show(route), 200])
      expect([show(route), (await ask(ours, cursor)).status]).toEqual([show(route), 400])
    }
  })
})

describe('in public', () => {
  const track = (slug: string, body: unknown) => app.send('POST', `/public/${slug}/track`, { body })

  test('another council’s reference is unknown', async () => {
    const ask = (reference: string) => app.send('GET', `/public/calder/cases/${reference}`)
    const unknown = await ask('CW-2026-0404')
    expect(unknown.status).toBe(404)
    expect(fingerprint(await ask(theirs.references.at(-1) as string))).toEqual(fingerprint(unknown))
    expect((await ask(theirs.references[0] as string)).body.publicSummary).toBe('Hole of calder')
  })

  test('a case is tracked with its secret at its own council only', async () => {
    const contact = { name: 'Margaret Hughes', email: 'm.hughes@example.org', message: 'A hole' }
    const made = async (slug: string) =>
      (await app.send('POST', `/public/${slug}/contact`, { body: { ...contact, location: place } })).body
    const [own, foreign] = [await made('calder'), await made('tamar')]
    const unknown = await track('calder', { reference: 'CW-2026-0404', secret: own.secret })
    expect(unknown.status).toBe(404)
    for (const reference of [foreign.reference, own.reference]) {
      const answer = await track('calder', { reference, secret: foreign.secret })
      expect(fingerprint(answer)).toEqual(fingerprint(unknown))
    }
    for (const [side, { reference, secret }] of [
      [ours, own],
      [theirs, foreign],
    ] as const) {
      const { status, body } = await track(side.slug, { reference, secret })
      // Both councils have a ward there: each finds its own.
      expect([status, body.ward.name]).toEqual([200, `A ward of ${side.slug}`])
    }
  })
})
