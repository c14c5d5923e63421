import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import { assignCases } from '../../resources/cases/assign.service'
import { formRoutes } from '../form/routes'
import { submit } from '../form/submit'
import { redirect } from '../page'
import { addressOf, searchOf } from './address'
import { assigningProblem, nobody } from './assigning'
import { showCases } from './list'
import { newCaseForm } from './new'

/** Assigns the ticked cases and goes back to the list in which they were ticked. */
function assign(visit: Visit): Promise<Response> {
  const { ctx, form } = visit
  const search = searchOf(new URLSearchParams(form.get('list') ?? ''))
  const ids = form.getAll('ids')
  const assignee = form.get('assignee') ?? ''
  return submit(
    async () => {
      const assigneeId = assignee === nobody ? null : assignee
      const { assigned } = await assignCases(ctx, { ids, assigneeId })
      const notice = { done: 'assigned', count: String(assigned), to: assignee }
      return redirect(addressOf(new URLSearchParams([...search, ...Object.entries(notice)])))
    },
    (problem) =>
      showCases(visit, search, {
        ids,
        assignee,
        problem: assigningProblem(problem, ids, assignee),
      }),
  )
}

/** The list of the cases that the visitor may see, and what is done from it. */
export const casesRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('', ({ visit }) => showCases(visit), { page: 'cases:read' })
    .post('/assign', ({ visit }) => assign(visit), { page: 'cases:write' })
    .use(formRoutes(deps, [newCaseForm]))
