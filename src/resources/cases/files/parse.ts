import { type FileOptions, fieldsByHeading, readTable } from '../../../lib/table-file'
import { allFields, type CaseRecord, type TransferFieldName } from './fields'
import { readRecord } from './record'

const fields = fieldsByHeading(
  Object.fromEntries(
    Object.entries(allFields).map(([name, { heading, kind }]) => [
      name,
      kind === 'reference' ? [heading, `${name}Id`] : [heading],
    ]),
  ) as Record<TransferFieldName, string[]>,
)

/** Faulty cells are noted in each record; throws if the file is not a table of cases. */
export function parseCases(bytes: Uint8Array, timeZone: string, options: FileOptions = {}): CaseRecord[] {
  const { names, rows } = readTable(
    bytes,
    { what: 'cases', fields, required: 'summary', trim: false },
    options,
  )
  return rows.map(({ line, values }) => readRecord(line, names, values, timeZone))
}
