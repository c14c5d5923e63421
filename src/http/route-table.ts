import type { TSchema } from '@sinclair/typebox'
import { Memoirist } from 'memoirist'
import type { RouteScope } from '../core/scopes'
import { badRequest } from '../lib/errors'
import { isDecodable } from '../lib/setting'

export type RouteEntry = {
  method: string
  path: string
  scope: RouteScope | null
  /** For pages: who may see them; null for other routes. */
  permission: string | null
  query: TSchema | null
  body: TSchema | null
  /** True if it answers with part of a list. */
  isList: boolean
}

export type RouteMatch = { entry: RouteEntry } | { allow: string[] } | null

/** The guard stores a route's scope under this name; it also appears in the API document. */
export const scopeKey = 'x-scope'

export const permissionKey = 'x-permission'

type DeclaredRoute = { method: string; path: string; hooks: Record<string, unknown> }

const asSchema = (value: unknown) => (value !== null && typeof value === 'object' ? (value as TSchema) : null)

function toEntry({ method, path, hooks }: DeclaredRoute): RouteEntry {
  const detail = hooks.detail as Record<string, unknown> | undefined
  return {
    method,
    path: path.length > 1 ? path.replace(/\/$/, '') : path,
    scope: (detail?.[scopeKey] as RouteScope | undefined) ?? null,
    permission: (detail?.[permissionKey] as string | undefined) ?? null,
    query: asSchema(hooks.query),
    body: asSchema(hooks.body),
    isList: asSchema(hooks.response)?.properties?.pagination !== undefined,
  }
}

/** Built once at start. Routes that are not in it cannot be reached. */
export class RouteTable {
  readonly entries: readonly RouteEntry[]
  readonly #router = new Memoirist<Map<string, RouteEntry>>()

  constructor(declared: readonly DeclaredRoute[]) {
    this.entries = declared.map(toEntry)
    const byPath = Map.groupBy(this.entries, ({ path }) => path)
    for (const [path, entries] of byPath) {
      this.#router.add('ANY', path, new Map(entries.map((entry) => [entry.method, entry])))
    }
  }

  /** The route, the methods that its path allows, or null if there is no such path. */
  match(method: string, path: string): RouteMatch {
    if (!isDecodable(path)) throw badRequest('The address has a percent sign that encodes no text')
    // No id or name contains a NUL, and some engines refuse one in a query.
    if (path.includes('%00')) return null
    const methods = this.#router.find('ANY', path)?.store
    if (!methods) return null
    const entry = methods.get(method === 'HEAD' ? 'GET' : method)
    if (entry) return { entry }
    return { allow: [...methods.keys()].flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])) }
  }
}
