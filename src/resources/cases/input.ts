import { type Static, type TNull, type TOptional, type TSchema, type TUnion, Type } from '@sinclair/typebox'
import {
  Id,
  InstantOrDate,
  ListOf,
  Nullable,
  OneOf,
  PageQuery,
  Prose,
  Sort,
  Strict,
  Text,
} from '../../core/schema'
import { maxPhoneLength } from '../../lib/phone'
import { Confirmation } from './rules/personal'
import { slaStates } from './rules/target'
import {
  caseStatuses,
  caseTypes,
  pendingReasons,
  priorities,
  publicStates,
  resolutions,
  sourceChannels,
} from './table'

const caseSorts = ['createdAt', 'updatedAt', 'dueAt', 'priority', 'reference'] as const

const Latitude = Type.Number({ minimum: -90, maximum: 90 })
const Longitude = Type.Number({ minimum: -180, maximum: 180 })

const LocationInput = Strict({
  latitude: Type.Optional(Nullable(Latitude)),
  longitude: Type.Optional(Nullable(Longitude)),
  address: Type.Optional(Nullable(Prose(500))),
  postcode: Type.Optional(Nullable(Text(10))),
  uprn: Type.Optional(Nullable(Type.String({ pattern: '^\\d{1,12}$', description: 'up to 12 digits' }))),
})

const Themes = Type.Array(Text(50), { maxItems: 20 })

/** Optional when a case is created; null clears them later. */
const clearable = {
  internalRef: Text(100, { description: 'Your own reference' }),
  description: Prose(20_000),
  publicSummary: Text(500, { examples: ['Pothole reported on Mina Road'] }),
  wardId: Id,
  categoryId: Id,
  assigneeId: Id,
  councillorId: Id,
  followUpAt: InstantOrDate,
  location: LocationInput,
  residentName: Text(200, { examples: ['Margaret Hughes'] }),
  residentEmail: Text(254, { examples: ['m.hughes@example.org'] }),
  residentPhone: Text(maxPhoneLength, { examples: ['0117 496 0123'] }),
  residentAddress: Prose(500),
  residentPostcode: Text(10, { examples: ['BS2 9YT'] }),
  residentMessage: Prose(20_000, { description: 'What the resident wrote, word for word' }),
}

/** Optional when a case is created, but never null. */
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

const PendingInput = Strict({
  reason: OneOf(pendingReasons),
  until: Type.Optional(Nullable(InstantOrDate)),
})

export const CasePatch = Strict(
  {
    summary: Type.Optional(Text(200)),
    status: Type.Optional(OneOf(caseStatuses, 'Only some moves are allowed; others answer 409')),
    resolution: Type.Optional(OneOf(resolutions, 'How it ended: needed to resolve or close it')),
    reason: Type.Optional(Prose(1_000, { description: 'Needed to reopen, and to go back to open' })),
    duplicateOfId: Type.Optional(Id),
    pending: Type.Optional(Nullable(PendingInput)),
    publicState: Type.Optional(OneOf(publicStates)),
    archived: Type.Optional(Type.Boolean()),
    confirmPersonalData: Type.Optional(Confirmation),
    ...optional(settled),
    ...optionalOrNull(clearable),
  },
  { examples: [{ status: 'in_progress', priority: 'high' }] },
)
export type CasePatch = Static<typeof CasePatch>

const maxAssigned = 100

export const CaseAssignment = Strict({
  ids: Type.Array(Id, { minItems: 1, maxItems: maxAssigned }),
  assigneeId: Nullable(Id),
})
export type CaseAssignment = Static<typeof CaseAssignment>

const ListOfIds = (description: string) => Type.Optional(ListOf(Id, description))

/** Filters of lists, searches and exports. */
export const caseFilters = {
  sort: Sort(caseSorts),
  search: Type.Optional(
    Text(200, {
      description:
        'Words of the references, summaries, description, place, notes, ward or category, in any form; or a reference',
      examples: ['pothole'],
    }),
  ),
  internalRef: Type.Optional(
    ListOf(
      Text(100, { examples: ['HW-7781'] }),
      'The whole reference in another system, in upper or lower case',
    ),
  ),
  status: Type.Optional(ListOf(OneOf(caseStatuses))),
  resolution: Type.Optional(ListOf(OneOf(resolutions))),
  slaState: Type.Optional(ListOf(OneOf(slaStates))),
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
  dueBefore: Type.Optional(InstantOrDate),
  bbox: Type.Optional(
    Type.String({
      pattern: '^-?\\d{1,3}(\\.\\d{1,12})?(,-?\\d{1,3}(\\.\\d{1,12})?){3}$',
      description: 'four numbers: minLongitude,minLatitude,maxLongitude,maxLatitude',
      examples: ['-2.60,51.44,-2.57,51.47'],
    }),
  ),
}

export const CaseQuery = Strict({ ...PageQuery, ...caseFilters })
export type CaseQuery = Static<typeof CaseQuery>
