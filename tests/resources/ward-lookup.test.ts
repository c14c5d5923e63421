import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parse } from 'csv-parse/sync'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  type TestApp,
} from '../support/app'
import { bytes, createTestCase, createTestWards } from '../support/casework'
import { atInstant, issuesOf, unlimited } from '../support/http'
import { type Body, createActing, createIn, type Holder } from './cases/support'

let app: TestApp
let council: Council

/** A ring around a square. */
const ring = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const square = (...corners: [number, number, number, number]) => ({
  type: 'Polygon',
  coordinates: [ring(...corners)],
})

const features: [properties: Record<string, unknown>, geometry: unknown][] = [
  [{ name: 'West' }, square(-3, 51, -2.9, 51.1)],
  [{ name: 'East' }, square(-2.9, 51, -2.8, 51.1)],
  [
    { name: 'Ring' },
    { type: 'Polygon', coordinates: [ring(-2.7, 51, -2.4, 51.3), ring(-2.6, 51.1, -2.5, 51.2)] },
  ],
  [
    { name: 'Islands' },
    { type: 'MultiPolygon', coordinates: [[ring(-4, 51, -3.9, 51.1)], [ring(-3.7, 51, -3.6, 51.1)]] },
  ],
  [{ name: 'Disused', enabled: 'no' }, square(-1, 51, -0.9, 51.1)],
  [{ name: 'To come', validFrom: '2026-05-07' }, square(-1.2, 51, -1.1, 51.1)],
  [{ name: 'Going', validTo: '2026-05-06' }, square(-1.2, 51, -1.1, 51.1)],
  [{ name: 'Avon', tier: 'county' }, square(-5, 50, -2, 52)],
  [{ name: 'Parish', tier: 'parish' }, square(-3, 51, -2.95, 51.1)],
  [{ name: 'Division', tier: 'division' }, square(-3, 51, -2.8, 51.1)],
  [{ name: 'Nowhere' }, null],
]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  const other = await createCouncil(app, 'severn')
  const files = {
    avon: features,
    severn: [[{ name: 'Of another council' }, square(0, 51, 0.1, 51.1)]] as const,
  }
  for (const { ctx, tenant } of [council, other]) {
    const list = files[tenant.slug as keyof typeof files].map(([properties, geometry]) => ({
      type: 'Feature',
      properties,
      geometry,
    }))
    await importWards(ctx, parseWards(bytes(JSON.stringify({ type: 'FeatureCollection', features: list }))))
  }
})
afterAll(() => app.close())

const look = (query: string, { key }: Holder = council): Promise<Answer> =>
  app.send('GET', `/api/wards/lookup?${query}`, { key })
const nameAt = async (latitude: number, longitude: number, tier = ''): Promise<string | null> => {
  const { body } = await look(`latitude=${latitude}&longitude=${longitude}${tier && `&tier=${tier}`}`)
  return body.name ?? null
}

describe('a point is refused', () => {
  test.each([
    ['', ['query latitude', 'query longitude']],
    ['latitude=51', ['query longitude']],
    ['latitude=91&longitude=0', ['query latitude']],
    ['latitude=-90.001&longitude=180.001', ['query latitude', 'query longitude']],
    ['latitude=north&longitude=0', ['query latitude']],
    ['latitude=&longitude=0', ['query latitude']],
    ['latitude=51&longitude=0&tier=village', ['query tier']],
    ['latitude=51&longitude=0&postcode=BS1', ['query postcode']],
    ['latitude=51&latitude=52&longitude=0', ['query latitude']],
  ] as [string, string[]][])('%s: 400 that names %j', async (query, expected) => {
    const answer = await look(query)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
  })

  test.each([
    ['far from every ward', 'latitude=55&longitude=-3'],
    ['in the ward of another council', 'latitude=51.05&longitude=0.05'],
    ['in a ward that is not in use', 'latitude=51.05&longitude=-0.95'],
    ['where only the box of a ward lies', 'latitude=51.15&longitude=-2.55&tier=ward'],
    ['between two parts of a ward', 'latitude=51.05&longitude=-3.8&tier=ward'],
    ['where no area of this kind lies', 'latitude=51.05&longitude=-2.95&tier=unitary'],
  ])('%s: 404 that says so in a sentence', async (_, query) => {
    const { status, body } = await look(query)
    const [latitude, longitude] = [/latitude=([^&]+)/, /longitude=([^&]+)/].map((form) =>
      Number(form.exec(query)?.[1]),
    )
    expect([status, body]).toEqual([
      404,
      { error: 'This point is not in any ward of the council', details: { latitude, longitude } },
    ])
  })

  test('to a key without the scope', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:read'] })
    expect((await look('latitude=51.05&longitude=-2.95', { key })).status).toBe(403)
    expect((await app.send('GET', '/api/wards/export', { key })).status).toBe(403)
  })
})

describe('the ward of a point', () => {
  test('is shown as it is in the list', async () => {
    const { status, body } = await look('latitude=51.05&longitude=-2.85')
    const { wards } = (await app.send('GET', '/api/wards?search=East', council)).body
    expect([status, body]).toEqual([200, wards[0]])
  })

  test.each([
    ['inside', 51.05, -2.85, 'East'],
    ['on an outer edge', 51.1, -2.85, 'East'],
    ['on a corner', 51, -2.8, 'East'],
    ['in the area around a hole', 51.05, -2.55, 'Ring'],
    ['on the edge of a hole', 51.1, -2.55, 'Ring'],
    ['in the first part', 51.05, -3.95, 'Islands'],
    ['in the last part', 51.05, -3.65, 'Islands'],
  ])('is found %s', async (_, latitude, longitude, name) => {
    expect(await nameAt(latitude, longitude)).toBe(name)
  })

  test('on the edge of two is one of them, and the same each time', async () => {
    const first = await nameAt(51.05, -2.9)
    expect(first).toMatch(/^(East|West)$/)
    for (let i = 0; i < 5; i++) expect(await nameAt(51.05, -2.9)).toBe(first)
  })

  test('is the smallest kind of area, or the kind that is asked for', async () => {
    expect(await nameAt(51.05, -2.98)).toBe('West')
    expect(await nameAt(51.05, -2.98, 'ward')).toBe('West')
    expect(await nameAt(51.05, -2.98, 'division')).toBe('Division')
    expect(await nameAt(51.05, -2.98, 'parish')).toBe('Parish')
    expect(await nameAt(51.05, -2.98, 'county')).toBe('Avon')
    expect(await nameAt(51.15, -2.55)).toBe('Avon')
    expect(await nameAt(51.05, -3.8)).toBe('Avon')
  })

  test('is the one that is valid on the local date', async () => {
    const at = (instant: string) => atInstant(app, instant, () => nameAt(51.05, -1.15))
    expect(await at('2026-05-06T22:59:59.999Z')).toBe('Going')
    expect(await at('2026-05-06T23:00:00.000Z')).toBe('To come')
  })
})

describe('an export of wards', () => {
  const fetchExport = ({ key }: Holder, query = '') => app.send('GET', `/api/wards/export?${query}`, { key })
  const countsOf = async (holder: Holder): Promise<Record<string, Body>> =>
    Object.fromEntries(
      (await fetchExport(holder, 'format=json')).body.wards.map(({ name, cases }: Body) => [name, cases]),
    )
  const none = { open: 0, in_progress: 0, resolved: 0, closed: 0, total: 0 }

  test('is refused in a format that it does not have', async () => {
    for (const format of ['xlsx', 'ndjson', '']) {
      const answer = await fetchExport(council, `format=${format}`)
      expect([answer.status, issuesOf(answer)]).toEqual([400, ['query format']])
    }
  })

  test('holds every ward in use by name, with its cases in each status, archived ones too', async () => {
    const fresh = await createCouncil(app, 'wye')
    const [ashley, easton] = await createTestWards(app, fresh, ['Ashley', 'Easton', 'Brislington'])
    await importWards(fresh.ctx, parseWards(bytes('name,enabled\nDisused,no\n')))
    for (const status of ['open', 'open', 'in_progress', 'resolved', 'closed'] as const) {
      await createIn(app, status, fresh, { wardId: ashley })
    }
    const { id } = await createIn(app, 'closed', fresh, { wardId: easton })
    await app.send('PATCH', `/api/cases/${id}`, { key: fresh.key, body: { archived: true } })
    await createTestCase(app, fresh)
    const { body } = await fetchExport(fresh, 'format=json')
    const [listed] = (await app.send('GET', '/api/wards?search=Ashley', fresh)).body.wards
    const cases = { open: 2, in_progress: 1, resolved: 1, closed: 1, total: 5 }
    expect(body.total).toBe(3)
    expect(body.wards[0]).toEqual({ ...listed, cases })
    expect(await countsOf(fresh)).toEqual({
      Ashley: cases,
      Brislington: none,
      Easton: { ...none, closed: 1, total: 1 },
    })
    const csv = await fetchExport(fresh)
    const rows: string[][] = parse(csv.text)
    expect(rows[0]?.slice(0, 5)).toEqual(['Name', 'Welsh Name', 'GSS Code', 'Tier', 'Electorate'])
    expect(rows.slice(1)).toEqual([
      ['Ashley', '', '', 'ward', '', '2', '1', '1', '1', '5'],
      ['Brislington', '', '', 'ward', '', '0', '0', '0', '0', '0'],
      ['Easton', '', '', 'ward', '', '0', '0', '0', '1', '1'],
    ])
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="wards-export-2026-03-13.csv"')
  })

  test('counts for a caseworker their own cases, and for a councillor those of their wards', async () => {
    const fresh = await createCouncil(app, 'frome')
    const [ashley, easton] = (await createTestWards(app, fresh, ['Ashley', 'Easton'])) as [string, string]
    const scopes = ['cases:read', 'cases:write', 'wards:read']
    const worker = await createActing(app, fresh, 'caseworker', { scopes })
    const councillor = await createActing(app, fresh, 'councillor', { scopes, wardIds: [easton] })
    for (const wardId of [ashley, ashley, easton]) await createTestCase(app, fresh, { wardId })
    await createTestCase(app, fresh, { wardId: ashley, assigneeId: worker.id })
    const open = (total: number) => ({ ...none, open: total, total })
    expect(await countsOf(fresh)).toEqual({ Ashley: open(3), Easton: open(1) })
    expect(await countsOf(worker)).toEqual({ Ashley: open(1), Easton: none })
    expect(await countsOf(councillor)).toEqual({ Ashley: none, Easton: open(1) })
  })
})
