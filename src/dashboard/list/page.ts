import type { Static, TObject } from '@sinclair/typebox'
import type { Visit } from '../../http/pages'
import type { Paged } from '../../lib/page'
import { type Field, fillFields, type Problem, summaryOf, typedValue } from '../form/fields'
import { noProblem, submit } from '../form/submit'
import { showPage } from '../page'
import { readQuery } from './filters'
import { type Noun, pagesOf } from './pages'

/** A list with filters; its whole state is in its address. */
export type ListPage<T extends TObject, Row> = {
  title: string
  view: string
  noun: Noun
  /** The query that the address may hold; each filter is one of its fields. */
  schema: T
  filters: readonly Field[]
  find: (query: Static<T>) => Promise<Paged<Row>>
  show: (rows: Row[]) => unknown[] | Promise<unknown[]>
  back?: { text: string; href: string } | null
  notices?: Record<string, string>
  /** Anything else that the view shows. */
  more?: Record<string, unknown>
}

/** The filters and the page number in the address, without empty ones. */
function searchOf({ query }: Visit, filters: readonly Field[]): URLSearchParams {
  const fields = new Map<string, Pick<Field, 'kind'>>(filters.map((field) => [field.name, field]))
  fields.set('page', { kind: 'number' })
  const filled = [...query].flatMap(([name, text]): [string, string][] => {
    const field = fields.get(name)
    return field && text.trim() !== '' ? [[name, typedValue(field, text.trim())]] : []
  })
  return new URLSearchParams(filled)
}

/** Shows the part of the list that the address asks for, or the faults of the address beside its filters. */
export function showList<T extends TObject, Row>(visit: Visit, page: ListPage<T, Row>): Promise<Response> {
  const { schema, filters, find, noun } = page
  const search = searchOf(visit, filters)
  return submit(
    async () => {
      const { rows, pagination } = await find(readQuery(schema, search))
      const pages = pagesOf(pagination, noun, (number) => addressOf(visit, search, number))
      return show(visit, page, { search, rows: await page.show(rows), pages, problem: noProblem })
    },
    (problem) => show(visit, page, { search, rows: [], pages: null, problem }),
  )
}

const pathOf = ({ request }: Visit) => new URL(request.url).pathname

function addressOf(visit: Visit, search: URLSearchParams, page: number): string {
  const query = new URLSearchParams(search)
  if (page === 1) query.delete('page')
  else query.set('page', String(page))
  return query.size > 0 ? `${pathOf(visit)}?${query}` : pathOf(visit)
}

type Found = { search: URLSearchParams; rows: unknown[]; pages: object | null; problem: Problem }

function show<T extends TObject, Row>(
  visit: Visit,
  { title, view, noun, filters, back, notices, more }: ListPage<T, Row>,
  { search, rows, pages, problem }: Found,
): Promise<Response> {
  const values = Object.fromEntries(filters.map(({ name }) => [name, search.getAll(name)]))
  const fields = fillFields(filters, values, problem.issues)
  const isFiltered = filters.some(({ name }) => search.has(name))
  const data = {
    title,
    noun,
    back,
    rows,
    pages,
    filters: fields,
    isFiltered,
    allHref: pathOf(visit),
    ...more,
  }
  const summary = summaryOf(fields, problem)
  return showPage(
    visit,
    view,
    { ...data, summary, ...(notices && { notices }) },
    problem === noProblem ? {} : { status: 400 },
  )
}
