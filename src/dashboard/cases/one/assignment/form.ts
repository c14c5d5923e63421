import type { Visit } from '../../../../http/pages'
import { isVisible } from '../../../../resources/cases/filters'
import { CasePatch } from '../../../../resources/cases/input'
import { showChange } from '../../../form/change'
import { type Field, type Option, type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { valuesOf } from '../../../form/values'
import { assigneeOptions } from '../../../options'
import { withChosen } from '../choices'
import { backToCase, openCase } from '../open'

const fieldsFor = (options: readonly Option[]): Field[] => [
  { name: 'assigneeId', label: 'Assign to', kind: 'select', options, missing: 'Choose who to assign it to' },
]

/** The form that says who a case is given to. */
export async function showAssignment(
  visit: Visit,
  reference: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const { ctx } = visit
  const { view } = await openCase(visit, reference)
  const options = withChosen(await assigneeOptions(ctx), view.assignee)
  const nobody = { value: '', text: view.assignee ? 'Choose somebody else' : 'Choose somebody' }
  return showChange(visit, {
    title: `Assign ${view.reference}`,
    intro: `${view.summary}. It is assigned to ${view.assignee?.name ?? 'nobody'} now.`,
    fields: fieldsFor([nobody, ...options]),
    state: view,
    shown: { assigneeId: view.assigneeId },
    problem,
    button: 'Assign',
    back: backToCase(view),
    view: 'cases/one/assignment.njk',
    more: {
      own: view.assigneeId === ctx.acting?.id ? null : ctx.acting?.id,
      isAssigned: view.assigneeId !== null,
      // Whoever sees only what is theirs loses what they give away.
      isLost: !isVisible(ctx, null, view.wardId),
    },
  })
}

/** Who the form gives the case to; nobody only where its button says so. */
export function readAssignment({ form }: Visit): CasePatch {
  if (form.get('to') === 'nobody') return { assigneeId: null }
  const sent = valuesOf(readFields(fieldsFor([]), form))
  return checkInput(CasePatch, { assigneeId: sent.text('assigneeId') })
}
