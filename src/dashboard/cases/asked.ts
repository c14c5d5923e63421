import type { TSchema } from '@sinclair/typebox'
import { PageQuery, Strict } from '../../core/schema'
import { caseFilters } from '../../resources/cases/input'

/** What the address of the list may ask for: what the API's list may, page by page. */
export const CaseListQuery = Strict({ page: PageQuery.page, ...caseFilters })

export const listPath = '/admin/cases'

/** Of what was just done: not of the list. */
const said = new Set(['done', 'count', 'to', 'case'])

/** Whether several values may be asked for. */
export const isList = (name: string) =>
  (CaseListQuery.properties as Record<string, TSchema>)[name]?.type === 'array'

/** What an address asks of the list, value by value, without what a form left empty. */
export function askedOf(query: URLSearchParams): URLSearchParams {
  const pairs = [...query].flatMap(([name, text]): [string, string][] =>
    (isList(name) ? text.split(',') : [text]).map((value) => [name, value.trim()]),
  )
  return new URLSearchParams(pairs.filter(([name, value]) => value !== '' && !said.has(name)))
}

/** The address of the list that asks for this. */
export const addressOf = (asked: URLSearchParams): string =>
  asked.size > 0 ? `${listPath}?${asked}` : listPath

/** The same list at another page. */
export function atPage(asked: URLSearchParams, page: number): string {
  const changed = new URLSearchParams(asked)
  changed.delete('page')
  if (page > 1) changed.set('page', String(page))
  return addressOf(changed)
}

/** The list without one of its filters, from its beginning. */
export function without(asked: URLSearchParams, name: string, value: string): string {
  const changed = new URLSearchParams(asked)
  changed.delete(name, value)
  changed.delete('page')
  return addressOf(changed)
}
