import type { Visit } from '../../../http/pages'
import { isVisible } from '../../../resources/cases/filters'
import { CasePatch } from '../../../resources/cases/input'
import { patchCase } from '../../../resources/cases/service'
import { changing, showChange } from '../../form/change'
import { type Problem, readFields } from '../../form/fields'
import type { Form } from '../../form/routes'
import { checkInput, valuesOf } from '../../form/values'
import { assigneeOptions, withChosen } from '../../options'
import { assigneeField } from '../fields'
import { type ByReference, backToCase, goToCase, openCase } from './open'

async function showAssignment(visit: Visit, problem: Problem, { reference }: ByReference): Promise<Response> {
  const { ctx } = visit
  const { view } = await openCase(visit, reference)
  const first = view.assignee ? 'Choose somebody else' : 'Choose somebody'
  return showChange(visit, {
    title: `Assign ${view.reference}`,
    intro: `${view.summary}. It is now assigned to ${view.assignee?.name ?? 'nobody'}.`,
    fields: [assigneeField(first, withChosen(await assigneeOptions(ctx), view.assignee))],
    state: view,
    current: { assigneeId: view.assigneeId },
    problem,
    button: 'Assign',
    back: backToCase(view),
    view: 'cases/one/assignment.njk',
    more: {
      own: view.assigneeId === ctx.acting?.id ? null : ctx.acting?.id,
      isAssigned: view.assigneeId !== null,
      isLost: !isVisible(ctx, null, view.wardId),
    },
  })
}

/** Nobody only if the button for it was pressed: an empty list is a field left out. */
function readAssignment({ form }: Visit): CasePatch {
  if (form.get('to') === 'nobody') return { assigneeId: null }
  const sent = valuesOf(readFields([assigneeField('', [])], form))
  return checkInput(CasePatch, { assigneeId: sent.text('assigneeId') })
}

async function saveAssignment(visit: Visit, { reference }: ByReference): Promise<Response> {
  const view = await patchCase(changing(visit), reference, readAssignment(visit))
  return goToCase(visit.ctx, view, 'assigned')
}

export const assignmentForm: Form = {
  path: '/:reference/assign',
  permission: 'cases:write',
  show: showAssignment,
  save: saveAssignment,
}
