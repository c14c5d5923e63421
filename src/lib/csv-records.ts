import { CsvError, parse } from 'csv-parse/sync'
import type { RowFault } from './import-file'

/** `line` is the line on which the row begins. */
export type CsvRecord = { line: number; cells: string[] }

const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22]

/** Far beyond any row that can be imported: a quote that is never closed must not gather the rest of a large file. */
const longestRow = 1_000_000

/** Characters in which the headings are looked at. */
const headingsWithin = 65_536

const delimiters = [',', ';', '\t', '|']
const separatorLine = /^\uFEFF?"?sep=(.)"?[,;\t ]*(?=[\r\n])/i

/**
 * Tells what stands between the cells: what a first line `sep=;` says, which Excel writes and `rest` leaves empty, or the mark
 * that the heading line has most of.
 */
export function findDelimiter(text: string): { delimiter: string; rest: string } {
  const [line, told] = separatorLine.exec(text) ?? []
  if (line !== undefined && told !== undefined) return { delimiter: told, rest: text.slice(line.length) }
  const headings = /^(?:[^"\r\n]|"[^"]*")*/.exec(text.slice(0, headingsWithin).trimStart())?.[0] ?? ''
  const marks = headings.replace(/"[^"]*"/g, '')
  const counts = delimiters.map((mark) => marks.split(mark).length)
  return { delimiter: delimiters[counts.indexOf(Math.max(...counts))] as string, rest: text }
}

/**
 * Reads CSV with any line ends and skips blank lines; `trim` removes white space around unquoted values. `fault` is set if the
 * text is malformed.
 */
export function readRecords(
  text: string,
  trim: boolean,
  delimiter = ',',
): { records: CsvRecord[]; fault?: RowFault } {
  const bytes = Buffer.from(text.replace(/^\uFEFF/, ''))
  let [line, at] = [1, 0]
  const advance = (end: number) => {
    for (; at < end; at++) if (endsLine(bytes, at)) line++
    return line
  }
  const records: CsvRecord[] = []
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: longestRow,
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
    return { records: [], fault: faultOf(error.code, bytes, Number(error.bytes), advance) }
  }
}

const endsLine = (bytes: Buffer, at: number) =>
  bytes[at] === newline || (bytes[at] === carriageReturn && bytes[at + 1] !== newline)

/** `end` is where the last good value ends; the lines are counted from the start. */
function faultOf(code: string, bytes: Buffer, end: number, lineAt: (offset: number) => number): RowFault {
  const opens = bytes.indexOf(quote, end)
  const isQuoted = opens >= 0 && bytes.toString('latin1', end, opens).trim().length <= 1
  if (code === 'CSV_MAX_RECORD_SIZE' && !isQuoted) {
    return {
      line: lineAt(end),
      reason: `is too long: a line has at most ${longestRow.toLocaleString('en-GB')} characters`,
    }
  }
  const line = lineAt(opens < 0 ? end : opens)
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return { line, reason: 'opens a quote that is never closed' }
  }
  if (code === 'INVALID_OPENING_QUOTE') {
    return { line, reason: 'has a quote in the middle of a value that is not quoted' }
  }
  const closesOn = lineAt(closingQuote(bytes, opens))
  const onlyThere = 'opens a quote that is closed only in the middle of line'
  const reason =
    closesOn === line ? 'has text between a closing quote and the next value' : `${onlyThere} ${closesOn}`
  return { line, reason: `${reason}: a quote is missing, or one in a value is not written twice` }
}

function closingQuote(bytes: Buffer, opens: number): number {
  let at = bytes.indexOf(quote, opens + 1)
  while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2)
  return at < 0 ? opens : at
}
