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

/** What a file is made of: the name of its list in JSON, its columns in CSV, and what it is called if not as the list. */
export type FileShape<T> = { list: string; columns: readonly Column<T>[]; file?: string }

/** The text of a file, part by part, in a format. */
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
