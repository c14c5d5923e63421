import { swagger } from '@elysiajs/swagger'
import { type AnyElysia, Elysia } from 'elysia'
import { completeDocument } from './docs/document'
import { pages } from './docs/pages'
import type { ApiDocument, DeclaredRoute, PluginDocument } from './docs/types'

/** Where the plugin puts its list and its page, which loads its parts from another host: not for clients. */
const hiddenPath = '/.openapi'
const hiddenDocument = `${hiddenPath}/json`

type Route = DeclaredRoute & { handler: unknown }

export type Docs = {
  plugin: AnyElysia
  /** Makes the document from all routes, once; returns those that clients may reach. */
  complete(routes: readonly Route[]): Route[]
}

/**
 * The API document at `/swagger/json`, its user interface at `/swagger`, a plain reference and the guides, all
 * from the binary itself. The plugin lists the routes; its list is completed and its own page is shut off.
 */
export function createDocs(): Docs {
  const made: { document?: ApiDocument } = {}
  const list = swagger({ path: hiddenPath, specPath: hiddenDocument, excludeStaticFile: false })
  return {
    plugin: new Elysia({ name: 'docs' }).use(list).use(pages(() => made.document as ApiDocument)),
    complete: (routes) => {
      const listed = routes.find(({ path }) => path === hiddenDocument)?.handler as () => PluginDocument
      made.document = completeDocument(listed(), routes)
      return routes.filter(({ path }) => path !== hiddenPath && path !== hiddenDocument)
    },
  }
}
