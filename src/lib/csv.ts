import { CsvError, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { badFile, type RowFault } from './import-file'

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

/** `line` is the line on which the row begins. */
export type CsvRecord = { line: number; cells: string[] }

const [newline, carriageReturn] = [0x0a, 0x0d]

const afterQuote = 'has text between a closing quote and the next comma'
const faultReasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: afterQuote,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: afterQuote,
  INVALID_OPENING_QUOTE: 'has a quote in the middle of a value that is not quoted',
}

/**
 * Reads CSV with any line ends and skips blank lines; `trim` removes white space around unquoted values. `fault` is set if the
 * text is malformed.
 */
export function readRecords(text: string, trim: boolean): { records: CsvRecord[]; fault?: RowFault } {
  const bytes = Buffer.from(text.replace(/^\uFEFF/, ''))
  let [line, at] = [1, 0]
  const advance = (end: number) => {
    for (; at < end; at++) {
      const isEnd = bytes[at] === carriageReturn && bytes[at + 1] !== newline
      if (bytes[at] === newline || isEnd) line++
    }
  }
  const records: CsvRecord[] = []
  try {
    parse(bytes, {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      trim,
      on_record: (cells: string[], { bytes: end }: { bytes: number }) => {
        const record = { line, cells }
        const start = at
        advance(end)
        const mayBeEmpty = cells.length === 1 && cells[0]?.trim() === ''
        if (!mayBeEmpty || bytes.toString('utf8', start, end).trim() !== '') records.push(record)
        return undefined
      },
    })
    return { records }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // The parser's count is at the end of the last good value.
    advance(Number(error.bytes))
    return { records: [], fault: { line, reason: faultReasons[error.code] ?? 'is not valid CSV' } }
  }
}

export type CsvRow = { line: number; values: Record<string, string> }

/** `trim` removes white space around unquoted values; `heading` turns a heading into a column's name. */
export type CsvOptions = { trim?: boolean; heading?: (text: string) => string }

/**
 * Reads the rows below the heading line; headings are in lower case unless `heading` says otherwise. Blank lines and empty
 * columns without a heading are skipped, and what guards cells from being run is removed. Throws a fault for every bad line.
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvRow[] {
  const { trim = true, heading = (name) => name.toLowerCase() } = options
  const { records, fault } = readRecords(text, trim)
  if (fault) throw badFile([fault])
  const [first, ...rows] = records
  if (!first) return []
  const titles = first.cells.map((cell) => cell.trim())
  const columns = titles.flatMap((title, i) => (title === '' ? [] : [{ name: heading(title), i }]))
  const seen = new Set<string>()
  const twice = columns.find(({ name }) => seen.size === seen.add(name).size)
  if (twice) throw badFile([{ line: first.line, reason: `has the heading "${twice.name}" twice` }])
  const faults = rows.flatMap(({ line, cells }) => {
    const isUnnamed = cells.some((cell, i) => titles[i] === '' && cell !== '')
    const many = cells.length > titles.length ? 'many' : 'few'
    const reason = `has too ${many} values: ${cells.length}, not ${titles.length}`
    if (cells.length !== titles.length) return [{ line, reason }]
    return isUnnamed ? [{ line, reason: 'has a value in a column without a heading' }] : []
  })
  if (faults.length > 0) throw badFile(faults)
  return rows.map(({ line, cells }) => ({
    line,
    values: Object.fromEntries(columns.map(({ name, i }) => [name, unguardCell(cells[i] as string)])),
  }))
}
