import { stringify } from 'csv-stringify/sync'
import { findDelimiter, readRecords } from './csv-records'
import { foreignText } from './file-kind'
import { badFile, type RowFault } from './import-file'
import { plainWord } from './plain-words'

/** Spreadsheets take these for the start of a formula (OWASP, CSV injection). */
const needsGuard = /^'*[=+\-@\t\r\n＝＋－＠]/
const isGuarded = /^'+[=+\-@\t\r\n＝＋－＠]/

/** Puts an apostrophe before text that a spreadsheet would run as a formula; `parseCsv` removes it. */
export const guardCell = (text: string) => (needsGuard.test(text) ? `'${text}` : text)

export const unguardCell = (text: string) => (isGuarded.test(text) ? text.slice(1) : text)

/**
 * CSV (RFC 4180) with CRLF line ends. Strings are guarded, null becomes an empty cell. Cells that begin or end with white space
 * are quoted, so that readers do not trim it.
 */
export function csvLines(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return stringify(rows as (string | number | boolean | null)[][], {
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    quoted_match: /^\s|\s$/,
    // Most readers skip an empty line.
    quoted_empty: rows.some((row) => row.length === 1),
    cast: { string: guardCell, boolean: String },
  })
}

export type CsvRow = { line: number; values: Record<string, string> }

export type CsvOptions = {
  /** Removes white space around unquoted values. */
  trim?: boolean
  /** A column's name by its heading; null leaves the column out. In lower case unless given. */
  heading?: (text: string) => string | null
}

type Heading = { title: string; name: string; place: number }

/**
 * Reads the rows below the heading line, with commas, semicolons, tabs or bars between the cells. Empty rows, as spreadsheets
 * leave them, are skipped, and so are empty cells beyond the headings; cells missing at a row's end are empty. What
 * guards cells from being run is removed. Throws a fault for every bad line.
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRow[] {
  const foreign = foreignText(text)
  if (foreign) throw badFile([{ part: 'the file', reason: foreign }])
  const { trim = true, heading = (name) => name.toLowerCase() } = options
  const { delimiter, rest } = findDelimiter(text)
  const { records, fault } = readRecords(rest, trim, delimiter)
  if (fault) throw badFile([fault])
  const [first, ...rows] = records.filter(({ cells }) => cells.length === 1 || !isBlank(cells))
  if (!first) return []
  const titles = first.cells.map((cell) => cell.trim())
  const headings = titles.flatMap((title, place) => {
    const name = title === '' ? null : heading(title)
    return name === null ? [] : [{ title, name, place }]
  })
  const twice = whichStandTwice(headings)
  if (twice) throw badFile([{ line: first.line, reason: twice }])
  const faults = rows.flatMap(({ line, cells }): RowFault[] => {
    const reason = faultOfRow(cells, titles)
    return reason ? [{ line, reason }] : []
  })
  if (faults.length > 0) throw badFile(faults)
  return rows.map(({ line, cells }) => ({
    line,
    values: Object.fromEntries(headings.map(({ name, place }) => [name, unguardCell(cells[place] ?? '')])),
  }))
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '')

function whichStandTwice(headings: readonly Heading[]): string | undefined {
  const seen = new Map<string, string>()
  for (const { title, name } of headings) {
    const before = seen.get(name)
    if (before === title) return `has the heading "${title}" twice`
    if (before !== undefined) return `has two headings for ${name}: "${before}" and "${title}"`
    seen.set(name, title)
  }
  return undefined
}

function faultOfRow(cells: readonly string[], titles: readonly string[]): string | undefined {
  if (!isBlank(cells.slice(titles.length)))
    return `has too many values: ${cells.length}, not ${titles.length}`
  if (titles.length > 1 && titles.every((title, i) => plainWord(title) === plainWord(cells[i] ?? ''))) {
    return 'has the headings again: take this line out'
  }
  const isUnnamed = cells.some((cell, i) => titles[i] === '' && cell.trim() !== '')
  return isUnnamed ? 'has a value in a column without a heading' : undefined
}
