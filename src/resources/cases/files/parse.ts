import { tidied, validate } from '../../../core/validation'
import { parseCsv } from '../../../lib/csv'
import { AppError } from '../../../lib/errors'
import { badFile, decodeText } from '../../../lib/import-file'
import { isOfOurTimes, parseInstantOrDate } from '../../../lib/time'
import type { CellKind } from '../fields'
import { splitThemes } from './export.model'
import { allFields, type CaseRecord, RecordValues, type TransferFieldName } from './fields'

/** Case, spaces and punctuation do not count: `Created At` is `createdAt`. */
const plainHeading = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

const headings = new Map<string, TransferFieldName>(
  (Object.entries(allFields) as [TransferFieldName, (typeof allFields)[TransferFieldName]][]).flatMap(
    ([name, { heading, kind }]) => {
      const inApi = kind === 'reference' ? `${name}Id` : name
      return [name, heading, inApi].map((text) => [plainHeading(text), name] as const)
    },
  ),
)

/** Our field for each of their headings; null to ignore a column. */
export type HeadingMap = ReadonlyMap<string, TransferFieldName | null>

/** Parses `Their heading=field`, or `Their heading=` to ignore a column. */
export function readHeadingMap(pairs: readonly string[]): HeadingMap {
  return new Map(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=')
      const field = pair.slice(at + 1).trim()
      const known = headings.get(plainHeading(field))
      if (at < 1 || (field !== '' && known === undefined)) {
        throw new AppError('bad_request', `--map "${pair}" is not "THEIR HEADING=FIELD"`, { faults: [pair] })
      }
      return [plainHeading(pair.slice(0, at)), known ?? null]
    }),
  )
}

/** Faulty cells are noted in each record; throws if the file is not a table of cases. */
export function parseCases(bytes: Uint8Array, map: HeadingMap, timeZone: string): CaseRecord[] {
  const ignored = '(ignored) '
  let ignoredColumns = 0
  const heading = (text: string) => {
    const name = plainHeading(text)
    const field = map.has(name) ? map.get(name) : headings.get(name)
    return field === null ? ignored + ++ignoredColumns : (field ?? text)
  }
  const rows = parseCsv(decodeText(bytes), { trim: false, heading })
  if (rows.length === 0) throw badFile([{ line: 1, reason: 'holds no cases' }])
  const names = Object.keys(rows[0]?.values ?? {}).filter((name) => !name.startsWith(ignored))
  const unknown = names.filter((name) => !Object.hasOwn(allFields, name))
  if (unknown.length > 0) {
    const reason = `has unknown headings: ${unknown.join(', ')}; say what they are with --map`
    throw badFile([{ line: 1, reason }])
  }
  if (!names.includes('summary')) throw badFile([{ line: 1, reason: 'has no heading for summary' }])
  return rows.map(({ line, values }) => readRecord(line, names as TransferFieldName[], values, timeZone))
}

function readRecord(
  line: number,
  names: readonly TransferFieldName[],
  cells: Record<string, string>,
  timeZone: string,
): CaseRecord {
  const faults: string[] = []
  const values: Record<string, unknown> = {}
  const instants: CaseRecord['instants'] = {}
  for (const name of names) {
    const text = cells[name] ?? ''
    if (text === '') continue
    const { kind } = allFields[name]
    if (kind === 'instant') {
      const instant = parseInstantOrDate(text, timeZone)
      if (instant && isOfOurTimes(instant)) instants[name as keyof typeof instants] = instant
      else
        faults.push(
          `${name}: Write a date such as 2026-03-13 or a time such as 2026-03-13T09:30:00Z, from 1900 to 2199`,
        )
    } else values[name] = readCell(kind, text)
  }
  const kept = tidied(RecordValues, values)
  for (const { path, message } of validate(RecordValues, kept, 'body')) faults.push(`${path}: ${message}`)
  const isDueGiven = names.includes('dueAt')
  return { line, values: kept as CaseRecord['values'], instants, isDueGiven, faults }
}

/** Returns the text itself if it does not fit the kind, for the schema to refuse. */
function readCell(kind: Exclude<CellKind, 'instant'>, text: string): unknown {
  if (kind === 'themes') return splitThemes(text)
  if (kind === 'number') return /^-?\d{1,12}(\.\d{1,20})?(e-?\d{1,3})?$/.test(text) ? Number(text) : text
  if (kind !== 'boolean') return text
  if (/^(true|yes|1)$/i.test(text)) return true
  return /^(false|no|0)$/i.test(text) ? false : text
}
