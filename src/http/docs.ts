import { swagger } from '@elysiajs/swagger'
import { type AnyElysia, Elysia } from 'elysia'
import type { About } from '../core/about'
import { completeDocument, type Place } from './docs/document'
import { pages } from './docs/pages'
import { textsOf } from './docs/texts'
import type { ApiDocument, DeclaredRoute, PluginDocument } from './docs/types'

/** The plugin's own list and page, which loads scripts from another host: not for clients. */
const hiddenPath = '/.openapi'
const hiddenDocument = `${hiddenPath}/json`

type Route = DeclaredRoute & { handler: unknown }

export type Docs = {
  plugin: AnyElysia
  /** Takes every route for the document and returns those that clients may reach. */
  complete(routes: readonly Route[]): Route[]
}

const nowhere: Place = { publicUrl: null, events: [] }

/**
 * The API document at `/swagger/json`, Swagger UI at `/swagger`, a plain reference and the guides, all served from
 * the binary. The plugin only lists the routes: we complete the list and hide its page.
 */
export function createDocs(abouts: readonly About[], place: Place = nowhere): Docs {
  const made: { routes: readonly Route[]; document?: ApiDocument } = { routes: [] }
  // Made when first requested, so as not to delay every start.
  const document = () => {
    const listed = made.routes.find(({ path }) => path === hiddenDocument)?.handler as () => PluginDocument
    made.document ??= completeDocument(listed(), made.routes, textsOf(abouts), place)
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
