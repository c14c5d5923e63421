import { Type } from '@sinclair/typebox'
import type { Column } from '../../../core/files'
import { OneOf, Strict, Text } from '../../../core/schema'
import { CaseCreate, CasePatch } from '../input'
import type { CaseView } from '../model'
import { type ResidentField, residentFields } from '../residents/model'
import { pendingReasons } from '../table'
import { joinThemes } from './export.model'

/** A case with what names other things across councils: people by e-mail address, cases by reference. */
export type TransferCase = {
  view: CaseView
  assignee: string | null
  councillor: string | null
  duplicateOf: string | null
}

export type Kind = 'text' | 'number' | 'boolean' | 'instant' | 'themes'

type Field = Column<TransferCase> & { kind: Kind }

const plain = (name: keyof CaseView, heading: string, kind: Kind = 'text'): Field => ({
  heading,
  kind,
  cell: ({ view }) => view[name] as string | number | boolean | null,
})

const place = (
  name: keyof NonNullable<CaseView['location']>,
  heading: string,
  kind: Kind = 'text',
): Field => ({
  heading,
  kind,
  cell: ({ view }) => view.location?.[name] ?? null,
})

const field = (heading: string, cell: Field['cell'], kind: Kind = 'text'): Field => ({ heading, kind, cell })

/** Everything of a case that can be taken to another store; first the columns of a report, under its headings. */
export const transferFields = {
  reference: plain('reference', 'Reference'),
  status: plain('status', 'Status'),
  summary: plain('summary', 'Summary'),
  publicThemes: field('Themes', ({ view }) => joinThemes(view.publicThemes), 'themes'),
  ward: field('Ward', ({ view }) => view.ward?.name ?? null),
  category: field('Category', ({ view }) => view.category?.name ?? null),
  sourceChannel: plain('sourceChannel', 'Source'),
  createdAt: plain('createdAt', 'Created At', 'instant'),
  updatedAt: plain('updatedAt', 'Updated At', 'instant'),
  receivedAt: plain('receivedAt', 'Received At', 'instant'),
  internalRef: plain('internalRef', 'Internal Ref'),
  type: plain('type', 'Type'),
  priority: plain('priority', 'Priority'),
  description: plain('description', 'Description'),
  publicSummary: plain('publicSummary', 'Public Summary'),
  publicState: plain('publicState', 'Public State'),
  highlightedForPublic: plain('highlightedForPublic', 'Highlighted For Public', 'boolean'),
  resolution: plain('resolution', 'Resolution'),
  duplicateOf: field('Duplicate Of', ({ duplicateOf }) => duplicateOf),
  pendingReason: field('Pending Reason', ({ view }) => view.pending?.reason ?? null),
  pendingSince: field('Pending Since', ({ view }) => view.pending?.since ?? null, 'instant'),
  pendingUntil: field('Pending Until', ({ view }) => view.pending?.until ?? null, 'instant'),
  assignee: field('Assignee', ({ assignee }) => assignee),
  councillor: field('Councillor', ({ councillor }) => councillor),
  latitude: place('latitude', 'Latitude', 'number'),
  longitude: place('longitude', 'Longitude', 'number'),
  address: place('address', 'Address'),
  postcode: place('postcode', 'Postcode'),
  uprn: place('uprn', 'UPRN'),
  dueAt: plain('dueAt', 'Due At', 'instant'),
  followUpAt: plain('followUpAt', 'Follow Up At', 'instant'),
  acknowledgedAt: plain('acknowledgedAt', 'Acknowledged At', 'instant'),
  resolvedAt: plain('resolvedAt', 'Resolved At', 'instant'),
  closedAt: plain('closedAt', 'Closed At', 'instant'),
  reopenCount: plain('reopenCount', 'Reopen Count', 'number'),
  archived: plain('archived', 'Archived', 'boolean'),
} satisfies Record<string, Field>

/** Who cases are about: only where it is asked for. */
export const residentTransferFields: Record<ResidentField, Field> = {
  residentName: plain('residentName', 'Resident Name'),
  residentEmail: plain('residentEmail', 'Resident Email'),
  residentPhone: plain('residentPhone', 'Resident Phone'),
  residentAddress: plain('residentAddress', 'Resident Address'),
  residentPostcode: plain('residentPostcode', 'Resident Postcode'),
}

export const allFields = { ...transferFields, ...residentTransferFields }
export type FieldName = keyof typeof allFields

type InstantName = {
  [Name in keyof typeof transferFields]: Name extends `${string}At` | `pending${'Since' | 'Until'}`
    ? Name
    : never
}[keyof typeof transferFields]

/** What a line holds: instants read, everything else as its schema says. */
export type CaseRecord = {
  line: number
  values: RecordValues
  instants: Partial<Record<InstantName, Date>>
  /** Whether the file says when cases are due; else that follows from their targets. */
  isDueGiven: boolean
  /** What is wrong with its cells. */
  faults: string[]
}

export type RecordValues = (typeof RecordValues)['static']

const { summary, type, priority, sourceChannel, publicThemes, highlightedForPublic, internalRef } =
  CaseCreate.properties
const { description, publicSummary } = CaseCreate.properties
const { status, resolution, publicState, archived } = CasePatch.properties

const Name = Type.Optional(Type.String({ maxLength: 254 }))
const residents = Object.fromEntries(
  residentFields.map((name) => [name, CaseCreate.properties[name]]),
) as Pick<typeof CaseCreate.properties, ResidentField>

/** The fields of a line that are no instants, under the rules of the API. */
export const RecordValues = Strict({
  reference: Type.Optional(
    Type.String({
      pattern: '^[A-Z0-9]{1,10}-[12]\\d{3}-(\\d{4}|[1-9]\\d{4,8})$',
      description: 'prefix, year and number, such as CW-2026-0042',
    }),
  ),
  status,
  summary,
  publicThemes,
  ward: Name,
  category: Name,
  sourceChannel,
  internalRef,
  type,
  priority,
  description,
  publicSummary,
  publicState,
  highlightedForPublic,
  resolution,
  duplicateOf: Name,
  pendingReason: Type.Optional(OneOf(pendingReasons)),
  assignee: Name,
  councillor: Name,
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  address: Type.Optional(Text(500)),
  postcode: Type.Optional(Type.String({ maxLength: 10 })),
  uprn: Type.Optional(Type.String({ pattern: '^\\d{1,12}$', description: 'a UPRN of up to 12 digits' })),
  reopenCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  archived,
  ...residents,
})
