import type { TSchema } from '@sinclair/typebox'
import { InstantOrDate, PageQuery, Strict } from '../../core/schema'
import { caseFilters } from '../../resources/cases/input'
import { typedValue } from '../form/fields'

/** The filters of the API’s list, and pages instead of cursors. */
export const CaseListQuery = Strict({ page: PageQuery.page, ...caseFilters })

export const listPath = '/admin/cases'

/** Parts of the address that only choose a banner. */
const noticeNames = new Set(['done', 'count', 'to', 'case'])

/** A filter that takes several values. */
export const isList = (name: string) =>
  (CaseListQuery.properties as Record<string, TSchema>)[name]?.type === 'array'

const isDate = (name: string) =>
  (CaseListQuery.properties as Record<string, TSchema>)[name]?.pattern === InstantOrDate.pattern

/** The filters in an address, one value each, without fields that a form left empty; dates may be as people type them. */
export function searchOf(query: URLSearchParams): URLSearchParams {
  const pairs = [...query].flatMap(([name, text]): [string, string][] =>
    (isList(name) ? text.split(',') : [text]).map((value) => [
      name,
      typedValue({ kind: isDate(name) ? 'date' : 'text' }, value.trim()),
    ]),
  )
  return new URLSearchParams(pairs.filter(([name, value]) => value !== '' && !noticeNames.has(name)))
}

export const addressOf = (search: URLSearchParams): string =>
  search.size > 0 ? `${listPath}?${search}` : listPath

export function atPage(search: URLSearchParams, page: number): string {
  const changed = new URLSearchParams(search)
  changed.delete('page')
  if (page > 1) changed.set('page', String(page))
  return addressOf(changed)
}

/** The first page of the list without one of its filters. */
export function without(search: URLSearchParams, name: string, value: string): string {
  const changed = new URLSearchParams(search)
  changed.delete(name, value)
  changed.delete('page')
  return addressOf(changed)
}
