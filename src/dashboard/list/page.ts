import type { Static, TObject } from '@sinclair/typebox'
import type { Visit } from '../../http/pages'
import type { Paged } from '../../lib/page'
import { type Field, fillFields, type Problem, summaryOf } from '../form/fields'
import { noProblem, submit } from '../form/submit'
import { showPage } from '../page'
import { readQuery } from './filters'
import { type Noun, pagesOf } from './pages'

/** A page that is a list with filters, all of whose state is in its address. */
export type ListPage<T extends TObject, Row> = {
  title: string
  view: string
  noun: Noun
  /** What the address may ask for; the filters are fields of it. */
  schema: T
  filters: readonly Field[]
  find: (query: Static<T>) => Promise<Paged<Row>>
  /** The rows as the view shows them. */
  show: (rows: Row[]) => unknown[] | Promise<unknown[]>
  back?: { text: string; href: string } | null
  notices?: Record<string, string>
  /** Whatever else the view shows. */
  more?: Record<string, unknown>
}

/** What is filled in of the filters and the page number, in the address. */
function askedOf({ query }: Visit, filters: readonly Field[]): URLSearchParams {
  const names = new Set(['page', ...filters.map(({ name }) => name)])
  const filled = [...query].map(([name, text]): [string, string] => [name, text.trim()])
  return new URLSearchParams(filled.filter(([name, text]) => names.has(name) && text !== ''))
}

/** Shows the part of a list that the address asks for; where it asks for what cannot be, the filters say so. */
export function showList<T extends TObject, Row>(visit: Visit, page: ListPage<T, Row>): Promise<Response> {
  const { schema, filters, find, noun } = page
  const asked = askedOf(visit, filters)
  return submit(
    async () => {
      const { rows, pagination } = await find(readQuery(schema, asked))
      const pages = pagesOf(pagination, noun, (number) => addressOf(visit, asked, number))
      return show(visit, page, { asked, rows: await page.show(rows), pages, problem: noProblem })
    },
    (problem) => show(visit, page, { asked, rows: [], pages: null, problem }),
  )
}

const pathOf = ({ request }: Visit) => new URL(request.url).pathname

function addressOf(visit: Visit, asked: URLSearchParams, page: number): string {
  const query = new URLSearchParams(asked)
  if (page === 1) query.delete('page')
  else query.set('page', String(page))
  return query.size > 0 ? `${pathOf(visit)}?${query}` : pathOf(visit)
}

type Found = { asked: URLSearchParams; rows: unknown[]; pages: object | null; problem: Problem }

function show<T extends TObject, Row>(
  visit: Visit,
  { title, view, noun, filters, back, notices, more }: ListPage<T, Row>,
  { asked, rows, pages, problem }: Found,
): Promise<Response> {
  const values = Object.fromEntries(filters.map(({ name }) => [name, asked.getAll(name)]))
  const fields = fillFields(filters, values, problem.issues)
  const isFiltered = filters.some(({ name }) => asked.has(name))
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
