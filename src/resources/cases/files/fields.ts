import { Type } from '@sinclair/typebox'
import type { Column } from '../../../core/files'
import { OneOf, Prose, Strict } from '../../../core/schema'
import { type CellKind, everyField, type FieldsLike } from '../fields'
import { CaseCreate, CasePatch } from '../input'
import type { CaseView } from '../model'
import type { ResidentField } from '../residents/model'
import { pendingReasons } from '../table'
import { joinThemes } from './export.model'

/** A case with what names its references in any council: people by e-mail address, cases by reference. */
export type TransferCase = {
  view: CaseView
  assignee: string | null
  councillor: string | null
  duplicateOf: string | null
}

type Cell = Column<TransferCase>['cell']
type Field = Column<TransferCase> & { kind: CellKind }

type FileColumn = FieldsLike<{ heading: string }>
type ReferenceColumn = FieldsLike<{ cell: 'reference' }>
export type InstantName = FieldsLike<{ cell: 'instant' }>

type ScalarInView = {
  [Name in keyof CaseView]-?: CaseView[Name] extends string | number | boolean | null | undefined
    ? Name
    : never
}[keyof CaseView]

/** Columns that the view does not show as one cell under their own name. */
const cells: Record<ReferenceColumn | Exclude<FileColumn, ScalarInView>, Cell> = {
  publicThemes: ({ view }) => joinThemes(view.publicThemes),
  wardId: ({ view }) => view.ward?.name ?? null,
  categoryId: ({ view }) => view.category?.name ?? null,
  duplicateOfId: ({ duplicateOf }) => duplicateOf,
  pendingReason: ({ view }) => view.pending?.reason ?? null,
  pendingSince: ({ view }) => view.pending?.since ?? null,
  pendingUntil: ({ view }) => view.pending?.until ?? null,
  assigneeId: ({ assignee }) => assignee,
  councillorId: ({ councillor }) => councillor,
  latitude: ({ view }) => view.location?.latitude ?? null,
  longitude: ({ view }) => view.location?.longitude ?? null,
  address: ({ view }) => view.location?.address ?? null,
  postcode: ({ view }) => view.location?.postcode ?? null,
  uprn: ({ view }) => view.location?.uprn ?? null,
}

const cellOf =
  (name: ScalarInView): Cell =>
  ({ view }) =>
    view[name] ?? null

/** A reference is not an id in a file: `wardId` is the column `ward`. */
type NameInFile<Name extends FileColumn> = Name extends ReferenceColumn
  ? Name extends `${infer Thing}Id`
    ? Thing
    : never
  : Name
type TransferName = NameInFile<FileColumn>

const nameInFile = (name: string, kind: CellKind) => (kind === 'reference' ? name.replace(/Id$/, '') : name)

/** Everything about a case that can be taken to another store; first the columns of a report, under its headings. */
export const transferFields = Object.fromEntries(
  everyField.flatMap(([name, { heading, cell: kind = 'text' }]) => {
    if (heading === undefined) return []
    const cell = name in cells ? cells[name as keyof typeof cells] : cellOf(name as ScalarInView)
    return [[nameInFile(name, kind), { heading, kind, cell }]]
  }),
) as Record<TransferName, Field>

const residentField = (name: ResidentField, heading: string): Field => ({
  heading,
  kind: 'text',
  cell: cellOf(name),
})

/** Who cases are about: left out unless asked for. */
export const residentTransferFields: Record<ResidentField, Field> = {
  residentName: residentField('residentName', 'Resident Name'),
  residentEmail: residentField('residentEmail', 'Resident Email'),
  residentPhone: residentField('residentPhone', 'Resident Phone'),
  residentAddress: residentField('residentAddress', 'Resident Address'),
  residentPostcode: residentField('residentPostcode', 'Resident Postcode'),
  residentMessage: residentField('residentMessage', 'Resident Message'),
}

export const allFields = { ...transferFields, ...residentTransferFields }
export type TransferFieldName = keyof typeof allFields

/** A line of a file: its instants read, everything else as its schema has it. */
export type CaseRecord = {
  line: number
  values: RecordValues
  instants: Partial<Record<InstantName, Date>>
  /** The file has a column for due dates; otherwise they follow from the targets. */
  isDueGiven: boolean
  /** What is wrong with its cells. */
  faults: string[]
}

const inApi = { ...CasePatch.properties, ...CaseCreate.properties }

const Name = Type.Optional(Type.String({ maxLength: 254 }))

/** Prefix, year and number, such as CW-2026-0042. */
export const referenceForm = /^[A-Z0-9]{1,10}-[12]\d{3}-(\d{4}|[1-9]\d{4,8})$/

/** Cells that the API does not take, or not under this name. */
const ownSchemas = {
  reference: Type.Optional(
    Type.String({
      pattern: referenceForm.source,
      description: 'a prefix in capitals, a year and a number, such as CW-2026-0042',
    }),
  ),
  ward: Name,
  category: Name,
  duplicateOf: Name,
  pendingReason: Type.Optional(OneOf(pendingReasons)),
  assignee: Name,
  councillor: Name,
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  address: Type.Optional(Prose(500)),
  postcode: Type.Optional(Type.String({ maxLength: 10 })),
  uprn: Type.Optional(Type.String({ pattern: '^\\d{1,12}$', description: 'up to 12 digits' })),
  reopenCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
}

export type ValueName = Exclude<TransferFieldName, InstantName>
type InApi = Pick<typeof inApi, Exclude<ValueName, keyof typeof ownSchemas>>

const schemas = { ...inApi, ...ownSchemas }

/** The cells of a line that are not instants, under the rules of the API. */
export const RecordValues = Strict(
  Object.fromEntries(
    Object.entries(allFields)
      .filter(([, { kind }]) => kind !== 'instant')
      .map(([name]) => [name, schemas[name as ValueName]]),
  ) as typeof ownSchemas & InApi,
)
export type RecordValues = (typeof RecordValues)['static']
