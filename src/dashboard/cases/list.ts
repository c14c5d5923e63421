import type { Static } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { paged } from '../../core/paging'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { maxPagedRows, type Paged } from '../../lib/page'
import { readFilters } from '../../resources/cases/filters'
import type { CaseWithNames } from '../../resources/cases/model'
import { findCases } from '../../resources/cases/service'
import { type FilledField, fillFields, type Problem, summaryOf } from '../form/fields'
import { noProblem, submit } from '../form/submit'
import { readQuery } from '../list/filters'
import { pagesOf } from '../list/pages'
import { showPage } from '../page'
import { askedOf, atPage, CaseListQuery, listPath } from './asked'
import { assigneeChoices, assigningFields, noticesOf } from './assigning'
import { type Filters, filtersFor, keptOf, selectedOf } from './filters'
import { linesOf } from './rows'

const pageSize = 20
const noun = { one: 'case', many: 'cases' }

/** What was to be done with cases of the list, and why it was not. */
export type Refused = { ids: readonly string[]; assignee: string; problem: Problem }

const nothingRefused: Refused = { ids: [], assignee: '', problem: noProblem }

const mostCases = maxPagedRows.toLocaleString('en-GB')

function find(ctx: Ctx, query: Static<typeof CaseListQuery>): Promise<Paged<CaseWithNames>> {
  if ((query.page ?? 1) * pageSize > maxPagedRows) {
    throw badRequest(
      `Only the first ${mostCases} cases can be reached by page. Search or filter to find others`,
    )
  }
  const filters = readFilters(ctx, query)
  return paged(ctx, 'cases', { ...query, pageSize }, (slice) => findCases(ctx, filters, slice))
}

/** What is said where there is nothing to list and nothing was filtered out. */
const nothingYet = ({ acting }: Ctx): string =>
  acting?.role === 'caseworker'
    ? 'No cases are assigned to you.'
    : acting?.role === 'councillor'
      ? 'There are no cases in your wards.'
      : 'There are no cases yet.'

const totalOf = ({ pagination }: Paged<unknown>) => ('total' in pagination ? pagination.total : 0)

type Shown = { filters: Filters; found: Paged<CaseWithNames> | null; problem: Problem }

/** What is wrong with the address: of what the page has no field for, nothing can be led to. */
function faultsOf(filled: readonly FilledField[], { shown }: Filters, problem: Problem) {
  const names = shown.flatMap(({ name }) => [`#${name}`, `#${name}-1`])
  return summaryOf(filled, problem).map(({ text, href }) => ({
    text,
    href: href !== null && names.includes(href) ? href : null,
  }))
}

function partsOf({ ctx }: Visit, asked: URLSearchParams, { filters, found, problem }: Shown) {
  const { shown, others } = filters
  const values = Object.fromEntries([...asked.keys()].map((name) => [name, asked.getAll(name)]))
  const filled = fillFields([...shown, ...others], values, problem.issues)
  const selected = selectedOf(filters, asked)
  return {
    filters: filled.slice(0, shown.length),
    isFaulty: problem !== noProblem,
    selected,
    kept: keptOf(filters, asked),
    listPath,
    first: atPage(asked, 1),
    nothing: selected.length > 0 ? null : nothingYet(ctx),
    pages: found && pagesOf(found.pagination, noun, (page) => atPage(asked, page)),
    isPastEnd: found !== null && found.rows.length === 0 && totalOf(found) > 0,
    isEndless: found !== null && totalOf(found) > maxPagedRows,
    mostCases,
    isRoomy: true,
    summary: faultsOf(filled, filters, problem),
  }
}

/** The cases that an address asks for, of those that whoever looks may see. */
export async function showCases(
  visit: Visit,
  asked: URLSearchParams = askedOf(visit.query),
  refused: Refused = nothingRefused,
): Promise<Response> {
  const { ctx } = visit
  const filters = await filtersFor(ctx, asked)
  const show = async (found: Paged<CaseWithNames> | null, problem: Problem) => {
    const parts = partsOf(visit, asked, { filters, found, problem })
    const people = await assigneeChoices(ctx)
    const assigning = fillFields(
      assigningFields(people),
      { assignee: refused.assignee },
      refused.problem.issues,
    )
    const data = {
      ...parts,
      title: 'Cases',
      rows: linesOf(ctx, found?.rows ?? [], new Set(refused.ids)),
      assigning,
      list: asked.toString(),
      summary: [...parts.summary, ...summaryOf(assigning, refused.problem)],
      notices: noticesOf(visit, people),
    }
    const isRefused = problem !== noProblem || refused.problem !== noProblem
    return showPage(visit, 'cases/list.njk', data, isRefused ? { status: 400 } : {})
  }
  return submit(
    async () => show(await find(ctx, readQuery(CaseListQuery, asked)), noProblem),
    (problem) => show(null, problem),
  )
}
