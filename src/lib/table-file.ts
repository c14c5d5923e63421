import { type CsvRow, parseCsv } from './csv'
import { AppError } from './errors'
import { badFile, decodeText, type Encoding } from './import-file'
import { nearest } from './nearest'
import { plainWord } from './plain-words'

/** What whoever imports a file says of it: `map` has pairs `Their heading=field`, or `Their heading=` to leave a column out. */
export type FileOptions = { map?: readonly string[]; encoding?: Encoding | undefined }

/** Our field for each of their headings, which are folded; null leaves the column out. */
export type HeadingMap = ReadonlyMap<string, string | null>

/** The field that a heading of ours stands for. */
type FieldOf = (heading: string) => string | undefined

/** Throws a fault for every pair that is malformed or leads to no field. */
export function readHeadingMap(pairs: readonly string[], fieldOf: FieldOf): HeadingMap {
  const read = pairs.map((pair) => {
    const at = pair.lastIndexOf('=')
    const wanted = pair.slice(at + 1).trim()
    const field = wanted === '' ? null : fieldOf(wanted)
    const heading = at < 0 ? '' : plainWord(pair.slice(0, at))
    return { pair, heading, field }
  })
  const bad = read.filter(({ heading, field }) => heading === '' || field === undefined)
  if (bad.length > 0) throw badPairs(bad, 'is not "THEIR HEADING=FIELD" with a field of ours')
  return new Map(read.map(({ heading, field }) => [heading, field ?? null]))
}

function badPairs(bad: readonly { pair: string }[], what: string): AppError {
  const faults = bad.map(({ pair }) => pair)
  return new AppError('bad_request', faults.map((pair) => `--map "${pair}" ${what}`).join('; '), { faults })
}

/** Names that headings stand for, by every way to write them. */
export const fieldsByHeading = <Name extends string>(headings: Record<Name, readonly string[]>) =>
  new Map(
    (Object.entries(headings) as [Name, readonly string[]][]).flatMap(([name, written]) =>
      [name, ...written].map((text) => [plainWord(text), name] as const),
    ),
  )

/** The rows with their values under the names that `map` gives to headings; other headings stay. */
export function renamed<Row extends { values: Record<string, unknown> }>(
  rows: readonly Row[],
  map: readonly string[],
  fieldOf: FieldOf,
): Row[] {
  const theirs = readHeadingMap(map, fieldOf)
  const met = new Set(rows.flatMap(({ values }) => Object.keys(values).map(plainWord)))
  assertMet(map, met)
  const nameOf = (heading: string) => {
    const field = theirs.get(plainWord(heading))
    return field === undefined ? heading : field
  }
  assertOnce(rows, nameOf)
  return rows.map((row) => {
    const named = Object.entries(row.values).map(([heading, value]) => [nameOf(heading), value] as const)
    return { ...row, values: Object.fromEntries(named.filter(([name]) => name !== null)) }
  })
}

/** Refuses two columns that stand for one field: one of them would be lost. */
function assertOnce(
  rows: readonly { values: Record<string, unknown> }[],
  nameOf: (heading: string) => string | null,
): void {
  const headings = new Set(rows.flatMap(({ values }) => Object.keys(values)))
  for (const [field, several] of Map.groupBy(headings, nameOf)) {
    if (field === null || several.length < 2) continue
    const reason = `has ${several.length} columns for ${field}: ${several.join(' and ')}; keep one`
    throw badFile([{ part: 'the file', reason }])
  }
}

function assertMet(map: readonly string[], met: ReadonlySet<string>): void {
  const missing = map.filter((pair) => !met.has(plainWord(pair.slice(0, pair.lastIndexOf('=')))))
  if (met.size === 0 || missing.length === 0) return
  throw badPairs(
    missing.map((pair) => ({ pair })),
    'names no heading of this file',
  )
}

export type TableShape<Name extends string> = {
  /** What a row is about, in the plural. */
  what: string
  fields: ReadonlyMap<string, Name>
  required?: Name
  trim?: boolean
}

/**
 * Reads a CSV file, whose headings may be written in any case and with or without spaces and hyphens. Throws faults for unknown
 * headings, and if there is no row or no column for the required field.
 */
export function readTable<Name extends string>(
  bytes: Uint8Array,
  { what, fields, required, trim = true }: TableShape<Name>,
  { map = [], encoding }: FileOptions = {},
): { names: Name[]; rows: CsvRow[] } {
  const fieldOf = (heading: string) => fields.get(plainWord(heading))
  const theirs = readHeadingMap(map, fieldOf)
  const [names, unknown, met] = [[] as Name[], [] as string[], new Set<string>()]
  const heading = (text: string): string | null => {
    const typed = plainWord(text)
    met.add(typed)
    const field = theirs.has(typed) ? theirs.get(typed) : fieldOf(text)
    if (field) names.push(field as Name)
    else if (field === undefined) unknown.push(text)
    return field === undefined ? `unknown ${text}` : field
  }
  const rows = parseCsv(decodeText(bytes, encoding), { trim, heading })
  assertMet(map, met)
  if (unknown.length > 0) throw badFile([{ line: 1, reason: unknownHeadings(unknown, [...fields.values()]) }])
  if (rows.length === 0) throw badFile([{ line: 1, reason: `contains no ${what}` }])
  if (required !== undefined && !names.includes(required)) {
    throw badFile([{ line: 1, reason: `has no heading for ${required}; say which it is with --map` }])
  }
  return { names, rows }
}

function unknownHeadings(unknown: readonly string[], known: readonly string[]): string {
  const [first = ''] = unknown
  const [meant] = nearest(plainWord(first), known, 1)
  const headings = unknown.length === 1 ? 'an unknown heading' : 'unknown headings'
  const example = `--map "${first}=${meant}", or leave the column out with --map "${first}="`
  return `has ${headings}: ${unknown.join(', ')}; say what each is, such as ${example}`
}
