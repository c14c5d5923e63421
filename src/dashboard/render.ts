import { posix } from 'node:path'
import type { Environment } from 'nunjucks'
import { formatInstant } from './words'

/** Made for the first page, so that a server without visitors does not pay for it. */
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
  // The components of the Ministry of Justice expect a filter of this name.
  environment.addFilter('date', formatInstant)
  return environment
}

let environment: Promise<Environment> | undefined

export async function render(view: string, data: object): Promise<string> {
  environment ??= createEnvironment()
  return (await environment).render(view, data)
}
