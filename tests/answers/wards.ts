import { AppError } from '../../src/lib/errors'
import { placeName, type RowFault } from '../../src/lib/import-file'
import { readWardFile, type WardFileOptions } from '../../src/resources/wards/import'
import { importWards, previewWards } from '../../src/resources/wards/import.service'
import { bytes } from '../support/casework'
import { office, type Row } from './place'

const group = 'Ward files and the times of wards'

type Point = [x: number, y: number]
type Properties = Record<string, unknown>

const square = (
  west: number,
  place = (x: number, y: number): Point => [x, y],
  size = 0.01,
  south = 51.4,
) => ({
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
const file = (...features: [Properties, unknown][]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: features.map(([properties, geometry]) => ({ type: 'Feature', properties, geometry })),
  })

const ashley = { WD24CD: 'E05001972', WD24NM: 'Ashley' }
const old = file([ashley, square(-2.6)], [{ WD24CD: 'E05001973', WD24NM: 'Cotham' }, square(-2.5)])
const next = file([{ WD26CD: 'E05009001', WD26NM: 'Ashley and Easton' }, square(-2.6)])

/** What the command says about a file that it refuses, or how many wards it reads. */
function readingOf(text: string, options?: WardFileOptions): string {
  try {
    const { wards, ignored } = readWardFile(bytes(text), options)
    const columns = ignored.length > 0 ? `, columns not read: ${ignored.join(', ')}` : ''
    return `${wards.map((ward) => `${ward.name} (${ward.gssCode}, ${ward.tier})`).join(', ')}${columns}`
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const rows = (error.details.rows ?? []) as RowFault[]
    return rows.length === 0
      ? error.message
      : rows.map((row) => `${placeName(row)}: ${row.reason}`).join('; ')
  }
}

const reading = (does: string, text: string, isRight: RegExp, options?: WardFileOptions): Row => ({
  group,
  does,
  answer: async () => readingOf(text, options),
  isRight: (answer) => isRight.test(answer),
})

const csv = (headings: string, cells: string) => `${headings}\n${cells}\n`

const readings: readonly Row[] = [
  reading(
    'imports wards with latitude and longitude exchanged',
    file([ashley, square(-2.6, (x, y) => [y, x])]),
    /exchanged .*--swap-coordinates/,
  ),
  reading(
    'imports wards in the National Grid',
    file([ashley, square(358_000, undefined, 100, 172_000)]),
    /National Grid .*ogr2ogr -f GeoJSON -t_srs EPSG:4326/,
  ),
  reading(
    'imports a file with wards and county divisions',
    csv('WD24CD,WD24NM,CED24CD,CED24NM', 'E05001972,Ashley,E58000001,East'),
    /two kinds of area: WD24CD and CED24CD/,
  ),
  reading(
    'imports a file of two years',
    csv('WD23CD,WD24CD,WD24NM', 'E05001972,E05001973,Ashley'),
    /two years: WD23CD and WD24CD/,
  ),
  reading(
    'imports wards beside their district and region',
    csv('WD24CD,WD24NM,LAD24CD,LAD24NM,RGN24NM', 'E05001972,Ashley,E06000023,Bristol,South West'),
    /^Ashley \(E05001972, ward\), columns not read: LAD24NM, RGN24NM$/,
  ),
  reading(
    'imports parishes as the ONS names them',
    csv('PARNCP24CD,PARNCP24NM', 'E04000001,Over'),
    /^Over \(E04000001, parish\)$/,
  ),
  reading(
    'imports wards as Boundary-Line names them',
    csv('Name,Area_Code,Census_Code', 'Ashley,UTW,E05001972'),
    /^Ashley \(E05001972, ward\), columns not read: Area_Code$/,
  ),
  reading(
    'imports districts by their codes alone',
    csv('LAD24CD', 'E07000008'),
    /no column "LAD24NM" among LAD24CD/,
  ),
  reading(
    'imports two detached parts of one ward',
    file([ashley, square(-2.6)], [ashley, square(-2.5)]),
    /^Ashley \(E05001972, ward\)$/,
  ),
  reading(
    'imports two wards of one code',
    file([ashley, square(-2.6)], [{ ...ashley, WD24NM: 'Cotham' }, square(-2.5)]),
    /^feature 2 \(Cotham\): E05001972 is already used by feature 1 \(Ashley\)$/,
  ),
  reading('imports KML', '<?xml version="1.0"?><kml><Document/></kml>', /\(KML\): convert it with ogr2ogr/),
  reading('imports TopoJSON', '{"type":"Topology","objects":{}}', /is TopoJSON.*ogr2ogr/),
  reading(
    'imports a ward that is a point',
    file([ashley, { type: 'Point', coordinates: [-2.6, 51.4] }]),
    /is a Point, where a ward needs/,
  ),
  reading(
    'takes one district out of a national file',
    csv('WD24CD,WD24NM,LAD24CD', 'E05001972,Ashley,E06000023\nE05002098,Berry Head,E06000027'),
    /^Berry Head \(E05002098, ward\)$/,
    { districts: ['E06000027'] },
  ),
  reading(
    'takes a district that is not in the file',
    csv('WD24CD,WD24NM,LAD24CD', 'E05001972,Ashley,E06000023'),
    /No row has E06000032 in LAD24CD; the nearest codes are E06000023/,
    { districts: ['E06000032'] },
  ),
]

export const wards: readonly Row[] = [
  ...readings,
  {
    group,
    does: 'imports wards whose boundaries alone differ, first as a rehearsal',
    answer: async () => {
      const { council } = await office()
      const input = (text: string) => readWardFile(bytes(text)).wards
      await importWards(council.ctx, input(old))
      const moved = input(file([ashley, square(-2.61)]))
      const counts = [await previewWards(council.ctx, moved), await importWards(council.ctx, moved)]
      return counts.map(({ updated, unchanged }) => `${updated} changed, ${unchanged} unchanged`).join('; ')
    },
    isRight: (answer) => answer === '1 changed, 0 unchanged; 1 changed, 0 unchanged',
  },
  {
    group,
    does: 'imports a second set of wards over the same ground, and ends the first',
    answer: async () => {
      const { council, ask } = await office()
      const input = (text: string) => readWardFile(bytes(text)).wards
      await importWards(council.ctx, input(old))
      const told = await previewWards(council.ctx, input(next))
      await importWards(council.ctx, input(next), undefined, { endMissing: '2026-03-12' })
      const { body } = await ask('GET', '/api/wards/lookup?latitude=51.405&longitude=-2.595')
      const map = JSON.parse((await ask('GET', `/public/${council.tenant.slug}/wards.geojson`)).text)
      const shown = map.features.map(({ properties }: { properties: Properties }) => properties.name)
      return `lacks ${told.missing?.join(' and ')}; finds ${body.name}; shows ${shown.join(' and ')}`
    },
    isRight: (answer) =>
      answer ===
      'lacks Ashley (E05001972) and Cotham (E05001973); finds Ashley and Easton; shows Ashley and Easton',
  },
]
