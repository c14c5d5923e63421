import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createTestCase, createTestCategories, createTestWards, idsOf } from '../support/casework'
import { fingerprint, issuesOf, unlimited } from '../support/http'

type Ids = { case: string; ward: string; category: string; assignee: string; councillor: string }
type Side = { council: Council; ids: Ids; references: string[] }

let app: TestApp
let ours: Side
let theirs: Side

beforeAll(async () => {
  app = await createTestApp(unlimited)
  ours = await createSide('ours', 1)
  theirs = await createSide('theirs', 3)
})

afterAll(() => app.close())

async function createSide(slug: string, howMany: number): Promise<Side> {
  const council = await createCouncil(app, slug)
  const [ward] = (await createTestWards(app, council, [`Ward of ${slug}`])) as [string]
  const [category] = (await createTestCategories(app, council, [`Category of ${slug}`])) as [string]
  const { id: assignee } = await createTestUser(council, { role: 'caseworker' })
  const { id: councillor } = await createTestUser(council, { role: 'councillor' })
  const input = { wardId: ward, categoryId: category, assigneeId: assignee, councillorId: councillor }
  const made: { id: string; reference: string }[] = []
  for (let i = 0; i < howMany; i++) made.push(await createTestCase(app, council, input))
  return {
    council,
    ids: { case: made.at(-1)?.id ?? '', ward, category, assignee, councillor },
    references: made.map(({ reference }) => reference),
  }
}

const idOf = (path: string, { ids }: Side) =>
  path.startsWith('/api/wards') ? ids.ward : path.startsWith('/api/categories') ? ids.category : ids.case

/** A body that each route with one takes. */
const bodyFor = (path: string) => (path.endsWith('/notes') ? { body: 'A note' } : { priority: 'urgent' })

describe('another council’s id', () => {
  test('answers every route byte-identically to an unknown id: 404', async () => {
    const routes = app.routes.entries.filter(({ path }) => path.includes('/:id'))
    expect(routes.length).toBeGreaterThanOrEqual(6)
    for (const { method, path, body } of routes) {
      const ask = (id: string) =>
        app.send(method, path.replace(':id', id), {
          key: ours.council.key,
          ...(body === null ? {} : { body: bodyFor(path) }),
        })
      const unknown = await ask('unknown')
      expect([method, path, unknown.status]).toEqual([method, path, 404])
      expect(fingerprint(await ask(idOf(path, theirs)))).toEqual(fingerprint(unknown))
      const status = method === 'POST' ? 201 : 200
      expect([method, path, (await ask(idOf(path, ours))).status]).toEqual([method, path, status])
    }
  })

  test('answers as unknown with every query parameter too', async () => {
    const ask = (id: string) =>
      app.send('GET', `/api/wards/${id}?include=boundary`, { key: ours.council.key })
    expect(fingerprint(await ask(theirs.ids.ward))).toEqual(fingerprint(await ask('unknown')))
  })

  test('so does another council’s reference, and one that both have is one’s own', async () => {
    const ask = (method: string, reference: string) =>
      app.send(method, `/api/cases/${reference}`, {
        key: ours.council.key,
        ...(method === 'PATCH' ? { body: { priority: 'low' } } : {}),
      })
    const [shared, , foreign] = theirs.references as [string, string, string]
    expect(ours.references).toEqual([shared])
    for (const method of ['GET', 'PATCH']) {
      const unknown = await ask(method, 'CW-2026-0404')
      expect(unknown.status).toBe(404)
      expect(fingerprint(await ask(method, foreign))).toEqual(fingerprint(unknown))
      expect((await ask(method, shared)).body.id).toBe(ours.ids.case)
    }
  })

  test('changed nothing of theirs', async () => {
    const { body } = await app.send('GET', `/api/cases/${theirs.ids.case}`, { key: theirs.council.key })
    expect([body.priority, body.version, body.timeline]).toEqual(['normal', 1, []])
  })
})

describe('another council’s id in a body', () => {
  const fields: [field: string, of: keyof Ids][] = [
    ['wardId', 'ward'],
    ['categoryId', 'category'],
    ['assigneeId', 'assignee'],
    ['councillorId', 'councillor'],
  ]

  test.each(fields)('%s is refused as an unknown one is, at creation and at change', async (field, of) => {
    const { key } = ours.council
    const create = (id: string) =>
      app.send('POST', '/api/cases', { key, body: { summary: 'x', [field]: id } })
    const patch = (id: string) =>
      app.send('PATCH', `/api/cases/${ours.ids.case}`, { key, body: { [field]: id } })
    for (const ask of [create, patch]) {
      const unknown = await ask('unknown')
      expect(unknown.status).toBe(400)
      expect(unknown.body.details.issues).toEqual([{ in: 'body', path: field, message: expect.any(String) }])
      expect(fingerprint(await ask(theirs.ids[of]))).toEqual(fingerprint(unknown))
    }
  })

  test('duplicateOfId is refused as an unknown one is', async () => {
    const { key } = ours.council
    const { id } = await createTestCase(app, ours.council)
    const close = (duplicateOfId: string) =>
      app.send('PATCH', `/api/cases/${id}`, {
        key,
        body: { status: 'closed', resolution: 'duplicate', duplicateOfId },
      })
    const unknown = await close('unknown')
    expect([unknown.status, issuesOf(unknown)]).toEqual([400, ['body duplicateOfId']])
    expect(fingerprint(await close(theirs.ids.case))).toEqual(fingerprint(unknown))
    expect((await close(ours.ids.case)).status).toBe(200)
    await app.send('PATCH', `/api/cases/${id}`, { key, body: { archived: true } })
  })

  test('all of them at once are all named', async () => {
    const { ward, category, assignee, councillor } = theirs.ids
    const { status, body } = await app.send('POST', '/api/cases', {
      key: ours.council.key,
      body: {
        summary: 'x',
        wardId: ward,
        categoryId: category,
        assigneeId: assignee,
        councillorId: councillor,
      },
    })
    expect(status).toBe(400)
    expect(body.details.issues.map(({ path }: { path: string }) => path)).toEqual(
      fields.map(([field]) => field),
    )
  })
})

describe('lists', () => {
  test.each(['cases', 'wards', 'categories'])('of %s show no row of another council', async (list) => {
    const of = async ({ council }: Side) =>
      (await app.send('GET', `/api/${list}?pageSize=100`, { key: council.key })).body
    const [own, foreign] = [await of(ours), await of(theirs)]
    expect([own.pagination.total, foreign.pagination.total]).toEqual(list === 'cases' ? [1, 3] : [1, 1])
    const foreignIds = idsOf(foreign[list])
    expect(idsOf(own[list]).filter((id) => foreignIds.includes(id))).toEqual([])
  })

  test.each([
    ['wardId', 'ward'],
    ['categoryId', 'category'],
    ['assigneeId', 'assignee'],
    ['councillorId', 'councillor'],
  ] as [string, keyof Ids][])('filtered by another council’s %s are empty', async (filter, of) => {
    const ask = (id: string) => app.send('GET', `/api/cases?${filter}=${id}`, { key: ours.council.key })
    const { status, body } = await ask(theirs.ids[of])
    expect([status, body.cases, body.pagination.total]).toEqual([200, [], 0])
    expect((await ask(ours.ids[of])).body.pagination.total).toBe(1)
  })

  test('searched by another council’s names are empty', async () => {
    for (const [list, search] of [
      ['wards', 'Ward of theirs'],
      ['categories', 'Category of theirs'],
    ] as const) {
      const { body } = await app.send('GET', `/api/${list}?search=${encodeURIComponent(search)}`, {
        key: ours.council.key,
      })
      expect([body[list], body.pagination.total]).toEqual([[], 0])
    }
  })
})

describe('what is read of all cases', () => {
  const allIds = (text: string) => new Set(text.match(/[a-z][a-z0-9]{23}/g))

  test.each([
    ['changes', 'GET', '/api/cases/changes'],
    ['an export', 'GET', '/api/cases/export?format=ndjson'],
    ['a search', 'GET', '/api/cases?search=pothole'],
    ['a search for a resident', 'POST', '/api/cases/search-resident'],
  ])('%s shows no row of another council', async (_, method, path) => {
    const postcode = 'BS2 9YT'
    for (const { council, ids } of [ours, theirs]) {
      await app.send('PATCH', `/api/cases/${ids.case}`, {
        key: council.key,
        body: { residentPostcode: postcode },
      })
    }
    const of = async ({ council }: Side) => {
      const body = method === 'POST' ? { postcode } : undefined
      return allIds((await app.send(method, path, { key: council.key, body })).text)
    }
    const [own, foreign] = [await of(ours), await of(theirs)]
    expect([own.has(ours.ids.case), foreign.has(theirs.ids.case)]).toEqual([true, true])
    expect([...own].filter((id) => foreign.has(id))).toEqual([])
  })
})

describe('/api/me', () => {
  test('tells each key of its own council only', async () => {
    for (const { council } of [ours, theirs]) {
      const { body } = await app.send('GET', '/api/me', { key: council.key })
      expect(body.tenant.id).toBe(council.tenant.id)
    }
  })
})
