import { afterAll, beforeAll, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { listen } from '../../src/http/server'
import { base62, randomString, secureRandom } from '../../src/lib/random'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import type { Body } from '../resources/cases/support'
import { type Council, createTestApp, type TestApp } from '../support/app'
import { bytes, createTestWards } from '../support/casework'
import { unlimited } from '../support/http'
import { newCouncil, publicSide, squares, turnOf } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
})
afterAll(() => app.close())

const load = ({ ctx }: Council, text: string) => importWards(ctx, parseWards(bytes(text)))

async function mapOf(council: Council): Promise<Body> {
  const { status, headers, text } = await side.read(council, 'wards.geojson')
  expect([status, headers.get('content-type')]).toEqual([200, 'application/geo+json; charset=utf-8'])
  return JSON.parse(text)
}

test('the map is refused for a council that is not there', async () => {
  expect((await app.send('GET', '/public/nowhere/wards.geojson')).status).toBe(404)
})

test('the map is a FeatureCollection (RFC 7946) of the wards in use, longitude first', async () => {
  const council = await newCouncil(app)
  expect(await mapOf(council)).toEqual({ type: 'FeatureCollection', features: [] })
  await load(council, squares({ Ashley: -2.5, Avonmouth: -2.4 }))
  await load(council, 'name,enabled\nGone,no\nPlain,yes\n')
  const { type, features, ...rest } = await mapOf(council)
  expect([type, rest]).toEqual(['FeatureCollection', {}])
  expect(features.map(({ properties }: Body) => properties.name)).toEqual(['Ashley', 'Avonmouth', 'Plain'])
  const [ashley, , plain] = features
  expect(ashley).toEqual({
    type: 'Feature',
    id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
    properties: {
      name: 'Ashley',
      nameCy: null,
      slug: 'ashley',
      gssCode: null,
      tier: 'ward',
      electorate: null,
    },
    geometry: { type: expect.stringMatching(/^(Multi)?Polygon$/), coordinates: expect.any(Array) },
  })
  expect(plain.geometry).toBeNull()
  const positions = ashley.geometry.coordinates.flat(ashley.geometry.type === 'Polygon' ? 1 : 2) as number[][]
  expect(positions[0]).toEqual(positions.at(-1) as number[])
  for (const [longitude = 0, latitude = 0] of positions) {
    expect(longitude).toBeLessThan(0)
    expect(latitude).toBeGreaterThan(50)
  }
})

test('rings follow the right-hand rule (RFC 7946, 3.1.6), whichever way they were imported', async () => {
  const council = await newCouncil(app)
  const square = (west: number, size: number) => [
    [west, 51.4],
    [west + size, 51.4],
    [west + size, 51.4 + size],
    [west, 51.4 + size],
    [west, 51.4],
  ]
  const around = square(-2.6, 0.1)
  const hole = square(-2.58, 0.01)
  const ways = (polygon: number[][][]) => [
    polygon,
    polygon.map((ring) => ring.toReversed()),
    polygon.map((ring, i) => (i === 0 ? ring : ring.toReversed())),
  ]
  const geometries = ways([around, hole]).flatMap((polygon) => [
    { type: 'Polygon', coordinates: polygon },
    { type: 'MultiPolygon', coordinates: [polygon, [square(-2.3, 0.1).toReversed()]] },
  ])
  const features = geometries.map((geometry, i) => ({
    type: 'Feature',
    properties: { name: `Ward ${i}` },
    geometry,
  }))
  await load(council, JSON.stringify({ type: 'FeatureCollection', features }))
  const shown = (await mapOf(council)).features
  expect(shown).toHaveLength(6)
  for (const { id, geometry } of shown) {
    const path = `/api/wards/${id}?include=boundary`
    expect((await app.send('GET', path, { key: council.key })).body.boundary).toEqual(geometry)
    const polygons: number[][][][] =
      geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    for (const [outer = [], ...holes] of polygons) {
      expect(turnOf(outer)).toBeGreaterThan(0)
      expect(holes.filter((ring) => turnOf(ring) >= 0)).toEqual([])
    }
  }
})

test('the map holds every ward, however many there are', async () => {
  const council = await newCouncil(app)
  const names = Array.from({ length: 60 }, (_, i) => `Ward ${String(i).padStart(2, '0')}`)
  await createTestWards(app, council, names)
  const { features } = await mapOf(council)
  expect(features.map(({ properties }: Body) => properties.name)).toEqual(names)
})

test('the map has another tag when only a boundary is another, or a ward goes out of use', async () => {
  const council = await newCouncil(app)
  const tags: (string | null)[] = []
  for (const file of [
    squares({ Ashley: -2.5 }),
    squares({ Ashley: -2.4 }),
    squares({ Ashley: -2.4 }),
    'name,enabled\nAshley,no\n',
  ]) {
    await load(council, file)
    tags.push((await side.read(council, 'wards.geojson')).headers.get('etag'))
  }
  expect(new Set(tags).size).toBe(3)
  expect(tags[1]).toBe(tags[2] as string)
})

test('the map comes with its length, whole or compressed, and HEAD tells that of GET', async () => {
  const council = await newCouncil(app)
  // Too long to be sent at once, also compressed.
  const names = Array.from({ length: 700 }, (_, i) => `${i} ${randomString(secureRandom, 90, base62)}`)
  await load(council, `name\n${names.join('\n')}\n`)
  const path = `/public/${council.tenant.slug}/wards.geojson`
  const ask = async (method: string, coding: string) => {
    const init = { method, headers: { host: 'localhost', 'accept-encoding': coding } }
    const answer = await app.handle(new Request(`http://localhost${path}`, init), '127.0.0.1')
    const { headers } = answer
    return {
      type: headers.get('content-type'),
      coding: headers.get('content-encoding'),
      tag: headers.get('etag'),
      answer,
    }
  }
  const server = listen({ ...app.deps, config: { ...app.config, port: 0 } }, app.handle)
  try {
    for (const coding of ['gzip', 'identity']) {
      const { answer, ...whole } = await ask('GET', coding)
      const bytes = await answer.bytes()
      const text = (coding === 'gzip' ? gunzipSync(bytes) : Buffer.from(bytes)).toString()
      expect(JSON.parse(text).features).toHaveLength(names.length)
      const { answer: _, ...head } = await ask('HEAD', coding)
      expect(head).toEqual(whole)
      const overWire = await fetch(`${server.url}${path}`, {
        method: 'HEAD',
        headers: { 'accept-encoding': coding },
      })
      expect([coding, overWire.headers.get('content-length')]).toEqual([coding, String(bytes.length)])
      const known = await side.read(council, 'wards.geojson', {
        headers: { 'if-none-match': whole.tag ?? '' },
      })
      expect([coding, known.status]).toEqual([coding, 304])
    }
  } finally {
    await server.stop()
  }
})

test('a part of the map is sent to who asks for it, as programs do that read it from afar', async () => {
  const council = await newCouncil(app)
  await createTestWards(app, council, ['Ashley', 'Bedminster'])
  const ask = (headers: Record<string, string>) => side.read(council, 'wards.geojson', { headers })
  const whole = await ask({})
  expect(whole.headers.get('accept-ranges')).toBe('bytes')
  const part = await ask({ range: 'bytes=10-29', 'accept-encoding': 'gzip' })
  expect([part.status, part.text, part.headers.get('content-range')]).toEqual([
    206,
    whole.text.slice(10, 30),
    `bytes 10-29/${whole.text.length}`,
  ])
  expect(part.headers.has('content-encoding')).toBe(false)
  const beyond = await ask({ range: 'bytes=999999-' })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${whole.text.length}`])
  expect((await ask({ range: 'bytes=0-1,5-6' })).status).toBe(200)
  expect((await ask({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200)
  const tag = whole.headers.get('etag') as string
  expect((await ask({ range: 'bytes=0-9', 'if-range': tag })).status).toBe(206)
})

test('the map is that of now for everybody who asks while the wards change', async () => {
  const council = await newCouncil(app)
  const names = Array.from({ length: 20 }, (_, i) => `Ward ${i + 10}`)
  await createTestWards(app, council, names)
  const asked = Array.from({ length: 5 }, () => mapOf(council))
  await load(council, 'name\nAshley\n')
  for (const { features } of await Promise.all(asked)) {
    expect([20, 21]).toContain(features.length)
  }
  expect((await mapOf(council)).features).toHaveLength(21)
})
