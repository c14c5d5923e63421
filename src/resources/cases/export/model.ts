import { Type } from '@sinclair/typebox'
import { OneOf, Strict } from '../../../core/schema'
import { csvLines } from '../../../lib/csv'
import { caseFilters } from '../input'
import { CaseView } from '../model'

export const exportFormats = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const ExportQuery = Strict({
  ...caseFilters,
  format: Type.Optional(OneOf(exportFormats, 'csv where nothing is said')),
})

/** The whole JSON of an export. */
export const ExportedCases = Strict({ cases: Type.Array(CaseView), total: Type.Integer() })

export const contentTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json;charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** Several themes in one cell: joined by semicolons; one within a theme is marked with a backslash. */
export const joinThemes = (themes: readonly string[]) =>
  themes.map((theme) => theme.replace(/[\\;]/g, '\\$&')).join('; ')

/** The themes of a cell; a space after a semicolon is part of the joint. */
export function splitThemes(cell: string): string[] {
  const themes: string[] = []
  let theme = ''
  for (let i = 0; i < cell.length; i++) {
    const character = cell[i]
    if (character === '\\' && i + 1 < cell.length) theme += cell[++i]
    else if (character === ';') {
      themes.push(theme)
      theme = ''
      if (cell[i + 1] === ' ') i++
    } else theme += character
  }
  return cell === '' ? [] : [...themes, theme]
}

type Cell = string | number | boolean | null
export type Column<T> = { heading: string; cell: (value: T) => Cell }

/** The columns of a report of cases, under the headings that councils know. */
export const reportColumns: readonly Column<CaseView>[] = [
  { heading: 'Reference', cell: ({ reference }) => reference },
  { heading: 'Status', cell: ({ status }) => status },
  { heading: 'Summary', cell: ({ summary }) => summary },
  { heading: 'Themes', cell: ({ publicThemes }) => joinThemes(publicThemes) },
  { heading: 'Ward', cell: ({ ward }) => ward?.name ?? null },
  { heading: 'Category', cell: ({ category }) => category?.name ?? null },
  { heading: 'Source', cell: ({ sourceChannel }) => sourceChannel },
  { heading: 'Created At', cell: ({ createdAt }) => createdAt },
  { heading: 'Updated At', cell: ({ updatedAt }) => updatedAt },
]

/** What a report of one case looks like. */
export const csvExample = csvLines([
  reportColumns.map(({ heading }) => heading),
  [
    'CW-2026-0042',
    'open',
    'Pothole on Mina Road',
    'roads',
    'Ashley',
    'Potholes',
    'phone',
    '2026-03-13T09:30:00.000Z',
    '2026-03-13T09:30:00.000Z',
  ],
])

/** The text of an export, part by part, in a format. */
export async function* formatted<T>(
  format: ExportFormat,
  columns: readonly Column<T>[],
  parts: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  let total = 0
  if (format === 'csv') yield csvLines([columns.map(({ heading }) => heading)])
  if (format === 'json') yield '{"cases":['
  for await (const part of parts) {
    if (part.length === 0) continue
    if (format === 'csv') yield csvLines(part.map((one) => columns.map(({ cell }) => cell(one))))
    if (format === 'ndjson') yield part.map((one) => `${JSON.stringify(one)}\n`).join('')
    if (format === 'json') yield (total === 0 ? '' : ',') + part.map((one) => JSON.stringify(one)).join(',')
    total += part.length
  }
  if (format === 'json') yield `],"total":${total}}`
}
