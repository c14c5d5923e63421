import { csvLines } from '../lib/csv'
import { localTime } from '../lib/local-time'

export const fileFormats = ['csv', 'json', 'ndjson'] as const
export type FileFormat = (typeof fileFormats)[number]

export const contentTypes: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json;charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** `local` is for people, `utc` for programs. */
export const timesForms = ['local', 'utc'] as const
export type TimesForm = (typeof timesForms)[number]

type Cell = string | number | boolean | null
/** A cell of the kind `instant` is an instant of ISO 8601. */
export type Column<T> = { heading: string; cell: (value: T) => Cell; kind?: string }

/**
 * How CSV is written. For people it has a byte order mark, without which Excel takes it for Windows-1252, and times of the council,
 * to the second or finer if `isExact`. For programs it has neither.
 */
export type CsvForm = { times?: TimesForm; timeZone?: string; isExact?: boolean }

const byteOrderMark = '\uFEFF'
export const startOfCsv = ({ times = 'local' }: CsvForm): string => (times === 'local' ? byteOrderMark : '')

export function timeCell(cell: string, { times = 'local', timeZone, isExact = false }: CsvForm): string {
  return times === 'utc' || timeZone === undefined ? cell : localTime(new Date(cell), timeZone, isExact)
}

/** `list` is the property in JSON and, unless `file` is given, the file's name; `columns` are for CSV. */
export type FileShape<T> = { list: string; columns: readonly Column<T>[]; file?: string }

/** Streams a file's text. */
export async function* formatted<T>(
  format: FileFormat,
  { list, columns }: FileShape<T>,
  parts: AsyncIterable<readonly T[]>,
  form: CsvForm = {},
): AsyncGenerator<string> {
  let total = 0
  if (format === 'csv') yield startOfCsv(form) + csvLines([columns.map(({ heading }) => heading)])
  const cellsOf = (one: T) =>
    columns.map(({ cell, kind }) => {
      const value = cell(one)
      return kind === 'instant' && typeof value === 'string' ? timeCell(value, form) : value
    })
  if (format === 'json') yield `{${JSON.stringify(list)}:[`
  for await (const part of parts) {
    if (part.length === 0) continue
    if (format === 'csv') yield csvLines(part.map(cellsOf))
    if (format === 'ndjson') yield part.map((one) => `${JSON.stringify(one)}\n`).join('')
    if (format === 'json') yield (total === 0 ? '' : ',') + part.map((one) => JSON.stringify(one)).join(',')
    total += part.length
  }
  if (format === 'json') yield `],"total":${total}}`
}
