import type { Visit } from '../../../http/pages'
import { isVisible } from '../../../resources/cases/filters'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView } from '../../../resources/cases/model'
import { patchCase } from '../../../resources/cases/service'
import { type Changing, saveChange, showChange } from '../../form/change'
import type { Problem } from '../../form/fields'
import type { Form } from '../../form/routes'
import { checkInput, type Values, valuesOf } from '../../form/values'
import { assigneeOptions, withChosen } from '../../options'
import { assigneeField } from '../fields'
import { type ByReference, backToCase, goToCase, openCase } from './open'

async function subjectOf({ ctx }: Visit, view: CaseView): Promise<Changing> {
  const first = view.assignee ? 'Choose somebody else' : 'Choose somebody'
  return {
    fields: [assigneeField(first, withChosen(await assigneeOptions(ctx), view.assignee))],
    current: { assigneeId: view.assigneeId },
    state: view,
  }
}

async function showAssignment(visit: Visit, problem: Problem, { reference }: ByReference): Promise<Response> {
  const { ctx } = visit
  const { view } = await openCase(visit, reference)
  return showChange(visit, {
    ...(await subjectOf(visit, view)),
    title: `Assign ${view.reference}`,
    intro: `${view.summary}. It is now assigned to ${view.assignee?.name ?? 'nobody'}.`,
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
const readAssignment = ({ form }: Visit, sent: Values): CasePatch =>
  form.get('to') === 'nobody'
    ? { assigneeId: null }
    : checkInput(CasePatch, { assigneeId: sent.text('assigneeId') })

async function saveAssignment(visit: Visit, { reference }: ByReference): Promise<Response> {
  const view = await saveChange(
    visit,
    async () => subjectOf(visit, (await openCase(visit, reference)).view),
    (ctx, sent) => patchCase(ctx, reference, readAssignment(visit, valuesOf(sent))),
  )
  return goToCase(visit.ctx, view, 'assigned')
}

export const assignmentForm: Form = {
  path: '/:reference/assign',
  permission: 'cases:write',
  show: showAssignment,
  save: saveAssignment,
}
