import { CsvError, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { badFile, type RowFault } from './import-file'

/** What a spreadsheet takes for the start of a formula, after any apostrophes (OWASP, CSV injection). */
const needsGuard = /^'*[=+\-@\t\r\n＝＋－＠]/
const isGuarded = /^'+[=+\-@\t\r\n＝＋－＠]/

/** The text with an apostrophe before it where a spreadsheet would take it for a formula; `unguardCell` undoes it. */
export const guardCell = (text: string) => (needsGuard.test(text) ? `'${text}` : text)

/** The text without the apostrophe that `guardCell` puts before it. */
export const unguardCell = (text: string) => (isGuarded.test(text) ? text.slice(1) : text)

/**
 * The rows as CSV (RFC 4180) with CRLF after each: strings guarded, null an empty cell, true and false in words.
 * Cells that begin or end with white space are quoted too, so that it is not taken for padding.
 */
export function csvLines(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return stringify(rows as (string | number | boolean | null)[][], {
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    quoted_match: /^\s|\s$/,
    // An empty line is no row for most readers.
    quoted_empty: rows.some((row) => row.length === 1),
    cast: { string: guardCell, boolean: String },
  })
}

/** The cells of a row and the line on which it begins. */
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
 * The rows of a CSV text, whose lines may end in CRLF, LF and CR, without those of white space only; `trim` takes
 * white space from around what stands outside quotes. Where the text is malformed, the line of the bad value and why.
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
    // The parser has counted to the end of the value before.
    advance(Number(error.bytes))
    return { records: [], fault: { line, reason: faultReasons[error.code] ?? 'is not valid CSV' } }
  }
}

export type CsvRow = { line: number; values: Record<string, string> }

/** `trim` takes white space from around values outside quotes, `heading` names the column of a trimmed heading. */
export type CsvOptions = { trim?: boolean; heading?: (text: string) => string }

/**
 * The rows under the heading line, each with the line it begins on and its values by heading, in lower case unless
 * told otherwise. Empty lines are left out, and so are empty columns without a heading. Every bad line is named.
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
    values: Object.fromEntries(columns.map(({ name, i }) => [name, cells[i] as string])),
  }))
}
