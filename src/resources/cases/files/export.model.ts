import { Type } from '@sinclair/typebox'
import { type Column, fileFormats } from '../../../core/files'
import { OneOf, Strict } from '../../../core/schema'
import { csvLines } from '../../../lib/csv'
import { caseFilters } from '../input'
import { CaseView } from '../model'

export const ExportQuery = Strict({
  ...caseFilters,
  format: Type.Optional(OneOf(fileFormats, 'csv where nothing is said')),
})

/** The whole JSON of an export. */
export const ExportedCases = Strict({ cases: Type.Array(CaseView), total: Type.Integer() })

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
