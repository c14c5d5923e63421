import { type Static, Type } from '@sinclair/typebox'
import type { Column } from '../../core/files'
import {
  LocalDate,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Prose,
  Sort,
  Strict,
  Text,
  Times,
} from '../../core/schema'
import type { Issue } from '../../lib/errors'
import { fold } from '../../lib/fold'
import { finder } from '../../lib/named'
import { startOfLocalDate } from '../../lib/time'
import { type Boundary, type WardRow, wardTiers } from './table'

const wardSorts = ['name', 'gssCode', 'electorate'] as const

const Position = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 })
const Rings = Type.Array(Type.Array(Position, { minItems: 4 }), { minItems: 1 })

export const BoundaryView = Type.Union(
  [
    Strict({ type: Type.Literal('Polygon'), coordinates: Rings }),
    Strict({ type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Rings, { minItems: 1 }) }),
  ],
  { description: 'GeoJSON geometry in WGS 84, longitude first' },
)

export const WardView = Strict(
  {
    id: Type.String(),
    name: Type.String({ examples: ['Ashley'] }),
    nameCy: Nullable(Type.String({ description: 'Welsh name' })),
    slug: Type.String({ examples: ['ashley'] }),
    gssCode: Nullable(
      Type.String({ description: 'Government Statistical Service code', examples: ['E05001972'] }),
    ),
    tier: OneOf(wardTiers),
    description: Nullable(Type.String()),
    enabled: Type.Boolean(),
    validFrom: Nullable(Type.String()),
    validTo: Nullable(Type.String()),
    electorate: Nullable(Type.Integer()),
    boundary: Type.Optional(Nullable(BoundaryView)),
  },
  { title: 'Ward' },
)
export type WardView = Static<typeof WardView>

/** Patterns for what files and people enter, each with its description. */
export const forms = {
  slug: { form: /^[a-z0-9-]{1,100}$/, meaning: 'lower-case letters, digits and hyphens' },
  gssCode: { form: /^[ENSWK]\d{8}$/, meaning: 'a GSS code (a letter and eight digits)' },
} as const

const Formed = ({ form, meaning }: (typeof forms)[keyof typeof forms]) =>
  Type.String({ pattern: form.source, description: meaning })

const clearable = {
  nameCy: Type.Optional(Nullable(Text(200))),
  gssCode: Type.Optional(Nullable(Formed(forms.gssCode))),
  description: Type.Optional(Nullable(Prose(5_000))),
  validFrom: Type.Optional(Nullable(LocalDate)),
  validTo: Type.Optional(Nullable(LocalDate)),
  electorate: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 999_999_999 }))),
}

export const WardCreate = Strict({
  name: Text(200),
  slug: Type.Optional(Formed(forms.slug)),
  tier: OneOf(wardTiers),
  enabled: Type.Optional(Type.Boolean()),
  ...clearable,
})
export type WardCreate = Static<typeof WardCreate>

export const WardPatch = Type.Partial(WardCreate, { additionalProperties: false })
export type WardPatch = Static<typeof WardPatch>

/** Checks what a pattern cannot: that dates exist and are in order. */
export function dateIssues({ validFrom, validTo }: Partial<Pick<WardRow, 'validFrom' | 'validTo'>>): Issue[] {
  const unknown = Object.entries({ validFrom, validTo })
    .filter(([, date]) => date && !startOfLocalDate(date, 'UTC'))
    .map(([path]): Issue => ({ in: 'body', path, code: 'format', message: 'Must be a real date' }))
  const isReversed = validFrom && validTo && validTo < validFrom
  if (unknown.length > 0 || !isReversed) return unknown
  const message = 'Must not be before validFrom'
  return [{ in: 'body', path: 'validTo', code: 'order', other: 'validFrom', message }]
}

/** True on both dates of a ward and every day between them. */
export const isValidOn = (
  { validFrom, validTo }: Pick<WardRow, 'validFrom' | 'validTo'>,
  date: string,
): boolean => (validFrom === null || validFrom <= date) && (validTo === null || validTo >= date)

/** Enabled, and valid on the date. */
export const isInUse = (ward: Pick<WardRow, 'enabled' | 'validFrom' | 'validTo'>, date: string): boolean =>
  ward.enabled && isValidOn(ward, date)

/** Finds wards by what files call them: id, GSS code, slug or name. */
export const wardFinder = (rows: readonly WardRow[]) =>
  finder('ward', rows, ({ id, gssCode, slug, name }) => [[id], [gssCode], [slug, name]], fold)

/** What a file calls each ward, by its id, so that another council with the same wards can read it. */
export const wardReferences = (rows: readonly WardRow[]): Map<string, string> =>
  new Map(rows.map(({ id, gssCode, slug }) => [id, gssCode ?? slug]))

export const WardQuery = Strict({
  ...PageQuery,
  sort: Sort(wardSorts),
  search: Type.Optional(Text(100, { description: 'Part of the name, English or Welsh, or of the GSS code' })),
  tier: Type.Optional(OneOf(wardTiers)),
  enabled: Type.Optional(Type.Boolean()),
  gssCode: Type.Optional(Text(9)),
})
export type WardQuery = Static<typeof WardQuery>

export const WardLookup = Strict({
  latitude: Type.Number({
    minimum: -90,
    maximum: 90,
    description: 'Degrees north, WGS 84',
    examples: [51.4705],
  }),
  longitude: Type.Number({
    minimum: -180,
    maximum: 180,
    description: 'Degrees east, WGS 84',
    examples: [-2.5706],
  }),
  tier: Type.Optional(OneOf(wardTiers, 'Which kind of area to find, where areas lie within each other')),
})
export type WardLookup = Static<typeof WardLookup>

const Counts = Strict({
  open: Type.Integer(),
  in_progress: Type.Integer(),
  resolved: Type.Integer(),
  closed: Type.Integer(),
  total: Type.Integer(),
})
export type CaseCounts = Static<typeof Counts>

export const ExportedWard = Type.Composite([WardView, Strict({ cases: Counts })], {
  additionalProperties: false,
  title: 'ExportedWard',
})
export type ExportedWard = WardView & { cases: CaseCounts }

export const ExportedWards = Strict({ wards: Type.Array(ExportedWard), total: Type.Integer() })

export const WardExportQuery = Strict({
  format: Type.Optional(OneOf(['csv', 'json'] as const)),
  times: Times,
})

export const exportColumns: readonly Column<ExportedWard>[] = [
  { heading: 'Name', cell: ({ name }) => name },
  { heading: 'Welsh Name', cell: ({ nameCy }) => nameCy },
  { heading: 'GSS Code', cell: ({ gssCode }) => gssCode },
  { heading: 'Tier', cell: ({ tier }) => tier },
  { heading: 'Electorate', cell: ({ electorate }) => electorate },
  { heading: 'Open', cell: ({ cases }) => cases.open },
  { heading: 'In Progress', cell: ({ cases }) => cases.in_progress },
  { heading: 'Resolved', cell: ({ cases }) => cases.resolved },
  { heading: 'Closed', cell: ({ cases }) => cases.closed },
  { heading: 'Total', cell: ({ cases }) => cases.total },
]

export const WardInclude = Strict({
  include: Type.Optional(OneOf(['boundary'] as const, 'Adds the boundary as GeoJSON')),
})

export const WardList = Strict({ wards: Type.Array(WardView), pagination: PaginationView })

/** `boundary` only if requested. */
export function toView(row: WardRow, boundary?: Boundary | null): WardView {
  const { id, name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate } = row
  const view = { id, name, nameCy, slug, gssCode, tier, description, enabled, validFrom, validTo, electorate }
  return boundary === undefined ? view : { ...view, boundary }
}
