import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, asc, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import type { AppError } from '../../src/lib/errors'
import { inNameOrder } from '../../src/lib/name-keys'
import { parseWards, type WardInput } from '../../src/resources/wards/import'
import { importWards, previewWards } from '../../src/resources/wards/import.service'
import { type Answer, type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { bytes, createTestWards } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})

afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const list = async ({ key }: Council, query = ''): Promise<Answer['body']> =>
  (await app.send('GET', `/api/wards?pageSize=100&${query}`, { key })).body
const namesOf = async (council: Council, query = ''): Promise<string[]> =>
  (await list(council, query)).wards.map(({ name }: { name: string }) => name)

const parse = (text: string) => parseWards(bytes(text))
const load = (council: Council, text: string) => importWards(council.ctx, parse(text))

type Feature = { properties: Record<string, unknown>; geometry?: unknown }

const square = (west: number, south: number, size = 0.01) => [
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ],
]
const polygon = (west = -2.6, south = 51.4) => ({ type: 'Polygon', coordinates: square(west, south) })

/** A GeoJSON file with each feature on a line of its own, the first on line 4. */
const geoJson = (...features: Feature[]) =>
  [
    '{',
    '"type": "FeatureCollection",',
    '"features": [',
    features
      .map(({ properties, geometry = polygon() }) =>
        JSON.stringify({ type: 'Feature', properties, geometry }),
      )
      .join(',\n'),
    ']',
    '}',
  ].join('\n')

/** The lines that a refused file names, with their reasons. */
function faultsOf(work: () => unknown): { line?: number; part?: string; reason: string }[] {
  try {
    work()
  } catch (error) {
    const { kind, details } = error as AppError
    expect(kind).toBe('bad_request')
    return details.rows as { line?: number; part?: string; reason: string }[]
  }
  throw new Error('The file was not refused')
}

describe('one ward', () => {
  test('an unknown id is a 404', async () => {
    const { key } = await newCouncil()
    for (const id of ['unknown', 'ashley', 'E05001972', '0', "'", '%20']) {
      const { status, body } = await app.send('GET', `/api/wards/${id}`, { key })
      expect([id, status, body]).toEqual([id, 404, { error: 'Ward not found', details: {} }])
    }
  })

  test('anything but the boundary cannot be included', async () => {
    const { key } = await newCouncil()
    for (const query of ['include=cases', 'include=', 'include=boundary,boundary', 'boundary=true']) {
      expect((await app.send('GET', `/api/wards/x?${query}`, { key })).status).toBe(400)
    }
  })

  test('is the bare object, and with its boundary where that is asked for', async () => {
    const council = await newCouncil()
    const { key } = council
    await load(council, geoJson({ properties: { WD24CD: 'E05001972', WD24NM: 'Ashley', WD24NMW: '' } }))
    const [ward] = (await list(council)).wards
    expect(ward).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      name: 'Ashley',
      nameCy: null,
      slug: 'ashley',
      gssCode: 'E05001972',
      tier: 'ward',
      description: null,
      enabled: true,
      validFrom: null,
      validTo: null,
      electorate: null,
    })
    const { status, body } = await app.send('GET', `/api/wards/${ward.id}`, { key })
    expect([status, body]).toEqual([200, ward])
    const included = await app.send('GET', `/api/wards/${ward.id}?include=boundary`, { key })
    expect(included.body).toEqual({
      ...ward,
      boundary: {
        type: 'Polygon',
        coordinates: [
          [
            [-2.6, 51.4],
            [-2.59, 51.4],
            [-2.59, 51.41],
            [-2.6, 51.41],
            [-2.6, 51.4],
          ],
        ],
      },
    })
  })

  test('without a boundary includes null', async () => {
    const council = await newCouncil()
    const [id] = await createTestWards(app, council, ['Ashley'])
    const { body } = await app.send('GET', `/api/wards/${id}?include=boundary`, { key: council.key })
    expect(body.boundary).toBeNull()
  })
})

describe('the list of wards', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil()
    await load(
      council,
      [
        'name,nameCy,gssCode,tier,enabled,electorate',
        'Ashley,,E05001972,,yes,9000',
        'Grangetown,Grangetown,W05000865,,yes,12000',
        'Heath,Y Mynydd Bychan,W05000866,,no,500',
        '100% North,,,parish,yes,',
        'South_East,,,division,true,0',
        'SouthXEast,,,division,1,7',
        String.raw`Back\slash,,,district,yes,8`,
      ].join('\n'),
    )
  })

  test('bad filters are refused and named', async () => {
    for (const [query, name] of [
      ['tier=borough', 'tier'],
      ['enabled=1', 'enabled'],
      ['search=', 'search'],
      ['search=%20', 'search'],
      [`search=${'x'.repeat(101)}`, 'search'],
      ['sort=slug', 'sort'],
      ['gssCode=E050019722', 'gssCode'],
      ['nameCy=x', 'nameCy'],
    ] as const) {
      const answer = await app.send('GET', `/api/wards?${query}`, { key: council.key })
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
  })

  test('has the documented shape and is sorted by name', async () => {
    const body = await list(council)
    expect(Object.keys(body)).toEqual(['wards', 'pagination'])
    expect(body.pagination).toEqual({ page: 1, pageSize: 100, total: 7, totalPages: 1 })
    const names = body.wards.map(({ name }: { name: string }) => name)
    expect(names).toEqual(inNameOrder(names, (name: string) => name))
    expect(body.wards.some((ward: object) => 'boundary' in ward)).toBe(false)
  })

  test('is paged', async () => {
    const { body } = await app.send('GET', '/api/wards?page=2&pageSize=3', { key: council.key })
    expect(body.wards).toHaveLength(3)
    expect(body.pagination).toEqual({ page: 2, pageSize: 3, total: 7, totalPages: 3 })
  })

  test.each([
    ['tier=division', ['South_East', 'SouthXEast']],
    ['tier=county', []],
    ['enabled=false', ['Heath']],
    ['enabled=true&tier=ward', ['Ashley', 'Grangetown']],
    ['gssCode=W05000866', ['Heath']],
    ['gssCode=W05', []],
    ['search=ash', ['Ashley', String.raw`Back\slash`]],
    ['search=ASHLEY', ['Ashley']],
    ['search=mynydd', ['Heath']],
    ['search=%25', []],
    ['search=100%25%20nórth', ['100% North']],
    ['search=e05001', ['Ashley']],
    ['search=_', []],
    ['search=h_E', ['South_East']],
    ['search=back%20slash', [String.raw`Back\slash`]],
    ["search='", []],
    ['search=east&sort=-name', ['SouthXEast', 'South_East']],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await namesOf(council, query)).toEqual(expected)
    expect((await list(council, query)).pagination.total).toBe(expected.length)
  })

  test('sorts by electorate and code', async () => {
    expect((await namesOf(council, 'sort=-electorate')).slice(0, 2)).toEqual(['Grangetown', 'Ashley'])
    expect((await namesOf(council, 'sort=-gssCode')).slice(0, 2)).toEqual(['Heath', 'Grangetown'])
  })
})

describe('a file of wards is refused', () => {
  test.each([
    ['no wards', 'name\n', 1, /no wards/],
    ['nothing at all', '', 1, /no wards/],
    ['a row without a name', 'name,gssCode\nAshley,E05001972\n,E05001973\n', 3, /no name/],
    ['a name too long', `name\n${'x'.repeat(201)}\n`, 2, /200/],
    ['a name of signs only', 'name\n???\n', 2, /slug/],
    ['a code that is none', 'name,gssCode\nAshley,E0500197\n', 2, /GSS code/],
    ['a code in small letters', 'name,gssCode\nAshley,e05001972\n', 2, /GSS code/],
    ['a tier that is none', 'name,tier\nAshley,borough\n', 2, /borough/],
    ['enabled neither yes nor no', 'name,enabled\nAshley,maybe\n', 2, /yes or no/],
    ['an electorate that is no number', 'name,electorate\nAshley,1e3\n', 2, /whole number/],
    ['a date that is none', 'name,validFrom\nAshley,soon\n', 2, /date/],
    ['a day that no calendar has', 'name,validTo\nAshley,2026-02-30\n', 2, /real date/],
    ['an end before its start', 'name,validFrom,validTo\nAshley,2026-05-07,2026-05-06\n', 2, /before/],
    ['a slug in another form', 'name,slug\nAshley,The Ward\n', 2, /slug/],
    [
      'a code twice',
      'name,gssCode\nAshley,E05001972\nLawrence,E05001973\nBrislington,E05001972\n',
      4,
      /line 2/,
    ],
    ['a name twice', 'name\nAshley\nLawrence\nAshley\n', 4, /line 2/],
    ['a row with too many cells', 'name,gssCode\nAshley,E05001972\nA,B,C\n', 3, /./],
    ['a quotation mark that stays open', 'name\nAshley\n"Law\n', 3, /./],
  ] as [string, string, number, RegExp][])('for %s, with its line', (_, text, line, reason) => {
    const faults = faultsOf(() => parse(text))
    expect(faults.map((fault) => fault.line)).toEqual([line])
    expect(faults[0]?.reason).toMatch(reason)
  })

  test('for every bad row at once', () => {
    const text = 'name,tier,electorate\nAshley,borough,x\nLawrence,ward,1\n,ward,\nHeath,,-1\n'
    expect(faultsOf(() => parse(text)).map(({ line }) => line)).toEqual([2, 2, 4, 5])
  })

  test('for bytes that are no UTF-8, with their line', () => {
    const text = [...bytes('name\nAshley\nTr'), 0xe9, ...bytes('laze\n')]
    expect(faultsOf(() => parseWards(Uint8Array.from(text)))).toEqual([
      { line: 3, reason: expect.stringContaining('UTF-8') },
    ])
  })

  const good = { properties: { WD13CD: 'W05000865', WD13NM: 'Grangetown' } }
  const code = (n: number) => ({ WD13CD: `W0500086${n}`, WD13NM: `Ward ${n}` })

  test.each([
    [
      'grid references',
      { type: 'Polygon', coordinates: square(318_000, 175_000, 100) },
      /longitude and latitude/,
    ],
    [
      'latitude first beyond 90',
      { type: 'Polygon', coordinates: square(51.4, -200) },
      /longitude and latitude/,
    ],
    ['an unclosed ring', { type: 'Polygon', coordinates: [square(-3, 51)[0]?.slice(0, 4)] }, /closed/],
    ['a ring of three points', { type: 'Polygon', coordinates: [square(-3, 51)[0]?.slice(0, 3)] }, /closed/],
    ['no rings', { type: 'Polygon', coordinates: [] }, /Polygon/],
    ['a point', { type: 'Point', coordinates: [-3, 51] }, /Polygon/],
    ['a line', { type: 'LineString', coordinates: square(-3, 51)[0] }, /Polygon/],
    ['rings that are no numbers', { type: 'Polygon', coordinates: [[['a', 'b']]] }, /Polygon/],
    ['a text', 'POLYGON((0 0))', /Polygon/],
  ] as [string, unknown, RegExp][])('for %s as a boundary, with its feature', (_, geometry, reason) => {
    const faults = faultsOf(() => parse(geoJson(good, { properties: code(1), geometry })))
    expect(faults).toEqual([{ part: 'feature 2 (Ward 1)', reason: expect.stringMatching(reason) }])
  })

  test('for a duplicate code or a missing name in GeoJSON, with its feature', () => {
    expect(faultsOf(() => parse(geoJson(good, { properties: code(1) }, good)))).toEqual([
      { part: 'feature 3 (Grangetown)', reason: 'W05000865 is already used by feature 1 (Grangetown)' },
    ])
    expect(faultsOf(() => parse(geoJson(good, { properties: { WD13CD: 'W05000866' } })))[0]?.part).toBe(
      'feature 2',
    )
  })

  test.each([
    ['a missing comma', (text: string) => text.replace('},\n{', '}\n{'), 5],
    ['a stray sign', (text: string) => text.replace('"features"', '# "features"'), 3],
    ['a cut end', (text: string) => text.slice(0, text.lastIndexOf('"Ward 1"') + 4), 5],
    ['a comment', (text: string) => text.replace('"features"', '// here\n"features"'), 3],
  ] as [string, (text: string) => string, number][])(
    'for damaged JSON (%s), with its line',
    (_, damage, line) => {
      const whole = geoJson(good, { properties: code(1) })
      expect(parse(whole)).toHaveLength(2)
      expect(faultsOf(() => parse(damage(whole)))).toEqual([
        { line, reason: expect.stringContaining('JSON') },
      ])
    },
  )

  test.each([
    '{"type":"Feature"}',
    '[]',
    '{}',
    '{"type":"FeatureCollection"}',
    '{"type":"FeatureCollection","features":{}}',
  ])('for %s, which is no collection of features', (text) => {
    expect(faultsOf(() => parse(text))[0]).toEqual({ part: 'the file', reason: expect.any(String) })
  })

  test('and nothing of it is imported', async () => {
    const council = await newCouncil()
    await load(council, 'name,gssCode\nAshley,E05001972\n')
    const bad = 'name,gssCode\nAshley renamed,E05001972\nLawrence,E05001973\n,E05001974\n'
    expect(faultsOf(() => parse(bad)).map(({ line }) => line)).toEqual([4])
    // Two wards that are each right but cannot both be kept: the store refuses, and the first is not kept either.
    const clash = 'name,slug,gssCode\nNew ward,new-ward,E05001980\nAshley again,ashley,E05001981\n'
    await expect(load(council, clash)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await namesOf(council)).toEqual(['Ashley'])
  })
})

describe('a file of wards is read', () => {
  test.each([
    ['WD13CD', 'WD13NM', 'WD13NMW'],
    ['WD24CD', 'WD24NM', 'WD24NMW'],
    ['wd21cd', 'wd21nm', 'wd21nmw'],
    ['CED23CD', 'CED23NM', 'CED23NMW'],
    ['PAR21CD', 'PAR21NM', 'PAR21NMW'],
    ['gssCode', 'name', 'nameCy'],
    ['GSS_CODE', 'NAME', 'NAME_CY'],
    ['gss_code', 'Name', 'name_cy'],
  ])('with the names %s, %s and %s, as GeoJSON and as CSV', (code, name, nameCy) => {
    const expected = {
      gssCode: 'W05000866',
      name: 'Heath',
      nameCy: 'Y Mynydd Bychan',
      slug: 'heath',
      tier: 'ward',
    }
    const properties = { [code]: 'W05000866', [name]: 'Heath', [nameCy]: 'Y Mynydd Bychan', OBJECTID: 7 }
    expect(parse(geoJson({ properties }))[0]).toMatchObject(expected as Partial<WardInput>)
    const csv = `OBJECTID,${nameCy},${code},${name}\n7,Y Mynydd Bychan,W05000866,Heath\n`
    expect(parse(csv)[0]).toMatchObject(expected as Partial<WardInput>)
  })

  test.each([
    ['E05001972', 'ward'],
    ['W05000866', 'ward'],
    ['S13002516', 'ward'],
    ['N08000101', 'ward'],
    ['E58000001', 'division'],
    ['E04000001', 'parish'],
    ['W04000001', 'parish'],
    ['E10000001', 'county'],
    ['E06000023', 'unitary'],
    ['E07000001', 'district'],
  ])('%s is a %s by its code, unless the file says otherwise', (gssCode, tier) => {
    expect(parse(`name,gssCode\nX,${gssCode}\n`)[0]?.tier as string).toBe(tier)
    expect(parse(`name,gssCode,tier\nX,${gssCode},county\n`)[0]?.tier).toBe('county')
  })

  test('with a byte order mark, Windows line ends, blank lines, quoted cells and spaces', () => {
    const text = '\uFEFFname,description\r\n\r\n  Ashley  ,"St Paul’s, and ""more"""\r\n\r\nTŷ-du,\r\n'
    expect(parse(text).map(({ name, description, slug }) => [name, description, slug])).toEqual([
      ['Ashley', 'St Paul’s, and "more"', 'ashley'],
      ['Tŷ-du', null, 'ty-du'],
    ])
  })

  test('a fault after a cell of several lines is named with the line in the file', () => {
    expect(faultsOf(() => parse('name,description\nAshley,"one\ntwo\nthree"\n,bad\n'))[0]?.line).toBe(5)
  })

  test('with every field of ours', () => {
    const text =
      'name,nameCy,slug,gssCode,tier,description,enabled,validFrom,validTo,electorate\n' +
      'Heath,Y Mynydd Bychan,the-heath,W05000866,ward,Leafy,no,2012-05-03,2022-05-05,8765\n'
    expect(parse(text)).toMatchObject([
      {
        name: 'Heath',
        nameCy: 'Y Mynydd Bychan',
        slug: 'the-heath',
        gssCode: 'W05000866',
        tier: 'ward',
        description: 'Leafy',
        enabled: false,
        validFrom: '2012-05-03',
        validTo: '2022-05-05',
        electorate: 8765,
      },
    ])
  })

  test('with polygons, polygons of many parts, holes, heights and no geometry', async () => {
    const council = await newCouncil()
    const hole = [...square(-3.2, 51.4, 0.1), ...square(-3.15, 51.45, 0.01)]
    const multi = { type: 'MultiPolygon', coordinates: [hole, square(-3, 51)] }
    await load(
      council,
      geoJson(
        { properties: { name: 'Islands' }, geometry: multi },
        {
          properties: { name: 'High' },
          geometry: { type: 'Polygon', coordinates: [square(-3, 51)[0]?.map((p) => [...p, 12])] },
        },
        { properties: { name: 'Bare' }, geometry: null },
      ),
    )
    const boundaryOf = async (name: string) => {
      const [ward] = (await list(council, `search=${name}`)).wards
      return (await app.send('GET', `/api/wards/${ward.id}?include=boundary`, { key: council.key })).body
        .boundary
    }
    const islands = await boundaryOf('Islands')
    expect(islands.type).toBe('MultiPolygon')
    expect(islands.coordinates.map((part: unknown[]) => part.length)).toEqual([2, 1])
    expect((await boundaryOf('High')).coordinates[0][0]).toEqual([-3, 51])
    expect(await boundaryOf('Bare')).toBeNull()
  })

  test('coordinates are kept to seven decimals, and rings stay closed', () => {
    const start = [-3.154345065021, 51.4914261308348]
    const ring = [start, [-3.1, 51.5], [-3.2, 51.6], start]
    const [ward] = parse(
      geoJson({ properties: { name: 'X' }, geometry: { type: 'Polygon', coordinates: [ring] } }),
    )
    const [coordinates = []] = (ward?.boundary?.coordinates ?? []) as number[][][]
    expect(coordinates[0]).toEqual([-3.1543451, 51.4914261])
    expect(coordinates.at(-1)).toEqual(coordinates[0] as number[])
  })

  test('two wards of one name keep apart by their codes, together or one after the other', async () => {
    const council = await newCouncil()
    await load(council, 'name,gssCode\nSt Mary’s,E05001972\nSt Mary’s,E05001973\n')
    await load(council, 'name,gssCode\nSt Mary’s,E05001974\n')
    const { wards } = await list(council, 'sort=gssCode')
    expect(wards.map(({ slug }: { slug: string }) => slug)).toEqual([
      'st-marys',
      'st-marys-e05001973',
      'st-marys-e05001974',
    ])
  })
})

describe('importing again', () => {
  test('the same file changes nothing', async () => {
    const council = await newCouncil()
    const file = geoJson(
      { properties: { WD13CD: 'W05000865', WD13NM: 'Grangetown' } },
      { properties: { WD13CD: 'W05000866', WD13NM: 'Heath', WD13NMW: 'Y Mynydd Bychan' } },
    )
    expect(await load(council, file)).toEqual({ created: 2, updated: 0, unchanged: 0 })
    const before = await list(council)
    app.clock.advance(60_000)
    expect(await previewWards(council.ctx, parse(file))).toEqual({ created: 0, updated: 0, unchanged: 2 })
    expect(await load(council, file)).toEqual({ created: 0, updated: 0, unchanged: 2 })
    expect(await list(council)).toEqual(before)
    const entries = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.tenantId, council.tenant.id), eq(auditEntries.action, 'ward.import')))
      .orderBy(asc(auditEntries.seq))
    expect(entries).toHaveLength(2)
  })

  test('brings a ward up to date by its code, keeping its id and what the file does not say', async () => {
    const council = await newCouncil()
    await load(council, 'name,gssCode,electorate,description,enabled\nAshley,E05001972,9000,Leafy,no\n')
    const [before] = (await list(council)).wards
    const next = 'name,gssCode,electorate\nAshley and St Werburghs,E05001972,9500\nLawrence,E05001973,1\n'
    expect(await previewWards(council.ctx, parse(next))).toEqual({ created: 1, updated: 1, unchanged: 0 })
    expect(await namesOf(council)).toEqual(['Ashley'])
    expect(await load(council, next)).toEqual({ created: 1, updated: 1, unchanged: 0 })
    const [after] = (await list(council, 'gssCode=E05001972')).wards
    expect(after).toMatchObject({
      id: before.id,
      name: 'Ashley and St Werburghs',
      electorate: 9500,
      description: 'Leafy',
      enabled: false,
    })
  })

  test('finds a ward without a code by its slug', async () => {
    const council = await newCouncil()
    await load(council, 'name,electorate\nAshley,1\n')
    expect(await load(council, 'name,electorate\nASHLEY,2\n')).toEqual({
      created: 0,
      updated: 1,
      unchanged: 0,
    })
    expect((await list(council)).wards).toMatchObject([{ name: 'ASHLEY', electorate: 2 }])
  })

  test('empty cells clear, absent columns keep', async () => {
    const council = await newCouncil()
    await load(council, 'name,nameCy,electorate,description\nHeath,Y Mynydd Bychan,5,Leafy\n')
    await load(council, 'name,nameCy,electorate\nHeath,,\n')
    expect((await list(council)).wards).toMatchObject([
      { name: 'Heath', nameCy: null, electorate: null, description: 'Leafy' },
    ])
  })

  test('replaces a boundary that differs and keeps one that the file leaves out', async () => {
    const council = await newCouncil()
    const ward = (geometry: unknown) => geoJson({ properties: { name: 'Ashley' }, geometry })
    await load(council, ward(polygon(-2.6)))
    const [{ id }] = (await list(council)).wards
    const west = async () =>
      (await app.send('GET', `/api/wards/${id}?include=boundary`, { key: council.key })).body.boundary
        .coordinates[0][0][0]
    await load(council, ward(polygon(-2.7)))
    expect(await west()).toBe(-2.7)
    await load(council, ward(null))
    await load(council, 'name\nAshley\n')
    expect(await west()).toBe(-2.7)
  })

  test('a slug of one’s own stays where the next file gives none', async () => {
    const council = await newCouncil()
    await load(council, 'name,slug,gssCode\nAshley,my-ashley,E05001972\n')
    await load(council, 'name,gssCode,electorate\nAshley,E05001972,9000\n')
    expect((await list(council)).wards).toMatchObject([{ slug: 'my-ashley', electorate: 9000 }])
  })

  test('one of two wards of the same name can come alone', async () => {
    const council = await newCouncil()
    await load(council, 'name,gssCode\nSt Marys,E05001972\nSt Marys,E05001973\n')
    expect(await load(council, 'name,gssCode,electorate\nSt Marys,E05001973,7\n')).toMatchObject({
      created: 0,
      updated: 1,
      unchanged: 0,
    })
  })

  test('into another council makes wards of its own', async () => {
    const [one, two] = [await newCouncil(), await newCouncil()]
    const file = 'name,gssCode\nAshley,E05001972\n'
    expect(await load(one, file)).toMatchObject({ created: 1 })
    expect(await load(two, file)).toMatchObject({ created: 1 })
    expect((await list(one)).wards[0].id).not.toBe((await list(two)).wards[0].id)
  })

  test('tells of each ward once', async () => {
    const council = await newCouncil()
    let told = 0
    await importWards(council.ctx, parse('name\nA\nB\nC\n'), () => void told++)
    await importWards(council.ctx, parse('name,electorate\nA,1\nB,\nC,\nD,\n'), () => void told++)
    expect(told).toBe(7)
  })
})

describe('real boundary files', () => {
  const directory = join(import.meta.dir, '../../../shared/data')
  const isThere = existsSync(directory)

  test.skipIf(!isThere)('Bristol has 35 wards, each with its boundary', async () => {
    const council = await newCouncil()
    const file = readFileSync(join(directory, 'wards-E06000023-bristol.geojson'), 'utf8')
    expect(await load(council, file)).toEqual({ created: 35, updated: 0, unchanged: 0 })
    expect(await load(council, file)).toEqual({ created: 0, updated: 0, unchanged: 35 })
    const { wards, pagination } = await list(council)
    expect(pagination.total).toBe(35)
    for (const ward of wards) {
      expect(ward.gssCode).toMatch(/^E05\d{6}$/)
      const { body } = await app.send('GET', `/api/wards/${ward.id}?include=boundary`, { key: council.key })
      expect(body.boundary.type).toMatch(/^(Multi)?Polygon$/)
    }
    expect(await namesOf(council, 'search=ashley')).toEqual(['Ashley'])
  })

  test.skipIf(!isThere)('Cardiff has 29 wards, with Welsh names', async () => {
    const council = await newCouncil()
    const file = readFileSync(join(directory, 'wards-W06000015-cardiff.geojson'), 'utf8')
    expect(await load(council, file)).toEqual({ created: 29, updated: 0, unchanged: 0 })
    const { wards } = await list(council)
    expect(wards).toHaveLength(29)
    const welsh = wards.filter(
      (ward: { name: string; nameCy: string | null }) => ward.nameCy && ward.nameCy !== ward.name,
    )
    expect(welsh.length).toBeGreaterThan(10)
    expect(await namesOf(council, 'search=Mynydd')).toEqual(['Heath'])
  })
})
