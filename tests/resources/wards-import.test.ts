import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { AppError } from '../../src/lib/errors'
import { placeName, type RowFault } from '../../src/lib/import-file'
import { parseCategories } from '../../src/resources/categories/import'
import { parseUsers } from '../../src/resources/users/import'
import { parseWards, readWardFile, type WardFileOptions } from '../../src/resources/wards/import'
import { importWards, previewWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { bytes } from '../support/casework'
import { unlimited } from '../support/http'
import { auditOf } from './cases/support'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

type Point = [x: number, y: number]
type Properties = Record<string, unknown>

/** A square from its south-west corner, with its positions as `place` makes them. */
const square = (west = -2.6, south = 51.4, place = (x: number, y: number): Point => [x, y], size = 0.01) => ({
  type: 'Polygon',
  coordinates: [
    [
      place(west, south),
      place(west + size, south),
      place(west + size, south + size),
      place(west, south + size),
      place(west, south),
    ],
  ],
})
const latitudeFirst = (x: number, y: number): Point => [y, x]

const file = (features: [Properties, unknown?][], more: object = {}) =>
  JSON.stringify({
    type: 'FeatureCollection',
    ...more,
    features: features.map(([properties, geometry = square()]) => ({
      type: 'Feature',
      properties,
      geometry,
    })),
  })

const ashley = { WD24CD: 'E05001972', WD24NM: 'Ashley' }
const lawrence = { WD24CD: 'E05001973', WD24NM: 'Lawrence Hill' }

/** `part: reason` of each fault of a refused file. */
function faultsOf(text: string | Uint8Array, options?: WardFileOptions): string[] {
  try {
    parseWards(typeof text === 'string' ? bytes(text) : text, options)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const rows = error.details.rows as RowFault[] | undefined
    return rows ? rows.map((row) => `${placeName(row)}: ${row.reason}`) : [error.message]
  }
  throw new Error('The file was not refused')
}

const load = ({ ctx }: Council, text: string, endMissing?: string) =>
  importWards(ctx, parseWards(bytes(text)), undefined, { endMissing })
const preview = ({ ctx }: Council, text: string, endMissing?: string) =>
  previewWards(ctx, parseWards(bytes(text)), { endMissing })
const nameAt = async ({ key }: Council, latitude = 51.405, longitude = -2.595): Promise<string> =>
  (await app.send('GET', `/api/wards/lookup?latitude=${latitude}&longitude=${longitude}`, { key })).body.name

describe('a file is refused for where it lies', () => {
  test('latitude and longitude exchanged, with the way to exchange them', () => {
    const text = file([[ashley, square(-2.6, 51.4, latitudeFirst)]])
    const [fault] = faultsOf(text)
    expect(fault).toContain('feature 1 (Ashley): its coordinates have latitude and longitude exchanged')
    expect(fault).toContain('--swap-coordinates')
    const [ward] = parseWards(bytes(text), { isSwapped: true })
    expect(ward?.boundary).toEqual(parseWards(bytes(file([[ashley]])))[0]?.boundary as never)
    expect(faultsOf(file([[ashley]]), { isSwapped: true })[0]).toContain('exchanged')
  })

  test.each([
    ['the National Grid', square(358_000, 172_000, undefined, 100), 'EPSG:27700'],
    ['Web Mercator', square(-290_000, 6_700_000, undefined, 100), 'EPSG:3857'],
    ['another continent', square(-74, 40.7), 'outside the United Kingdom'],
    ['no place of the earth', square(-200, 100), 'outside the United Kingdom'],
  ])('%s, with what to do', (_, geometry, expected) => {
    const [fault] = faultsOf(file([[ashley, geometry]]))
    expect(fault).toContain(expected)
    expect(fault).toContain('longitude and latitude')
  })

  test.each([
    ['Scilly', -6.4, 49.86],
    ['St Kilda', -8.6, 57.8],
    ['Unst', -0.85, 60.84],
    ['Lowestoft', 1.75, 52.48],
    ['Fermanagh', -8.15, 54.45],
  ])('but not %s', (_, west, south) => {
    expect(parseWards(bytes(file([[ashley, square(west, south)]])))).toHaveLength(1)
  })

  test('once for the whole file, where every ward has the same fault', () => {
    const text = file([
      [ashley, square(-2.6, 51.4, latitudeFirst)],
      [lawrence, square(-2.5, 51.4, latitudeFirst)],
    ])
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^each of the 2, as feature 1 \(Ashley\): .*exchanged/),
    ])
  })

  test('a system of coordinates that it names', () => {
    const crs = (name: string) => ({ crs: { type: 'name', properties: { name } } })
    expect(faultsOf(file([[ashley]], crs('urn:ogc:def:crs:EPSG::27700')))[0]).toContain('EPSG::27700')
    for (const name of ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326', 'urn:ogc:def:crs:EPSG::4326']) {
      expect(parseWards(bytes(file([[ashley]], crs(name))))).toHaveLength(1)
    }
  })
})

describe('a file is refused for what it is', () => {
  const start = (...start: number[]) => Uint8Array.from([...start, ...Array(100).fill(0)])

  test.each([
    ['a zip archive', start(0x50, 0x4b, 3, 4), 'is a ZIP archive: unpack it'],
    ['a shapefile', start(0, 0, 0x27, 0x0a), 'is a shapefile: convert it with ogr2ogr'],
    ['a GeoPackage', bytes(`${' '.repeat(68)}GPKG`), 'is a GeoPackage: convert'],
    [
      'KML',
      bytes('<?xml version="1.0"?>\n<kml xmlns="x"><Document/></kml>'),
      'is a map (KML): convert it with ogr2ogr',
    ],
    ['GML', bytes('<?xml version="1.0"?>\n<wfs:FeatureCollection/>'), 'is a map (GML)'],
    ['a web page', bytes('\uFEFF<!DOCTYPE html><html><body>Sign in</body></html>'), 'is a web page'],
    ['TopoJSON', bytes('{"type":"Topology","objects":{}}'), 'is TopoJSON: convert'],
    ['Esri JSON', bytes('{"geometryType":"esriGeometryPolygon","features":[]}'), 'is Esri JSON'],
    ['one feature', bytes('{"type":"Feature","properties":{},"geometry":null}'), 'is a single Feature'],
    [
      'bare geometry',
      bytes('{"type":"GeometryCollection","geometries":[]}'),
      'is a single GeometryCollection',
    ],
    [
      'a feature a line',
      bytes('{"type":"Feature","a":1}\n{"type":"Feature","a":2}\n'),
      'has a feature on each line',
    ],
    ['no features', bytes('{"type":"FeatureCollection","features":[]}'), 'without features'],
  ] as [string, Uint8Array, string][])('%s, which is named', (_, content, expected) => {
    expect(faultsOf(content)).toEqual([expect.stringContaining(`the file: `)])
    expect(faultsOf(content)[0]).toContain(expected)
  })

  test.each(['Point', 'LineString', 'GeometryCollection'])('for a ward that is a %s', (type) => {
    expect(
      faultsOf(file([[ashley], [lawrence, { type, coordinates: [-2.6, 51.4], geometries: [] }]])),
    ).toEqual([
      `feature 2 (Lawrence Hill): its geometry is a ${type}, where a ward needs a Polygon or MultiPolygon`,
    ])
  })
})

describe('the headings of a file are refused', () => {
  test.each([
    ['two kinds of area', 'WD24CD,WD24NM,CED24CD,CED24NM', ['WD24CD', 'CED24CD']],
    ['two years', 'WD23CD,WD24CD,WD24NM', ['WD23CD', 'WD24CD']],
    ['two names', 'WD24CD,WD24NM,Name', ['WD24NM', 'Name']],
    ['two codes', 'name,CODE,gss_code', ['CODE', 'gss_code']],
    ['one name twice', 'Name,name', ['Name', 'name']],
    ['parishes and wards', 'PARNCP24CD,PARNCP24NM,WD24CD,WD24NM', ['PARNCP24CD', 'WD24CD']],
  ])('for %s, both named', (_, headings, named) => {
    const cells = headings.split(',').map((_, i) => `x${i}`)
    const [csv] = faultsOf(`${headings}\n${cells.join()}\n`)
    const [geo] = faultsOf(file([[Object.fromEntries(headings.split(',').map((name) => [name, 'x']))]]))
    for (const fault of [csv, geo]) for (const name of named) expect(fault).toContain(name)
  })

  test.each([
    ['no names', 'WD24CD,LAD24CD', 'there is no column "WD24NM" among WD24CD, LAD24CD'],
    ['nothing known', 'Ward Title,Ref', 'there is no column "name" among Ward Title, Ref'],
  ])('for %s, with what there is', (_, headings, expected) => {
    expect(faultsOf(`${headings}\nE05001972,E06000023\n`)[0]).toContain(expected)
  })
})

describe('the headings of a file are read', () => {
  const read = (headings: string, cells: string) => {
    const { wards, ignored } = readWardFile(bytes(`${headings}\n${cells}\n`))
    return [wards[0]?.name, wards[0]?.gssCode, wards[0]?.tier, ignored]
  }

  test.each([
    [
      'a ward beside its parents',
      'WD24CD,WD24NM,LAD24CD,LAD24NM,CTY24CD,RGN24NM',
      'E05001972,Ashley,E06000023,Bristol,,South West',
      'ward',
      ['LAD24NM', 'RGN24NM'],
    ],
    ['a county division', 'CED24CD,CED24NM,CTY24CD', 'E58000001,Ashley,E10000003', 'division', []],
    ['a parish', 'PARNCP24CD,PARNCP24NM,LAD24CD', 'E04000001,Ashley,E06000023', 'parish', []],
    ['a district', 'LAD24CD,LAD24NM,RGN24CD', 'E07000008,Ashley,E12000006', 'district', []],
    ['a county', 'UTLA24CD,UTLA24NM', 'E10000003,Ashley', 'county', []],
    ['a simplified layer', 'WD24CD_BGC,WD24NM_BGC', 'E05001972,Ashley', 'ward', []],
    [
      'Boundary-Line',
      'Name,Area_Code,Census_Code,File_Name',
      'Ashley,UTW,E05001972,BRISTOL',
      'ward',
      ['Area_Code', 'File_Name'],
    ],
    [
      'its shapefile',
      'NAME,AREA_CODE,CODE,FILE_NAME',
      'Ashley,UTW,E05001972,BRISTOL',
      'ward',
      ['AREA_CODE', 'FILE_NAME'],
    ],
    [
      'names of our own export',
      'Name,Welsh Name,GSS Code,Tier,Open',
      'Ashley,,E05001972,ward,7',
      'ward',
      ['Open'],
    ],
    ['names of ours beside the parents', 'Name,LAD24CD', 'Ashley,E06000023', undefined, []],
  ])('%s', (_, headings, cells, tier, ignored) => {
    const code = /E(05|58|04|07|10)\d{6}/.exec(cells)?.[0]
    expect(read(headings, cells)).toEqual(['Ashley', code, tier, ignored] as never)
  })

  test('a single space is no value', () => {
    expect(parseWards(bytes(file([[{ ...ashley, WD24NMW: ' ' }]])))[0]?.nameCy).toBeNull()
    expect(parseWards(bytes('name,nameCy\nAshley," "\n'))[0]?.nameCy).toBeNull()
  })
})

describe('what no store or list could hold is refused:', () => {
  test.each([
    ['a NUL', { name: 'Ash\0ley' }, 'feature 1 (Ash\0ley): name contains a NUL or a lone surrogate'],
    ['half a letter', { name: 'A\ud83d' }, 'feature 1 (A\ud83d): name contains a NUL or a lone surrogate'],
    [
      'a NUL in a long text',
      { name: 'A', description: '\0' },
      'feature 1 (A): description contains a NUL or a lone surrogate',
    ],
    [
      'two lines for a name',
      { name: 'Ash\nley' },
      'feature 1 (Ash\nley): name must not contain control characters',
    ],
    ['an object for a name', { name: { en: 'A' } }, 'feature 1: name must be text, not a list or an object'],
  ])('%s', (_, properties, fault) => {
    expect(faultsOf(file([[properties]]))).toEqual([fault])
  })

  test('a control character in a CSV file of wards, categories or users', () => {
    expect(faultsOf('name\nAsh\u0001ley')).toEqual(['line 2: name must not contain control characters'])
    expect(() => parseCategories(bytes('name,group\nAsh\u0001ley,a\u0001b'))).toThrow('1 bad line')
    expect(() => parseUsers(bytes('email,name,role\na@b.example,A\u0001b,caseworker'))).toThrow('1 bad line')
  })
})

describe('a name is looked for', () => {
  test.each([
    ['in a column called Ward', { Ward: 'Ashley', Code: 'E05001972' }],
    ['in a column called Ward_Name', { Ward_Name: 'Ashley', Code: 'E05001972' }],
  ])('%s', (_, properties) => {
    expect(parseWards(bytes(file([[properties]])))[0]).toMatchObject({ name: 'Ashley', gssCode: 'E05001972' })
  })

  test('and what is missing is told as the file has it', () => {
    expect(faultsOf(file([[{ Code: 'E05001972', Area: 'Ashley' }]]))).toEqual([
      'feature 1: has no name: there is no column "name" among Code, Area',
    ])
    expect(faultsOf(file([[{}]]))).toEqual(['feature 1: has no name: it has no properties'])
  })
})

describe('features of one code', () => {
  const [west, east] = [square(-2.6), square(-2.5)]

  test('are parts of one ward', () => {
    const [ward, ...others] = parseWards(bytes(file([[ashley, west], [lawrence], [ashley, east]])))
    expect(others).toHaveLength(1)
    const parts = [west, east].map(
      (one) => parseWards(bytes(file([[ashley, one]])))[0]?.boundary?.coordinates,
    )
    expect(ward?.boundary).toEqual({ type: 'MultiPolygon', coordinates: parts } as never)
  })

  test.each([
    ['have other names', [{ ...ashley, WD24NM: 'Cotham' }, east]],
    ['say other things', [{ ...ashley, electorate: 7 }, east]],
    ['are the same part', [ashley, west]],
    ['have no boundary', [ashley, null]],
  ] as [string, [Properties, unknown]][])('are refused where they %s', (_, second) => {
    const name = second[0].WD24NM
    expect(faultsOf(file([[ashley, west], second]))).toEqual([
      `feature 2 (${name}): E05001972 is already used by feature 1 (Ashley)`,
    ])
  })
})

describe('the wards of some districts', () => {
  const national =
    'WD24CD,WD24NM,LAD24CD\nE05001972,Ashley,E06000023\nE05002098,Berry Head,E06000027\n,nameless,E06000099\nW05000866,Heath,W06000015\n'
  const namesOf = (districts: string[], text = national) =>
    parseWards(bytes(text), { districts }).map(({ name }) => name)

  test('are taken out of a national file, whatever is wrong elsewhere', () => {
    expect(namesOf(['E06000023'], national.replace('E05002098', 'bad'))).toEqual(['Ashley'])
    expect(namesOf(['E06000027', 'w06000015'])).toEqual(['Berry Head', 'Heath'])
    const geo = file([[{ ...ashley, LAD24CD: 'E06000023' }], [{ ...lawrence, LAD24CD: 'E06000027' }]])
    expect(namesOf(['E06000027'], geo)).toEqual(['Lawrence Hill'])
  })

  test('are refused where none has the code, or nothing says the district', () => {
    expect(faultsOf(national, { districts: ['E06000024'] })[0]).toMatch(
      /No row has E06000024 in LAD24CD; the nearest codes are E060000/,
    )
    expect(faultsOf('WD24CD,WD24NM\nE05001972,Ashley\n', { districts: ['E06000023'] })[0]).toContain(
      'needs a column of districts, such as LAD24CD; the file has WD24CD, WD24NM',
    )
  })
})

describe('boundaries', () => {
  test('that alone differ are a change, before it is made and when it is', async () => {
    const council = await newCouncil()
    await load(council, file([[ashley], [lawrence, square(-2.5)]]))
    const moved = file([
      [ashley, square(-2.61)],
      [lawrence, square(-2.5)],
    ])
    const counts = { created: 0, updated: 1, unchanged: 1 }
    expect(await preview(council, moved)).toEqual(counts)
    expect(await load(council, moved)).toEqual(counts)
    const [{ changes } = { changes: {} }] = (await auditOf(app, council)).filter(
      ({ action, changes }) => action === 'ward.import' && 'boundary' in changes,
    )
    expect(changes).toEqual({ boundary: { changed: true } })
  })

  test('lose holes of no area, which would be turned round each time', async () => {
    const council = await newCouncil()
    const [outer = []] = square(-2.6, 51.4).coordinates
    const [hole = []] = square(-2.599, 51.401, undefined, 0.001).coordinates
    const at = (offset: number) => [-2.599 + offset, 51.401 + offset]
    const flat = [at(0), at(0.001), at(0.002), at(0)]
    await load(council, file([[ashley, { type: 'Polygon', coordinates: [outer, flat, hole] }]]))
    const same = file([[ashley, { type: 'Polygon', coordinates: [outer, hole] }]])
    expect(await load(council, same)).toEqual({ created: 0, updated: 0, unchanged: 1 })
  })

  test('that go round the other way are the same, and nothing is written', async () => {
    const council = await newCouncil()
    await load(council, file([[ashley]]))
    const before = await contentOf(app)
    const [ring = []] = square().coordinates
    const reversed = { type: 'Polygon', coordinates: [[...ring].reverse()] }
    expect(await load(council, file([[ashley, reversed]]))).toEqual({ created: 0, updated: 0, unchanged: 1 })
    expect(await contentOf(app)).toEqual(before)
  })
})

describe('a second set of wards over the same ground', () => {
  const old = file([[ashley], [lawrence, square(-2.5)]])
  const next = file([[{ WD26CD: 'E05009001', WD26NM: 'Ashley and Easton' }]])
  const missing = ['Ashley (E05001972)', 'Lawrence Hill (E05001973)']

  test('is looked up in place of the first, and what the file lacks is told', async () => {
    const council = await newCouncil()
    await load(council, old)
    app.clock.advance(60_000)
    expect(await preview(council, next)).toMatchObject({ created: 1, missing })
    expect(await load(council, next)).toMatchObject({ created: 1, missing })
    expect(await nameAt(council)).toBe('Ashley and Easton')
    expect(await nameAt(council, 51.405, -2.495)).toBe('Lawrence Hill')
  })

  test('takes over on the day after the last of those it lacks', async () => {
    const council = await newCouncil()
    const mapOf = () => app.send('GET', `/public/${council.tenant.slug}/wards.geojson`)
    const shown = async () =>
      JSON.parse((await mapOf()).text).features.map(
        ({ properties }: { properties: Properties }) => properties.name,
      )
    await load(council, old)
    const before = await contentOf(app)
    expect(await preview(council, next, '2026-05-06')).toMatchObject({ created: 1, missing })
    expect(await contentOf(app)).toEqual(before)
    await load(council, next, '2026-05-06')
    expect([await nameAt(council), await shown()]).toEqual(['Ashley', ['Ashley', 'Lawrence Hill']])
    const first = await mapOf()
    app.clock.set(new Date('2026-05-06T22:59:59Z'))
    expect(await nameAt(council)).toBe('Ashley')
    app.clock.set(new Date('2026-05-06T23:00:00Z'))
    expect([await nameAt(council), await shown()]).toEqual(['Ashley and Easton', ['Ashley and Easton']])
    const again = { 'If-None-Match': first.headers.get('etag') as string }
    expect(
      (await app.send('GET', `/public/${council.tenant.slug}/wards.geojson`, { headers: again })).status,
    ).toBe(200)
    app.clock.set(new Date('2026-05-06T23:00:01Z'))
    expect((await mapOf()).headers.get('last-modified')).toBe('Wed, 06 May 2026 23:00:00 GMT')
    expect(await preview(council, next)).toEqual({ created: 0, updated: 0, unchanged: 1 })
  })

  test('says nothing of other kinds of area, nor of wards that are not in use', async () => {
    const council = await newCouncil()
    await load(council, 'name,tier,enabled\nAshley,ward,no\nOver,parish,yes\n')
    expect(await load(council, file([[{ CED24CD: 'E58000001', CED24NM: 'East' }]]))).toEqual({
      created: 1,
      updated: 0,
      unchanged: 0,
    })
  })

  test('leaves alone what ends before already, and what has not begun', async () => {
    const council = await newCouncil()
    const rows = ['Ending,2020-05-07,2027-01-31', 'Standing,2020-05-07,', 'Coming,2029-05-03,']
    await load(council, ['name,validFrom,validTo', ...rows].join('\n'))
    expect(await load(council, next, '2028-05-04')).toMatchObject({ missing: ['Ending', 'Standing'] })
    const { body } = await app.send('GET', '/api/wards?sort=name', { key: council.key })
    const ends = body.wards.map(({ name, validTo }: Properties) => [name, validTo])
    expect(ends).toEqual([
      ['Ashley and Easton', null],
      ['Coming', null],
      ['Ending', '2027-01-31'],
      ['Standing', '2028-05-04'],
    ])
  })

  test('is refused with an end that is no date, or lies before a ward begins', async () => {
    const council = await newCouncil()
    await load(council, 'name,validFrom\nAshley,2026-05-07\n')
    for (const [date, message] of [
      ['2026-02-30', '--end-missing "2026-02-30" is not a date (YYYY-MM-DD)'],
      ['2026-05-06', 'Ashley begins on 2026-05-07, so it cannot end on 2026-05-06'],
    ] as const) {
      await expect(load(council, next, date)).rejects.toThrow(message)
      await expect(preview(council, next, date)).rejects.toThrow(message)
    }
  })
})
