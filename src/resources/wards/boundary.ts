import { Value } from '@sinclair/typebox/value'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { rewind } from '@turf/rewind'
import { BoundaryView } from './model'
import type { Boundary } from './table'

/** Seven decimal places of a degree are about a centimetre. */
const precision = 1e7

type Ring = number[][]

const ringsOf = (boundary: Boundary): Ring[] =>
  boundary.type === 'Polygon' ? boundary.coordinates : boundary.coordinates.flat()

/** Undefined if the geometry can be a boundary. */
export function boundaryFault(geometry: unknown): string | undefined {
  if (!Value.Check(BoundaryView, geometry))
    return 'its geometry is not a Polygon or MultiPolygon of closed rings'
  for (const ring of ringsOf(geometry as Boundary)) {
    const [first, last] = [ring[0] as number[], ring.at(-1) as number[]]
    if (first[0] !== last[0] || first[1] !== last[1]) return 'a ring of its geometry is not closed'
    if (ring.some(([x, y]) => Math.abs(x as number) > 180 || Math.abs(y as number) > 90)) {
      return 'its coordinates are not longitude and latitude (WGS 84); grid references must be converted first'
    }
  }
  return undefined
}

const round = (value: number) => Math.round(value * precision) / precision

const roundRing = (ring: Ring): Ring => ring.map(([x, y]) => [round(x as number), round(y as number)])

export const roundBoundary = (boundary: Boundary): Boundary =>
  boundary.type === 'Polygon'
    ? { type: 'Polygon', coordinates: boundary.coordinates.map(roundRing) }
    : { type: 'MultiPolygon', coordinates: boundary.coordinates.map((polygon) => polygon.map(roundRing)) }

/** By the right-hand rule of RFC 7946 (3.1.6), whatever was imported: outer rings counter-clockwise, holes clockwise. */
export const rightHanded = (boundary: Boundary): Boundary => rewind(boundary) as Boundary

/** In degrees. */
export function boxOf(boundary: Boundary): { west: number; south: number; east: number; north: number } {
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
