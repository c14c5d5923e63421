import { Value } from '@sinclair/typebox/value'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { rewind } from '@turf/rewind'
import { isEqual } from '../../lib/equal'
import { toWgs84 } from '../../lib/file-kind'
import { BoundaryView } from './model'
import type { Boundary } from './table'

/** Seven decimal places of a degree are about a centimetre. */
const precision = 1e7

type Ring = number[][]

const ringsOf = (boundary: Boundary): Ring[] =>
  boundary.type === 'Polygon' ? boundary.coordinates : boundary.coordinates.flat()

/** The United Kingdom with its islands, in degrees. */
const country = { west: -9, south: 49, east: 2.5, north: 61 }

/** Both grids in metres that maps of the United Kingdom have besides longitude and latitude. */
const nationalGrid = { west: 0, south: 0, east: 800_000, north: 1_400_000 }
const webMercator = { west: -1_100_000, south: 6_200_000, east: 300_000, north: 8_700_000 }

type Box = typeof country

const lies = ([x = Number.NaN, y = Number.NaN]: readonly number[], { west, south, east, north }: Box) =>
  x >= west && x <= east && y >= south && y <= north

/** Why a point cannot lie in a ward; undefined if it can. */
function placeFault(point: readonly number[]): string | undefined {
  const [x, y] = point
  if (lies(point, country)) return undefined
  if (lies([y as number, x as number], country)) {
    return `its coordinates have latitude and longitude exchanged (${x}, ${y}): import it with --swap-coordinates`
  }
  const isGrid = lies(point, nationalGrid) && Math.abs(y as number) > 90
  if (isGrid || lies(point, webMercator)) {
    const system = isGrid ? 'the National Grid (EPSG:27700)' : 'Web Mercator (EPSG:3857)'
    return `its coordinates are those of ${system}, not longitude and latitude: convert it with ${toWgs84}`
  }
  return `its coordinates (${x}, ${y}) lie outside the United Kingdom: they must be longitude and latitude (WGS 84)`
}

function shapeFault(geometry: unknown): string {
  const type = (geometry as { type?: unknown } | null)?.type
  const isArea = type === undefined || type === 'Polygon' || type === 'MultiPolygon'
  if (isArea)
    return 'its geometry is not a Polygon or MultiPolygon of closed rings, each of four positions or more'
  return `its geometry is a ${String(type).slice(0, 40)}, where a ward needs a Polygon or MultiPolygon`
}

/**
 * The geometry of a file as a boundary: rounded, and by the right-hand rule. `isSwapped` if every position has its latitude
 * first.
 */
export function readBoundary(
  geometry: unknown,
  isSwapped: boolean,
): { boundary: Boundary } | { fault: string } {
  if (!Value.Check(BoundaryView, geometry)) return { fault: shapeFault(geometry) }
  const given = geometry as Boundary
  const placed = isSwapped ? mapped(given, ([x, y]) => [y as number, x as number]) : given
  for (const ring of ringsOf(placed)) {
    const fault = ring.map(placeFault).find((wrong) => wrong !== undefined)
    if (fault) return { fault }
    const [first, last] = [ring[0] as number[], ring.at(-1) as number[]]
    if (first[0] !== last[0] || first[1] !== last[1]) return { fault: 'a ring of its geometry is not closed' }
  }
  const rounded = mapped(placed, ([x, y]) => [round(x as number), round(y as number)])
  return { boundary: rewind(withoutFlatHoles(rounded), { mutate: true }) as Boundary }
}

const mapped = (boundary: Boundary, change: (point: number[]) => number[]): Boundary =>
  boundary.type === 'Polygon'
    ? { type: 'Polygon', coordinates: boundary.coordinates.map((ring) => ring.map(change)) }
    : {
        type: 'MultiPolygon',
        coordinates: boundary.coordinates.map((rings) => rings.map((ring) => ring.map(change))),
      }

/** In square degrees, about a square centimetre. */
const leastArea = 1e-14

function areaOf(ring: Ring): number {
  const [[x0, y0] = []] = ring as number[][]
  // From the first point on, as the differences of large products would be lost.
  const from = ring.map(([x, y]) => [(x as number) - (x0 as number), (y as number) - (y0 as number)] as const)
  const doubled = from.slice(1).reduce((sum, [x, y], i) => {
    const [x1, y1] = from[i] as readonly [number, number]
    return sum + x1 * y - x * y1
  }, 0)
  return Math.abs(doubled) / 2
}

/** A hole of no area has no direction to go round, and would be turned round each time. */
function withoutFlatHoles(boundary: Boundary): Boundary {
  const solid = ([outer, ...holes]: Ring[]) => [
    outer as Ring,
    ...holes.filter((hole) => areaOf(hole) > leastArea),
  ]
  return boundary.type === 'Polygon'
    ? { type: 'Polygon', coordinates: solid(boundary.coordinates) }
    : { type: 'MultiPolygon', coordinates: boundary.coordinates.map(solid) }
}

const round = (value: number) => Math.round(value * precision) / precision

const polygonsOf = (boundary: Boundary): Ring[][] =>
  boundary.type === 'Polygon' ? [boundary.coordinates] : boundary.coordinates

/** One area of several parts; undefined if a part comes twice. */
export function joined(one: Boundary, other: Boundary): Boundary | undefined {
  const [before, more] = [polygonsOf(one), polygonsOf(other)]
  if (more.some((polygon) => before.some((known) => isEqual(known, polygon)))) return undefined
  return { type: 'MultiPolygon', coordinates: [...before, ...more] }
}

/** By the right-hand rule of RFC 7946 (3.1.6), whatever was imported: outer rings counter-clockwise, holes clockwise. */
export const rightHanded = (boundary: Boundary): Boundary => rewind(boundary) as Boundary

/** In degrees. */
export function boxOf(boundary: Boundary): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 }
  for (const [x, y] of ringsOf(boundary).flat() as [number, number][]) {
    box.west = Math.min(box.west, x)
    box.east = Math.max(box.east, x)
    box.south = Math.min(box.south, y)
    box.north = Math.max(box.north, y)
  }
  return box
}

/** The edge counts as inside. */
export const holds = (boundary: Boundary, longitude: number, latitude: number): boolean =>
  booleanPointInPolygon([longitude, latitude], boundary)
