import { Type } from '@sinclair/typebox'
import { type Column, fileFormats } from '../../../core/files'
import { OneOf, Strict, Times } from '../../../core/schema'
import { csvLines } from '../../../lib/csv'
import { caseFilters } from '../input'
import { CaseView } from '../model'

export const ExportQuery = Strict({
  ...caseFilters,
  format: Type.Optional(OneOf(fileFormats, 'The default is csv')),
  times: Times,
})

export const ExportedCases = Strict({ cases: Type.Array(CaseView), total: Type.Integer() })

/** Joined by semicolons; a semicolon or backslash within a theme is escaped with a backslash. */
export const joinThemes = (themes: readonly string[]) =>
  themes.map((theme) => theme.replace(/[\\;]/g, '\\$&')).join('; ')

/** Reverses `joinThemes`. */
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

/** A documented format: councils' own tools rely on these headings in this order. */
export const reportColumns: readonly Column<CaseView>[] = [
  { heading: 'Reference', cell: ({ reference }) => reference },
  { heading: 'Status', cell: ({ status }) => status },
  { heading: 'Summary', cell: ({ summary }) => summary },
  { heading: 'Themes', cell: ({ publicThemes }) => joinThemes(publicThemes) },
  { heading: 'Ward', cell: ({ ward }) => ward?.name ?? null },
  { heading: 'Category', cell: ({ category }) => category?.name ?? null },
  { heading: 'Source', cell: ({ sourceChannel }) => sourceChannel },
  { heading: 'Created At', kind: 'instant', cell: ({ createdAt }) => createdAt },
  { heading: 'Updated At', kind: 'instant', cell: ({ updatedAt }) => updatedAt },
]

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
    '2026-03-13 09:30',
    '2026-03-13 09:30',
  ],
])
