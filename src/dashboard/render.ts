import { posix } from 'node:path'
import type { Environment } from 'nunjucks'
import { formatInstant } from './words'

/** Nunjucks over the embedded templates: made when the first page is asked for, so that a server without visitors has none. */
async function createEnvironment(): Promise<Environment> {
  const [{ default: nunjucks }, { templates }] = await Promise.all([
    import('nunjucks'),
    import('./templates'),
  ])
  class EmbeddedLoader extends nunjucks.Loader {
    override resolve = (from: string, to: string) => posix.join(posix.dirname(from), to)

    getSource(name: string) {
      const src = templates[name]
      if (src === undefined) throw new Error(`There is no template ${name}`)
      return { src, path: name, noCache: false }
    }
  }
  const environment = new nunjucks.Environment(new EmbeddedLoader(), {
    autoescape: true,
    throwOnUndefined: false,
    trimBlocks: true,
    lstripBlocks: true,
  })
  // The name is that of a filter which the components of the Ministry of Justice expect.
  environment.addFilter('date', formatInstant)
  return environment
}

let environment: Promise<Environment> | undefined

/** The text of a page. */
export async function render(view: string, data: object): Promise<string> {
  environment ??= createEnvironment()
  return (await environment).render(view, data)
}
