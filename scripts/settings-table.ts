// Writes the table of settings in docs/operating.md from the settings in src/config.ts.
import { configTable } from '../src/config'

export const page = 'docs/operating.md'
const begin = '<!-- settings: made by `npm run settings-table` -->'
const end = '<!-- end of settings -->'

export function withSettings(text: string): string {
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${page} has lost its settings marks`)
  return `${before}${begin}\n${configTable()}\n${end}${after}`
}

if (import.meta.main) await Bun.write(page, withSettings(await Bun.file(page).text()))
