import { type Static, type TNull, type TOptional, type TSchema, type TUnion, Type } from '@sinclair/typebox'
import {
  Id,
  Instant,
  InstantOrDate,
  ListOf,
  Named,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Sort,
  Strict,
  Text,
} from '../../core/schema'
import { roles } from '../../core/scopes'
import { type CaseRow, caseStatuses, caseTypes, priorities, sourceChannels } from './table'

export const caseSorts = ['createdAt', 'updatedAt', 'priority', 'reference'] as const

const Latitude = Type.Number({ minimum: -90, maximum: 90 })
const Longitude = Type.Number({ minimum: -180, maximum: 180 })

const LocationInput = Strict({
  latitude: Type.Optional(Nullable(Latitude)),
  longitude: Type.Optional(Nullable(Longitude)),
  address: Type.Optional(Nullable(Text(500))),
  postcode: Type.Optional(Nullable(Text(10))),
  uprn: Type.Optional(
    Nullable(Type.String({ pattern: '^\\d{1,12}$', description: 'a UPRN of up to 12 digits' })),
  ),
})

const LocationView = Strict({
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  address: Nullable(Type.String()),
  postcode: Nullable(Type.String()),
  uprn: Nullable(Type.String()),
})

const Themes = Type.Array(Text(50), { maxItems: 20 })

/** Fields that may be left out at creation and cleared later. */
const clearable = {
  internalRef: Text(100, { description: 'Your own reference' }),
  description: Text(20_000),
  publicSummary: Text(500, { examples: ['Pothole reported on Mina Road'] }),
  wardId: Id,
  categoryId: Id,
  assigneeId: Id,
  councillorId: Id,
  followUpAt: InstantOrDate,
  location: LocationInput,
}

/** Fields that always have a value. */
const settled = {
  type: OneOf(caseTypes),
  priority: OneOf(priorities),
  sourceChannel: OneOf(sourceChannels),
  publicThemes: Themes,
  highlightedForPublic: Type.Boolean(),
}

type Properties = Record<string, TSchema>

const mapProperties = (properties: Properties, change: (schema: TSchema) => TSchema) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, Type.Optional(change(schema))]),
  )

const optional = <P extends Properties>(properties: P) =>
  mapProperties(properties, (schema) => schema) as { [K in keyof P]: TOptional<P[K]> }

const optionalOrNull = <P extends Properties>(properties: P) =>
  mapProperties(properties, Nullable) as { [K in keyof P]: TOptional<TUnion<[P[K], TNull]>> }

export const CaseCreate = Strict(
  {
    summary: Text(200, { examples: ['Pothole on Mina Road'] }),
    receivedAt: Type.Optional(InstantOrDate),
    ...optional(settled),
    ...optionalOrNull(clearable),
  },
  { examples: [{ summary: 'Pothole on Mina Road', type: 'service_request', sourceChannel: 'phone' }] },
)
export type CaseCreate = Static<typeof CaseCreate>

export const CasePatch = Strict(
  {
    summary: Type.Optional(Text(200)),
    status: Type.Optional(OneOf(caseStatuses, 'Only some moves are allowed; others answer 409')),
    archived: Type.Optional(Type.Boolean()),
    ...optional(settled),
    ...optionalOrNull(clearable),
  },
  { minProperties: 1, examples: [{ status: 'in_progress', priority: 'high' }] },
)
export type CasePatch = Static<typeof CasePatch>

const ListOfIds = (description: string) => Type.Optional(ListOf(Id, description))

export const CaseQuery = Strict({
  ...PageQuery,
  sort: Sort(caseSorts),
  status: Type.Optional(ListOf(OneOf(caseStatuses))),
  type: Type.Optional(ListOf(OneOf(caseTypes))),
  wardId: ListOfIds('Ward'),
  categoryId: ListOfIds('Category'),
  assigneeId: ListOfIds('Who the case is given to; `none` for nobody'),
  councillorId: ListOfIds('Councillor'),
  sourceChannel: Type.Optional(ListOf(OneOf(sourceChannels))),
  priority: Type.Optional(ListOf(OneOf(priorities))),
  archived: Type.Optional(Type.Boolean({ default: false })),
  createdFrom: Type.Optional(InstantOrDate),
  createdTo: Type.Optional(InstantOrDate),
  updatedFrom: Type.Optional(InstantOrDate),
  updatedTo: Type.Optional(InstantOrDate),
  bbox: Type.Optional(
    Type.String({
      pattern: '^-?\\d{1,3}(\\.\\d{1,12})?(,-?\\d{1,3}(\\.\\d{1,12})?){3}$',
      description: 'minLongitude,minLatitude,maxLongitude,maxLatitude',
      examples: ['-2.60,51.44,-2.57,51.47'],
    }),
  ),
})
export type CaseQuery = Static<typeof CaseQuery>

const Person = Strict({ id: Type.String(), name: Type.String(), role: OneOf(roles) })

export const CaseView = Strict({
  id: Type.String(),
  reference: Type.String({ examples: ['CW-2026-0042'] }),
  status: OneOf(caseStatuses),
  publicSummary: Nullable(Type.String()),
  wardId: Nullable(Type.String()),
  categoryId: Nullable(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
  internalRef: Nullable(Type.String()),
  receivedAt: Instant,
  type: OneOf(caseTypes),
  summary: Type.String(),
  description: Nullable(Type.String()),
  priority: OneOf(priorities),
  sourceChannel: OneOf(sourceChannels),
  ward: Nullable(Named),
  category: Nullable(Named),
  assigneeId: Nullable(Type.String()),
  assignee: Nullable(Person),
  councillorId: Nullable(Type.String()),
  location: Nullable(LocationView),
  publicThemes: Type.Array(Type.String()),
  highlightedForPublic: Type.Boolean(),
  followUpAt: Nullable(Instant),
  acknowledgedAt: Nullable(Instant),
  resolvedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  reopenCount: Type.Integer(),
  archived: Type.Boolean(),
  version: Type.Integer(),
})
export type CaseView = Static<typeof CaseView>

export const CaseList = Strict({ cases: Type.Array(CaseView), pagination: PaginationView })

/** A case with the names of what it refers to. */
export type CaseWithNames = {
  case: CaseRow
  ward: { id: string; name: string } | null
  category: { id: string; name: string } | null
  assignee: Static<typeof Person> | null
}

const instant = (date: Date | null) => date?.toISOString() ?? null

function toLocation({
  latitude,
  longitude,
  address,
  postcode,
  uprn,
}: CaseRow): Static<typeof LocationView> | null {
  const location = { latitude, longitude, address, postcode, uprn }
  return Object.values(location).every((value) => value === null) ? null : location
}

/** The case as it leaves Reeve. */
export function toView({ case: row, ward, category, assignee }: CaseWithNames): CaseView {
  return {
    id: row.id,
    reference: row.reference,
    status: row.status,
    publicSummary: row.publicSummary,
    wardId: row.wardId,
    categoryId: row.categoryId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    internalRef: row.internalRef,
    receivedAt: row.receivedAt.toISOString(),
    type: row.type,
    summary: row.summary,
    description: row.description,
    priority: row.priority,
    sourceChannel: row.sourceChannel,
    ward,
    category,
    assigneeId: row.assigneeId,
    assignee,
    councillorId: row.councillorId,
    location: toLocation(row),
    publicThemes: row.publicThemes,
    highlightedForPublic: row.highlightedForPublic,
    followUpAt: instant(row.followUpAt),
    acknowledgedAt: instant(row.acknowledgedAt),
    resolvedAt: instant(row.resolvedAt),
    closedAt: instant(row.closedAt),
    reopenCount: row.reopenCount,
    archived: row.archived,
    version: row.version,
  }
}
