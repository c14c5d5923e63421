import type { Visit } from '../../../http/pages'
import { isVisible } from '../../../resources/cases/filters'
import type { CaseCreate } from '../../../resources/cases/input'
import { createCase } from '../../../resources/cases/service'
import { type Problem, readFields } from '../../form/fields'
import { doOnce, onceKey } from '../../form/once'
import { showForm } from '../../form/page'
import { noProblem, submit } from '../../form/submit'
import { redirect } from '../../page'
import { addressOf, listPath } from '../asked'
import { casePath } from '../one/open'
import { newCaseFields, readNewCase, usual } from './fields'

/** The form that makes a case, as somebody fills it in who is on the telephone. */
export async function showNewCase(visit: Visit, problem: Problem = noProblem): Promise<Response> {
  const fields = await newCaseFields(visit.ctx)
  return showForm(visit, {
    title: 'Create a case',
    fields,
    values: problem === noProblem ? usual : readFields(fields, visit.form),
    problem,
    button: 'Create the case',
    back: { text: 'Cases', href: listPath },
    view: 'cases/new.njk',
    more: { once: onceKey(visit, problem.message) },
  })
}

/** Makes the case of the form and goes to its page; to the list, where it is not one that its author sees. */
export const makeNewCase = (visit: Visit): Promise<Response> =>
  submit(
    async () => {
      const { ctx, form } = visit
      const { input, issues } = readNewCase(ctx, readFields(await newCaseFields(ctx), form))
      const view = await doOnce(visit, (once) => createCase(once, input as CaseCreate, issues))
      if (isVisible(ctx, view.assigneeId, view.wardId)) return redirect(casePath(view, '?done=created'))
      return redirect(addressOf(new URLSearchParams({ done: 'created', case: view.reference })))
    },
    (problem) => showNewCase(visit, problem),
  )
