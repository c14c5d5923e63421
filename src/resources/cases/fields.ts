import type { CaseRow } from './table'

export type FieldName = keyof CaseRow

/** How a cell of an import or export reads. A `reference` holds a name, e-mail address or reference in place of the id. */
export type CellKind = 'text' | 'number' | 'boolean' | 'instant' | 'themes' | 'reference'

type Field<Value> = {
  /** What an audit entry keeps of a change: both values, the name alone (it may be personal), or nothing (upkeep). */
  audit: 'values' | 'name' | 'nothing'
  /**
   * Who sets it: the `input`, written as the API sends it; a `reader` of the input, which checks or converts it first; the
   * `rules`, as a consequence of another change; or the `store`, for every case alike.
   */
  setBy: 'input' | 'reader' | 'rules' | 'store'
  /** Its value in a new case that does not give one; null if absent. */
  initial?: Value
  /** Its column in files that move cases between councils; text unless `cell` says otherwise. */
  heading?: string
  cell?: CellKind
  /** Its change has an event of its own in place of `case_updated`. */
  hasOwnEvent?: true
  /** Written for the public: only somebody who may publish changes it while the case is public. */
  isPublished?: true
  /** The figures of reports depend on it. */
  isCounted?: true
}

/**
 * Every column of a case, in the order of an export. A column that is missing here does not compile; what is derived from
 * this table stands below it and in `files/fields.ts`.
 */
export const caseFields = {
  id: { audit: 'name', setBy: 'store' },
  tenantId: { audit: 'name', setBy: 'store' },
  position: { audit: 'nothing', setBy: 'store' },
  reference: { audit: 'values', setBy: 'store', heading: 'Reference' },
  referenceYear: { audit: 'name', setBy: 'store' },
  referenceNumber: { audit: 'name', setBy: 'store' },
  status: { audit: 'values', setBy: 'rules', heading: 'Status', isCounted: true },
  summary: { audit: 'name', setBy: 'input', heading: 'Summary' },
  publicThemes: {
    audit: 'name',
    setBy: 'input',
    initial: [] as string[],
    heading: 'Themes',
    cell: 'themes',
    isPublished: true,
  },
  wardId: { audit: 'values', setBy: 'input', heading: 'Ward', cell: 'reference', isCounted: true },
  categoryId: { audit: 'values', setBy: 'input', heading: 'Category', cell: 'reference', isCounted: true },
  sourceChannel: { audit: 'values', setBy: 'input', initial: 'api', heading: 'Source' },
  createdAt: { audit: 'name', setBy: 'store', heading: 'Created At', cell: 'instant' },
  updatedAt: { audit: 'nothing', setBy: 'store', heading: 'Updated At', cell: 'instant' },
  receivedAt: { audit: 'values', setBy: 'reader', heading: 'Received At', cell: 'instant' },
  internalRef: { audit: 'name', setBy: 'input', heading: 'Internal Ref' },
  type: { audit: 'values', setBy: 'input', initial: 'enquiry', heading: 'Type' },
  priority: { audit: 'values', setBy: 'input', initial: 'normal', heading: 'Priority' },
  description: { audit: 'name', setBy: 'input', heading: 'Description' },
  publicSummary: { audit: 'name', setBy: 'input', heading: 'Public Summary', isPublished: true },
  publicState: {
    audit: 'values',
    setBy: 'input',
    initial: 'draft',
    heading: 'Public State',
    isPublished: true,
  },
  highlightedForPublic: {
    audit: 'values',
    setBy: 'input',
    initial: false,
    heading: 'Highlighted For Public',
    cell: 'boolean',
    isPublished: true,
  },
  resolution: { audit: 'values', setBy: 'rules', heading: 'Resolution', isCounted: true },
  duplicateOfId: { audit: 'values', setBy: 'rules', heading: 'Duplicate Of', cell: 'reference' },
  pendingReason: { audit: 'values', setBy: 'reader', heading: 'Pending Reason' },
  pendingSince: { audit: 'values', setBy: 'reader', heading: 'Pending Since', cell: 'instant' },
  pendingUntil: { audit: 'values', setBy: 'reader', heading: 'Pending Until', cell: 'instant' },
  assigneeId: { audit: 'values', setBy: 'input', heading: 'Assignee', cell: 'reference', hasOwnEvent: true },
  councillorId: { audit: 'values', setBy: 'input', heading: 'Councillor', cell: 'reference' },
  latitude: { audit: 'name', setBy: 'reader', heading: 'Latitude', cell: 'number' },
  longitude: { audit: 'name', setBy: 'reader', heading: 'Longitude', cell: 'number' },
  address: { audit: 'name', setBy: 'reader', heading: 'Address' },
  postcode: { audit: 'name', setBy: 'reader', heading: 'Postcode' },
  uprn: { audit: 'name', setBy: 'reader', heading: 'UPRN' },
  dueAt: { audit: 'values', setBy: 'rules', heading: 'Due At', cell: 'instant' },
  followUpAt: { audit: 'values', setBy: 'reader', heading: 'Follow Up At', cell: 'instant' },
  acknowledgedAt: { audit: 'values', setBy: 'rules', heading: 'Acknowledged At', cell: 'instant' },
  resolvedAt: { audit: 'values', setBy: 'rules', heading: 'Resolved At', cell: 'instant' },
  closedAt: { audit: 'values', setBy: 'rules', heading: 'Closed At', cell: 'instant', isCounted: true },
  reopenCount: { audit: 'values', setBy: 'rules', heading: 'Reopen Count', cell: 'number' },
  archived: { audit: 'values', setBy: 'input', initial: false, heading: 'Archived', cell: 'boolean' },
  targetFrom: { audit: 'nothing', setBy: 'rules' },
  dueSoonAt: { audit: 'nothing', setBy: 'rules' },
  targetDayType: { audit: 'name', setBy: 'rules' },
  pausedDays: { audit: 'name', setBy: 'rules' },
  targetState: { audit: 'nothing', setBy: 'rules' },
  breachAt: { audit: 'nothing', setBy: 'rules' },
  closesAt: { audit: 'nothing', setBy: 'rules' },
  firstResponseAt: { audit: 'nothing', setBy: 'rules' },
  responseCount: { audit: 'nothing', setBy: 'rules' },
  reassignCount: { audit: 'nothing', setBy: 'rules' },
  version: { audit: 'nothing', setBy: 'store' },
} as const satisfies { [Name in FieldName]: Field<CaseRow[Name]> }

type Catalogue = typeof caseFields

/** Names of the columns whose entry has this shape, such as `{ cell: 'instant' }`. */
export type FieldsLike<Shape> = {
  [Name in FieldName]: Catalogue[Name] extends Shape ? Name : never
}[FieldName]

export const everyField = Object.entries(caseFields) as [FieldName, Field<unknown>][]

const namesWhere = <Name extends FieldName>(isWanted: (field: Field<unknown>) => boolean | undefined) =>
  everyField.filter(([, field]) => isWanted(field)).map(([name]) => name as Name)

/** Columns that are written as the API sends them. */
export type SentField = FieldsLike<{ setBy: 'input' }>
export const sentFields: readonly SentField[] = namesWhere(({ setBy }) => setBy === 'input')

/** For columns that the input of a new case leaves out. */
export const initialValues = Object.fromEntries(
  everyField.filter(([, { initial }]) => initial !== undefined).map(([name, { initial }]) => [name, initial]),
) as Pick<CaseRow, FieldsLike<{ initial: unknown }>>

export const auditedValues: readonly string[] = namesWhere(({ audit }) => audit === 'values')
export const unauditedFields: ReadonlySet<string> = new Set(namesWhere(({ audit }) => audit === 'nothing'))

/** Their change alone causes no `case_updated`. */
export const consequences: ReadonlySet<string> = new Set(
  namesWhere(({ setBy, hasOwnEvent }) => setBy === 'rules' || hasOwnEvent),
)

export type PublishedField = FieldsLike<{ isPublished: true }>
export const publishedFields: readonly PublishedField[] = namesWhere(({ isPublished }) => isPublished)

export type CountedField = FieldsLike<{ isCounted: true }>
export const countedFields: readonly CountedField[] = namesWhere(({ isCounted }) => isCounted)
