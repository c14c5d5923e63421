import type { TSchema } from '@sinclair/typebox'
import { Memoirist } from 'memoirist'
import type { RouteScope } from '../core/scopes'

/** A route as it was declared. */
export type RouteEntry = {
  method: string
  path: string
  scope: RouteScope | null
  /** Who may see the page; null where it is none. */
  permission: string | null
  query: TSchema | null
  body: TSchema | null
  /** Whether it answers a part of a list. */
  isList: boolean
}

export type RouteMatch = { entry: RouteEntry } | { allow: string[] } | null

/** Where the guard keeps a route's scope: the document shows it too. */
export const scopeKey = 'x-scope'

/** Where a page says who may see it. */
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

/** Every route there is, built once at start; what it does not hold is not reached. */
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

  /** The route, or the methods that its path allows, or null where there is no such path. */
  match(method: string, path: string): RouteMatch {
    // Nothing is named by a NUL, and not every engine can be asked for one.
    if (path.includes('%00')) return null
    const methods = this.#router.find('ANY', path)?.store
    if (!methods) return null
    const entry = methods.get(method === 'HEAD' ? 'GET' : method)
    if (entry) return { entry }
    return { allow: [...methods.keys()].flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])) }
  }
}
