import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import { assignCases } from '../../resources/cases/assign.service'
import { changeOnce } from '../form/once'
import { type Form, formRoutes } from '../form/routes'
import { redirect } from '../page'
import { addressOf, listPath, searchOf } from './address'
import { assigningProblem, nobody } from './assigning'
import { showCases } from './list'
import { newCaseForm } from './new'

/** The list in which cases were ticked, which cases, and who they are for. */
const assignmentIn = ({ form }: Visit) => ({
  search: searchOf(new URLSearchParams(form.get('list') ?? '')),
  ids: form.getAll('ids'),
  assignee: form.get('assignee') ?? '',
})

async function saveAssignment(visit: Visit): Promise<Response> {
  const { search, ids, assignee } = assignmentIn(visit)
  const assigneeId = assignee === nobody ? null : assignee
  const { assigned } = await changeOnce(visit, (ctx) => assignCases(ctx, { ids, assigneeId }))
  const notice = { done: 'assigned', count: String(assigned), to: assignee }
  return redirect(addressOf(new URLSearchParams([...search, ...Object.entries(notice)])))
}

/** Assigns the ticked cases and goes back to the list in which they were ticked. */
const assignmentForm: Form = {
  path: '/assign',
  permission: 'cases:write',
  divert: ({ request, form }: Visit) =>
    request.method !== 'POST' && form.size === 0 ? redirect(listPath) : null,
  show(visit, problem) {
    const { search, ids, assignee } = assignmentIn(visit)
    return showCases(visit, search, { ids, assignee, problem: assigningProblem(problem, ids, assignee) })
  },
  save: saveAssignment,
}

/** The list of the cases that the visitor may see, and what is done from it. */
export const casesRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/cases' })
    .use(pages(deps))
    .get('', ({ visit }) => showCases(visit), { page: 'cases:read' })
    .use(formRoutes(deps, [assignmentForm, newCaseForm]))
