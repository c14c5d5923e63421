import type { Visit } from '../../../../http/pages'
import { CasePatch } from '../../../../resources/cases/input'
import type { CaseView } from '../../../../resources/cases/model'
import { getUser } from '../../../../resources/users/store'
import { showChange } from '../../../form/change'
import { changedNames, nested } from '../../../form/changed'
import { type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { valuesOf } from '../../../form/values'
import { categoryOptions, councillorOptions, wardOptions } from '../../../options'
import { withChosen } from '../choices'
import { backToCase, openCase } from '../open'
import { caseFields, readField, shownCase } from './fields'

async function fieldsFor({ ctx }: Visit, { ward, category, councillorId }: CaseView) {
  const councillor = councillorId === null ? null : await getUser(ctx, councillorId)
  return caseFields({
    wards: withChosen(await wardOptions(ctx), ward),
    categories: withChosen(await categoryOptions(ctx), category),
    councillors: withChosen(await councillorOptions(ctx), councillor),
  })
}

/** The form in which everything is changed that is neither a move nor the resident's nor public. */
export async function showEdit(
  visit: Visit,
  reference: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const { view } = await openCase(visit, reference)
  return showChange(visit, {
    title: `Edit ${view.reference}`,
    fields: await fieldsFor(visit, view),
    state: view,
    shown: shownCase(view, visit.ctx.tenant.timezone),
    problem,
    button: 'Save',
    back: backToCase(view),
  })
}

/** What the form changes; null where it changes nothing. */
export async function readEdit(visit: Visit, reference: string): Promise<CasePatch | null> {
  const { view } = await openCase(visit, reference)
  const fields = await fieldsFor(visit, view)
  const sent = readFields(fields, visit.form)
  const names = changedNames(shownCase(view, visit.ctx.tenant.timezone), sent)
  if (names.length === 0) return null
  return checkInput(
    CasePatch,
    nested(names, (name) => readField(name, valuesOf(sent))),
  )
}
