import { csvLines } from '../lib/csv'

export const fileFormats = ['csv', 'json', 'ndjson'] as const
export type FileFormat = (typeof fileFormats)[number]

export const contentTypes: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json;charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

type Cell = string | number | boolean | null
export type Column<T> = { heading: string; cell: (value: T) => Cell }

/** `list` is the property in JSON and, unless `file` is given, the file's name; `columns` are for CSV. */
export type FileShape<T> = { list: string; columns: readonly Column<T>[]; file?: string }

/** Streams a file's text. */
export async function* formatted<T>(
  format: FileFormat,
  { list, columns }: FileShape<T>,
  parts: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  let total = 0
  if (format === 'csv') yield csvLines([columns.map(({ heading }) => heading)])
  if (format === 'json') yield `{${JSON.stringify(list)}:[`
  for await (const part of parts) {
    if (part.length === 0) continue
    if (format === 'csv') yield csvLines(part.map((one) => columns.map(({ cell }) => cell(one))))
    if (format === 'ndjson') yield part.map((one) => `${JSON.stringify(one)}\n`).join('')
    if (format === 'json') yield (total === 0 ? '' : ',') + part.map((one) => JSON.stringify(one)).join(',')
    total += part.length
  }
  if (format === 'json') yield `],"total":${total}}`
}
