import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import { assignCases } from '../../resources/cases/assign.service'
import { submit } from '../form/submit'
import { redirect } from '../page'
import { addressOf, askedOf } from './asked'
import { assigningProblem, nobody } from './assigning'
import { showCases } from './list'
import { makeNewCase, showNewCase } from './new/page'

/** Gives the ticked cases to somebody and goes back to the list that they were ticked in. */
function assign(visit: Visit): Promise<Response> {
  const { ctx, form } = visit
  const asked = askedOf(new URLSearchParams(form.get('list') ?? ''))
  const ids = form.getAll('ids')
  const assignee = form.get('assignee') ?? ''
  return submit(
    async () => {
      const assigneeId = assignee === nobody ? null : assignee
      const { assigned } = await assignCases(ctx, { ids, assigneeId })
      const said = { done: 'assigned', count: String(assigned), to: assignee }
      return redirect(addressOf(new URLSearchParams([...asked, ...Object.entries(said)])))
    },
    (problem) =>
      showCases(visit, asked, {
        ids,
        assignee,
        problem: assigningProblem(problem, ids, assignee),
      }),
  )
}

/** The council's cases, as far as whoever looks may see them. */
export const casesPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('', ({ visit }) => showCases(visit), { page: 'cases:read' })
    .get('/new', ({ visit }) => showNewCase(visit), { page: 'cases:write' })
    .post('/new', ({ visit }) => makeNewCase(visit), { page: 'cases:write' })
    .post('/assign', ({ visit }) => assign(visit), { page: 'cases:write' })
