import type { Static } from '@sinclair/typebox'
import type { Ctx } from '../../core/ctx'
import { paged } from '../../core/paging'
import type { Visit } from '../../http/pages'
import { badRequest } from '../../lib/errors'
import { maxPagedRows, type Paged } from '../../lib/page'
import { unfiledUpTo } from '../../resources/cases/derived/refile.store'
import { readFilters } from '../../resources/cases/filters'
import type { CaseWithNames } from '../../resources/cases/model'
import { findCases } from '../../resources/cases/service'
import { findExactly } from '../../resources/cases/store'
import { type FilledField, fillFields, type Problem, summaryOf } from '../form/fields'
import { marksOf } from '../form/marks'
import { keptWords } from '../form/page'
import { keptProblem, noProblem, statusOf, submit } from '../form/submit'
import { readQuery } from '../list/filters'
import { pagesOf } from '../list/pages'
import { redirect, showPage } from '../page'
import { atPage, CaseListQuery, listPath, searchOf } from './address'
import { assigneeChoices, assigningFields, noticesOf } from './assigning'
import { type Filters, filtersFor, keptOf, selectedOf } from './filters'
import { casePath } from './one/open'
import { linesOf } from './rows'

const pageSize = 20
const noun = { one: 'case', many: 'cases' }

/** An assignment from the list that was refused, and why. */
export type Refused = { ids: readonly string[]; assignee: string; problem: Problem }

const nothingRefused: Refused = { ids: [], assignee: '', problem: noProblem }

const mostCases = maxPagedRows.toLocaleString('en-GB')

type Query = Static<typeof CaseListQuery>

function find(ctx: Ctx, query: Query): Promise<Paged<CaseWithNames>> {
  if ((query.page ?? 1) * pageSize > maxPagedRows) {
    throw badRequest(
      `Only the first ${mostCases} cases can be reached by page. Search or filter to find others`,
    )
  }
  const filters = readFilters(ctx, query)
  return paged(ctx, 'cases', { ...query, pageSize }, (slice) => findCases(ctx, filters, slice))
}

/** For an empty list that no filter has emptied. */
const nothingYet = ({ acting }: Ctx): string =>
  acting?.role === 'caseworker'
    ? 'No cases are assigned to you.'
    : acting?.role === 'councillor'
      ? 'There are no cases in your wards.'
      : 'There are no cases yet.'

const totalOf = ({ pagination }: Paged<unknown>) => ('total' in pagination ? pagination.total : 0)

type ListState = { filters: Filters; found: Paged<CaseWithNames> | null; problem: Problem }

/** The faults of the address; filters without a field have nothing to link to. */
function faultsOf(filled: readonly FilledField[], { visible }: Filters, problem: Problem) {
  const names = visible.flatMap(({ name }) => [`#${name}`, `#${name}-1`])
  return summaryOf(filled, problem).map(({ text, href }) => ({
    text,
    href: href !== null && names.includes(href) ? href : null,
  }))
}

function partsOf({ ctx }: Visit, search: URLSearchParams, { filters, found, problem }: ListState) {
  const { visible, hidden } = filters
  const values = Object.fromEntries([...search.keys()].map((name) => [name, search.getAll(name)]))
  const filled = fillFields([...visible, ...hidden], values, problem.issues)
  const selected = selectedOf(filters, search)
  return {
    filters: filled.slice(0, visible.length),
    isFaulty: problem !== noProblem,
    isSearched: search.has('search'),
    selected,
    kept: keptOf(filters, search),
    listPath,
    first: atPage(search, 1),
    nothing: selected.length > 0 ? null : nothingYet(ctx),
    pages: found && pagesOf(found.pagination, noun, (page) => atPage(search, page)),
    isPastEnd: found !== null && found.rows.length === 0 && totalOf(found) > 0,
    isEndless: found !== null && totalOf(found) > maxPagedRows,
    mostCases,
    isRoomy: true,
    summary: faultsOf(filled, filters, problem),
  }
}

/** The case whose reference was typed into the search; null for any other search. */
async function meantCase(ctx: Ctx, { search, sort: _, ...others }: Query): Promise<CaseWithNames | null> {
  return search !== undefined && Object.keys(others).length === 0 ? findExactly(ctx, search) : null
}

/** Lists only cases that the visitor may see; searching for a reference leads to its case. */
export async function showCases(
  visit: Visit,
  search: URLSearchParams = searchOf(visit.query),
  refused: Refused = nothingRefused,
): Promise<Response> {
  const { ctx } = visit
  const filters = await filtersFor(ctx, search)
  const show = async (found: Paged<CaseWithNames> | null, problem: Problem) => {
    const parts = partsOf(visit, search, { filters, found, problem })
    const people = await assigneeChoices(ctx)
    const assigning = fillFields(
      assigningFields(people),
      { assignee: refused.assignee },
      refused.problem.issues,
    )
    const data = {
      ...parts,
      title: 'Cases',
      isSearchPartial: search.has('search') && ((await unfiledUpTo(ctx.db)) ?? 0) > 0,
      rows: linesOf(ctx, found?.rows ?? [], new Set(refused.ids)),
      assigning,
      list: search.toString(),
      marks: marksOf(visit, [], refused.problem),
      important: refused.problem === keptProblem ? keptWords : null,
      summary: [...parts.summary, ...summaryOf(assigning, refused.problem)],
      notices: noticesOf(visit, people),
    }
    const status = problem === noProblem ? statusOf(refused.problem) : 400
    return showPage(visit, 'cases/list.njk', data, { status })
  }
  return submit(
    async () => {
      const query = readQuery(CaseListQuery, search)
      const meant = refused === nothingRefused ? await meantCase(ctx, query) : null
      return meant === null ? show(await find(ctx, query), noProblem) : redirect(casePath(meant.case))
    },
    (problem) => show(null, problem),
  )
}
