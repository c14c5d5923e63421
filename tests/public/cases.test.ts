import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eraseCases } from '../../src/resources/cases/erase.service'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories } from '../../src/resources/categories/service'
import { categories } from '../../src/resources/categories/table'
import type { Body } from '../resources/cases/support'
import { type Council, createTestApp, type TestApp } from '../support/app'
import { bytes, createTestCategories, createTestWards } from '../support/casework'
import { fingerprint, issuesOf, unlimited } from '../support/http'
import { hardText, newCouncil, publicSide, readXml } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
})
afterAll(() => app.close())

const listOf = async (council: Council, query = ''): Promise<Body> => {
  const { status, body } = await side.read(council, `cases.json?${query}`)
  expect([query, status]).toEqual([query, 200])
  return body
}
const referencesOf = async (council: Council, query = ''): Promise<string[]> =>
  (await listOf(council, query)).cases.map(({ reference }: Body) => reference)
const one = (council: Council, reference: string) => side.read(council, `cases/${reference}`)
const feedOf = async (council: Council, query = ''): Promise<Body[]> =>
  readXml((await side.read(council, `cases.rss?${query}`)).text).rss.channel.item ?? []

describe('public cases refuse', () => {
  test('a council that is not there', async () => {
    for (const file of ['cases.json', 'cases.rss', 'cases/CW-2026-0001']) {
      expect((await app.send('GET', `/public/nowhere/${file}`)).status).toBe(404)
    }
  })

  test('bad filters and pages, which they name', async () => {
    const council = await newCouncil(app)
    for (const [query, name] of [
      ['ward=nowhere', 'ward'],
      ['category=nothing', 'category'],
      ['pageSize=1000', 'pageSize'],
      ['page=0', 'page'],
      ['utm_source=x&page=0&page=1', 'page'],
    ] as const) {
      const answer = await side.read(council, `cases.json?${query}`)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
    expect(issuesOf(await side.read(council, 'cases.rss?ward=nowhere&page=1'))).toEqual(['query ward'])
  })

  test('a category that residents do not see', async () => {
    const council = await newCouncil(app)
    const [id = ''] = await createTestCategories(app, council, ['Potholes'])
    await app.deps.store.write((tx) => tx.update(categories).set({ visibility: 'hidden' }))
    for (const name of ['potholes', id]) {
      expect(issuesOf(await side.read(council, `cases.json?category=${name}`))).toEqual(['query category'])
    }
  })

  test('a case that is not approved, is erased or of another council, each alike', async () => {
    const [council, other] = [await newCouncil(app), await newCouncil(app)]
    const draft = await side.make(council, 'cases', { summary: 'x', publicSummary: 'Draft' })
    const withdrawn = await side.show(council, {})
    await side.change(council, `cases/${withdrawn.id}`, { publicState: 'withdrawn' })
    const erased = await side.show(council, {})
    await eraseCases(council.ctx, app.deps, [erased.id])
    const shown = await side.show(council, {})
    const unknown = fingerprint(await one(council, 'CW-2026-9999'))
    expect([unknown.status, JSON.parse(unknown.text).error]).toEqual([404, 'Case not found'])
    for (const { reference } of [draft, withdrawn, erased]) {
      expect(fingerprint(await one(council, reference))).toEqual(unknown)
    }
    expect(fingerprint(await one(other, shown.reference))).toEqual(unknown)
    expect(fingerprint(await one(council, shown.id))).toEqual(unknown)
    expect(await referencesOf(council)).toEqual([shown.reference])
    expect(await referencesOf(other)).toEqual([])
    expect((await feedOf(council)).map(({ guid }) => guid['#text'])).toEqual([`urn:x-reeve:case:${shown.id}`])
  })
})

describe('a public case', () => {
  test('has the documented fields and no other', async () => {
    const council = await newCouncil(app)
    const [wardId] = await createTestWards(app, council, ['Ashley'])
    const [categoryId] = await createTestCategories(app, council, ['Potholes'])
    const made = await side.show(council, {
      summary: 'Secret summary',
      description: 'Secret description',
      residentName: 'Secret Name',
      residentEmail: 'secret@example.org',
      residentPhone: '0117 496 0000',
      residentPostcode: 'BS1 5TR',
      publicSummary: 'A deep pothole',
      publicThemes: ['roads'],
      wardId,
      categoryId,
      location: { latitude: 51.462949, longitude: -2.574651, address: 'Secret Road 1' },
    })
    const expected = {
      reference: made.reference,
      status: 'open',
      resolution: null,
      publicSummary: 'A deep pothole',
      publicThemes: ['roads'],
      highlighted: false,
      ward: { id: wardId, name: 'Ashley' },
      category: { id: categoryId, name: 'Potholes' },
      location: { latitude: 51.463, longitude: -2.575 },
      createdAt: app.clock.now().toISOString(),
      updatedAt: app.clock.now().toISOString(),
      resolvedAt: null,
    }
    expect(await listOf(council)).toEqual({
      cases: [expected],
      pagination: { page: 1, pageSize: 20, total: 1, totalPages: 1 },
    })
    const { status, body } = await one(council, made.reference.toLowerCase())
    expect([status, body]).toEqual([200, { ...expected, timeline: expect.any(Array) }])
    for (const file of ['cases.json', 'cases.rss', `cases/${made.reference}`]) {
      expect((await side.read(council, file)).text).not.toMatch(/secret|496|BS1|51\.4629|2\.5746/i)
    }
  })

  test('does not name a category that is for staff or hidden, nor once it becomes so', async () => {
    const council = await newCouncil(app)
    const file = 'name,visibility\nPotholes,public\nPersistent complainants,staff\nFraud,hidden\n'
    await importCategories(council.ctx, parseCategories(bytes(file)))
    const { body } = await app.send('GET', '/api/categories', { key: council.key })
    const idOf = (name: string) => body.categories.find((row: Body) => row.name === name).id
    const potholes = idOf('Potholes')
    const shown = new Map<string, Body>()
    for (const name of ['Potholes', 'Persistent complainants', 'Fraud']) {
      shown.set(name, await side.show(council, { publicSummary: `A case`, categoryId: idOf(name) }))
    }
    const named = async () => {
      const list = (await listOf(council)).cases.map(({ category }: Body) => category?.name ?? null)
      const each = await Promise.all(
        [...shown.values()].map(async ({ reference }) => (await one(council, reference)).body.category),
      )
      return [list.sort(), each]
    }
    expect(await named()).toEqual([
      ['Potholes', null, null],
      [{ id: potholes, name: 'Potholes' }, null, null],
    ])
    for (const path of ['cases.json', 'cases.rss']) {
      expect((await side.read(council, path)).text).not.toMatch(/Persistent|Fraud/)
    }
    const { reference } = shown.get('Potholes') as Body
    app.clock.advance(5_000)
    const seen = await side.read(council, `cases/${reference}`)
    const since = { 'if-modified-since': seen.headers.get('last-modified') as string }
    const again = () => side.read(council, `cases/${reference}`, { headers: since })
    expect((await again()).status).toBe(304)
    await importCategories(council.ctx, parseCategories(bytes('name,visibility\nPotholes,hidden\n')))
    expect((await again()).status).toBe(200)
    expect(await named()).toEqual([
      [null, null, null],
      [null, null, null],
    ])
  })

  test('tells of its moves and what was published, not of notes, reasons, people or targets', async () => {
    const council = await newCouncil(app)
    const { id, reference } = await side.show(council, { publicSummary: 'First words' })
    const note = (body: string, visibility: string) =>
      app.send('POST', `/api/cases/${id}/notes`, { key: council.key, body: { body, visibility } })
    expect((await note('Secret internal', 'internal')).status).toBe(201)
    expect((await note('Secret to the resident', 'public')).status).toBe(201)
    const steps = [
      { status: 'in_progress' },
      { status: 'resolved', resolution: 'answered' },
      { status: 'in_progress', reason: 'Secret reason' },
      { publicSummary: 'Second words' },
      { priority: 'high' },
    ]
    for (const step of steps) {
      app.clock.advance(1_000)
      await side.change(council, `cases/${id}`, step)
    }
    const { body, text } = await one(council, reference)
    expect(body.timeline.map(({ kind, status }: Body) => status ?? kind).reverse()).toEqual([
      'public_update',
      'in_progress',
      'resolved',
      'in_progress',
      'public_update',
    ])
    for (const entry of body.timeline) expect(Object.keys(entry)).toEqual(['at', 'kind', 'status', 'body'])
    expect(text).toContain('First words')
    expect(text).toContain('Second words')
    expect(text).not.toMatch(/secret|test key|priority/i)
  })

  test('says when it was resolved', async () => {
    const council = await newCouncil(app)
    const { id, reference } = await side.show(council, {})
    await side.change(council, `cases/${id}`, { status: 'resolved', resolution: 'answered' })
    const resolvedAt = app.clock.now().toISOString()
    expect((await one(council, reference)).body).toMatchObject({ resolution: 'answered', resolvedAt })
  })
})

describe('the list of public cases', () => {
  test('holds those of a ward and a category, those that changed last first', async () => {
    const council = await newCouncil(app)
    const [ashley, avonmouth] = await createTestWards(app, council, ['Ashley', 'Avonmouth'])
    const [holes, lights] = await createTestCategories(app, council, ['Potholes', 'Lights'])
    const references: string[] = []
    for (const input of [
      { wardId: ashley, categoryId: holes },
      { wardId: ashley, categoryId: lights },
      { wardId: avonmouth, categoryId: holes },
      {},
    ]) {
      references.push((await side.show(council, input)).reference)
      app.clock.advance(1_000)
    }
    await side.change(council, 'settings', { casePage: 'https://www.example.gov.uk/cases/{reference}' })
    const [a, b, c, d] = references as [string, string, string, string]
    for (const [query, expected] of [
      ['', [d, c, b, a]],
      ['ward=ashley', [b, a]],
      [`ward=${avonmouth}`, [c]],
      ['category=potholes', [c, a]],
      [`category=${lights}&ward=ashley`, [b]],
      ['category=lights&ward=avonmouth', []],
    ] as [string, string[]][]) {
      expect([query, await referencesOf(council, query)]).toEqual([query, expected])
      const linked = (await feedOf(council, query)).map(({ link }) => link[0].split('/').at(-1))
      expect([query, linked]).toEqual([query, expected])
    }
    expect(await referencesOf(council, 'page=2&pageSize=3')).toEqual([a])
    const { pagination, cases } = await listOf(council, 'pageSize=3')
    expect(pagination).toEqual({ page: 1, pageSize: 3, total: 4, totalPages: 2 })
    expect(cases).toHaveLength(3)
  })

  test('is well-formed and harmless as RSS, whatever stands in it', async () => {
    const council = await newCouncil(app)
    const { id } = await side.show(council, { publicSummary: hardText })
    const [item] = await feedOf(council)
    expect(item.guid['#text']).toBe(`urn:x-reeve:case:${id}`)
    for (const text of [item.title, item['content:encoded']]) {
      expect(text).not.toMatch(/<script|<b>/)
      expect(text).toContain('🎂 ŵŷ')
    }
  })
})
