import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')

/** Where templates are, by what their names begin with; ours are beside the page that shows them. */
const sources: [prefix: string, folder: string, files: string][] = [
  ['govuk/', 'node_modules/govuk-frontend/dist/govuk', 'macros/*.njk'],
  ['govuk/', 'node_modules/govuk-frontend/dist/govuk', 'components/*/*.njk'],
  ['moj/', 'node_modules/@ministryofjustice/frontend/moj', 'components/*/*.njk'],
  ['', 'src/dashboard', '**/*.njk'],
]

/** Every template by its name: a macro, so that the compiled program has them all in it. */
export function embedTemplates(): Record<string, string> {
  const found = sources.flatMap(([prefix, folder, files]) =>
    [...new Bun.Glob(files).scanSync(join(root, folder))].map((file): [string, string] => [
      prefix + file.replaceAll('\\', '/'),
      readFileSync(join(root, folder, file), 'utf8'),
    ]),
  )
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}
