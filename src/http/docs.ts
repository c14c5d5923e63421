import { swagger } from '@elysiajs/swagger'
import { type AnyElysia, Elysia } from 'elysia'
import type { About } from '../core/about'
import { completeDocument } from './docs/document'
import { pages } from './docs/pages'
import { textsOf } from './docs/texts'
import type { ApiDocument, DeclaredRoute, PluginDocument } from './docs/types'

/** Where the plugin puts its list and its page, which loads its parts from another host: not for clients. */
const hiddenPath = '/.openapi'
const hiddenDocument = `${hiddenPath}/json`

type Route = DeclaredRoute & { handler: unknown }

export type Docs = {
  plugin: AnyElysia
  /** Takes all routes for the document; returns those that clients may reach. */
  complete(routes: readonly Route[]): Route[]
}

/**
 * The API document at `/swagger/json`, its user interface at `/swagger`, a plain reference and the guides, all
 * from the binary itself. The plugin lists the routes; its list is completed and its own page is shut off.
 */
export function createDocs(abouts: readonly About[]): Docs {
  const made: { routes: readonly Route[]; document?: ApiDocument } = { routes: [] }
  // Made at the first request for it: no start waits for what few ever ask for.
  const document = () => {
    const listed = made.routes.find(({ path }) => path === hiddenDocument)?.handler as () => PluginDocument
    made.document ??= completeDocument(listed(), made.routes, textsOf(abouts))
    return made.document
  }
  const list = swagger({ path: hiddenPath, specPath: hiddenDocument, excludeStaticFile: false })
  return {
    plugin: new Elysia({ name: 'docs' }).use(list).use(pages(document)),
    complete: (routes) => {
      made.routes = routes
      return routes.filter(({ path }) => path !== hiddenPath && path !== hiddenDocument)
    },
  }
}
