import { type Static, Type } from '@sinclair/typebox'
import { Nullable, OneOf, PageQuery, PaginationView, Sort, Strict, Text } from '../../core/schema'
import { type Boundary, type WardRow, wardTiers } from './table'

export const wardSorts = ['name', 'gssCode', 'electorate'] as const

const Position = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 })
const Rings = Type.Array(Type.Array(Position, { minItems: 4 }), { minItems: 1 })

export const BoundaryView = Type.Union(
  [
    Strict({ type: Type.Literal('Polygon'), coordinates: Rings }),
    Strict({ type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Rings, { minItems: 1 }) }),
  ],
  { description: 'GeoJSON geometry in WGS 84, longitude first' },
)

export const WardView = Strict({
  id: Type.String(),
  name: Type.String({ examples: ['Ashley'] }),
  nameCy: Nullable(Type.String({ description: 'Welsh name' })),
  slug: Type.String({ examples: ['ashley'] }),
  gssCode: Nullable(
    Type.String({ description: 'Code of the Government Statistical Service', examples: ['E05001972'] }),
  ),
  tier: OneOf(wardTiers),
  description: Nullable(Type.String()),
  enabled: Type.Boolean(),
  validFrom: Nullable(Type.String()),
  validTo: Nullable(Type.String()),
  electorate: Nullable(Type.Integer()),
  boundary: Type.Optional(Nullable(BoundaryView)),
})
export type WardView = Static<typeof WardView>

export const WardQuery = Strict({
  ...PageQuery,
  sort: Sort(wardSorts),
  search: Type.Optional(Text(100, { description: 'Part of the name, English or Welsh' })),
  tier: Type.Optional(OneOf(wardTiers)),
  enabled: Type.Optional(Type.Boolean()),
  gssCode: Type.Optional(Text(9)),
})
export type WardQuery = Static<typeof WardQuery>

export const WardInclude = Strict({
  include: Type.Optional(OneOf(['boundary'] as const, 'Adds the boundary as GeoJSON')),
})

export const WardList = Strict({ wards: Type.Array(WardView), pagination: PaginationView })

/** The ward as it leaves Reeve; `boundary` only where it was asked for. */
export function toView(row: WardRow, boundary?: Boundary | null): WardView {
  const { id, name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate } = row
  const view = { id, name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate }
  return boundary === undefined ? view : { ...view, boundary }
}
