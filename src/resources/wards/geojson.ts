import { toWgs84 } from '../../lib/file-kind'
import { badFile, type FilePlace, parseJsonFile } from '../../lib/import-file'
import { findItems } from '../../lib/json-items'

/** One ward, or one part of it, as a file has it; its geometry is read when it is asked for, as it may be long. */
export type Source = { place: FilePlace; values: Record<string, unknown>; geometry?: () => unknown }

const refuse = (reason: string) => badFile([{ part: 'the file', reason }])

const convert = `convert it with ${toWgs84}`

type Collection = { type?: unknown; features?: unknown; crs?: unknown; geometryType?: unknown }

type Feature = { properties?: Record<string, unknown> | null; geometry?: unknown } | null

/** Reads the features of a GeoJSON file; says what the file is, if it is something else. */
export function readGeoJson(text: string): Source[] {
  if (isSequence(text)) throw refuse(`has a feature on each line, without a FeatureCollection: ${convert}`)
  return (
    readFeatures(text) ??
    featuresOf(parseJsonFile(text) as Collection | null).map((feature, i) =>
      sourceOf(feature, i, () => feature?.geometry),
    )
  )
}

/** Reads one feature at a time, so that a long file is not in memory twice; undefined for what only a whole reading explains. */
function readFeatures(text: string): Source[] | undefined {
  const items = findItems(text, 'features')
  if (!items || items.places.length === 0) return undefined
  const read = ([start, end]: readonly [number, number]) => JSON.parse(text.slice(start, end)) as Feature
  try {
    const fault = collectionFault({ ...JSON.parse(items.rest), features: items.places })
    if (fault) throw refuse(fault)
    return items.places.map((place, i) => sourceOf(read(place), i, () => read(place)?.geometry))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function featuresOf(value: Collection | null): Feature[] {
  const fault = collectionFault(value)
  if (fault) throw refuse(fault)
  return value?.features as Feature[]
}

const sourceOf = (feature: Feature, i: number, geometry: () => unknown): Source => ({
  place: { part: `feature ${i + 1}` },
  values: { ...feature?.properties },
  geometry,
})

/** A feature a line, as some programs write GeoJSON. */
function isSequence(text: string): boolean {
  const [first = '', second = ''] = text.trimStart().split('\n', 2)
  const isFeature = (line: string) => /^\{.*"type"\s*:\s*"Feature".*\}\s*$/.test(line)
  return isFeature(first) && isFeature(second)
}

function collectionFault(value: Collection | null): string | undefined {
  const type = value?.type
  if (type === 'Topology') return `is TopoJSON: ${convert}`
  if (value && 'geometryType' in value) return `is Esri JSON: download it as GeoJSON, or ${convert}`
  if (typeof type === 'string' && type !== 'FeatureCollection') {
    return `is a single ${type.slice(0, 40)}, not a GeoJSON FeatureCollection: wards are its features, each with a name`
  }
  if (type !== 'FeatureCollection' || !Array.isArray(value?.features))
    return 'is not a GeoJSON FeatureCollection'
  if (value.features.length === 0) return 'is a FeatureCollection without features, so it contains no wards'
  const system = systemOf(value.crs)
  if (system && !isWgs84(system)) {
    return `says that its coordinates are in ${system.slice(0, 60)}, not longitude and latitude: ${convert}`
  }
  return undefined
}

/** The name in a `crs` member, which files from before RFC 7946 have. */
function systemOf(crs: unknown): string | undefined {
  const { name } = (crs as { properties?: { name?: unknown } } | null | undefined)?.properties ?? {}
  return typeof name === 'string' ? name : undefined
}

const isWgs84 = (system: string) => /(CRS:?84|EPSG:+(4326|4258)|WGS ?_?84)$/i.test(system)
