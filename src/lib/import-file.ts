import { parse } from 'csv-parse/sync'
import { type Node, parseTree } from 'jsonc-parser'
import { AppError } from './errors'

/** A line of a file that cannot be imported, and why. */
export type RowFault = { line: number; reason: string }

const maxFaults = 1_000

/** Refuses the whole file, naming every bad line; nothing has been changed. */
export const badFile = (faults: readonly RowFault[]) =>
  new AppError(
    'bad_request',
    `The file has ${faults.length} bad ${faults.length === 1 ? 'line' : 'lines'}; nothing was imported`,
    {
      rows: faults.slice(0, maxFaults),
    },
  )

/** The text of a file that must be UTF-8; names the first line that is not. A byte order mark is dropped. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badFile([{ line: firstBadLine(bytes), reason: 'is not valid UTF-8' }])
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end < 0 ? bytes.length : end
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, stop))
    } catch {
      return line
    }
    start = stop + 1
  }
  return line
}

export type CsvRow = { line: number; values: Record<string, string> }

type CsvRecord = { record: Record<string, string>; raw: string; info: { lines: number } }

/** Where a row begins: the parser tells where it ends. */
const firstLine = ({ raw, info }: CsvRecord) => info.lines - (raw.trim().match(/\n/g)?.length ?? 0)

/** The rows under the heading line, each with its line; headings in lower case. A malformed file names its line. */
export function parseCsv(text: string): CsvRow[] {
  try {
    // The parser counts a CRLF inside quotes as two lines.
    const records = parse(text.replace(/\r\n?/g, '\n'), {
      columns: (headings: string[]) => headings.map((heading) => heading.trim().toLowerCase()),
      bom: true,
      info: true,
      raw: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as CsvRecord[]
    return records.map((row) => ({ line: firstLine(row), values: row.record }))
  } catch (error) {
    const line = error instanceof Error && 'lines' in error ? Number(error.lines) : 1
    throw badFile([{ line, reason: error instanceof Error ? error.message : String(error) }])
  }
}

/** Parses JSON; a malformed text names the line where it breaks. */
export function parseJsonFile(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const errors: { offset: number; error: number; length: number }[] = []
    parseTree(text, errors, { disallowComments: true })
    throw badFile([
      { line: lineAt(text, errors[0]?.offset ?? text.length), reason: 'is not valid JSON here' },
    ])
  }
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length

/** The line on which each element of a top-level list begins, such as the features of a GeoJSON file. */
export function linesOfList(text: string, property: string): number[] {
  const root = parseTree(text)
  const list = root?.children?.find((child) => child.children?.[0]?.value === property)?.children?.[1]
  return (list?.children ?? []).map((element: Node) => lineAt(text, element.offset))
}
