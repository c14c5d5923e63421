// Writes the README's table of settings from the one that the program reads them by.
import { configTable } from '../src/config'

const begin = '<!-- settings: made by `npm run readme` -->'
const end = '<!-- end of settings -->'

export function withSettings(readme: string): string {
  const [before, rest] = readme.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error('The README has lost its settings marks')
  return `${before}${begin}\n${configTable()}\n${end}${after}`
}

if (import.meta.main) await Bun.write('README.md', withSettings(await Bun.file('README.md').text()))
