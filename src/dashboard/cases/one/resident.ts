import type { Visit } from '../../../http/pages'
import type { Issue } from '../../../lib/errors'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView } from '../../../resources/cases/model'
import {
  isNobody,
  type ResidentDetails,
  residentFields as residentNames,
  terms,
  termsOfResident,
} from '../../../resources/cases/residents/model'
import { patchCase } from '../../../resources/cases/service'
import { saveChange, showChange } from '../../form/change'
import type { Problem } from '../../form/fields'
import type { Form } from '../../form/routes'
import { checkInput, valuesOf } from '../../form/values'
import { redirect } from '../../page'
import { residentFields } from '../fields'
import { confirmationIn, confirmingFields } from './confirming'
import { type ByReference, backToCase, casePath, openCase } from './open'
import { termWords } from './words'

const residentOf = (view: CaseView): ResidentDetails =>
  Object.fromEntries(residentNames.map((name) => [name, view[name] ?? null])) as ResidentDetails

const publicLabels: Record<string, string> = {
  publicSummary: 'public summary',
  publicThemes: 'public themes',
}

/** A new name can make the public texts faulty. They have no fields here, so the fault is put on the name. */
function aboutTheName(problem: Problem): Problem {
  const rename = (issue: Issue): Issue => {
    const label = publicLabels[issue.path.split('.')[0] as string]
    if (label === undefined) return issue
    return {
      ...issue,
      path: 'Name',
      message: `The ${label} of this case contains a part of it. Change that first, or confirm it with a reason`,
    }
  }
  return problem.issues.length === 0 ? problem : { ...problem, issues: problem.issues.map(rename) }
}

const notices = { saved: 'The resident’s details were saved' }

const subjectOf = (view: CaseView) => ({ fields: residentFields, current: residentOf(view), state: view })

/** Opening the page is logged. */
async function showResident(visit: Visit, problem: Problem, { reference }: ByReference): Promise<Response> {
  const { view } = await openCase(visit, reference)
  const resident = residentOf(view)
  const isUnreadable = view.residentUnreadable === true
  const known = termsOfResident(resident)
  return showChange(visit, {
    title: `Resident of ${view.reference}`,
    ...subjectOf(view),
    fields: [...residentFields, ...confirmingFields(problem, visit.form)],
    problem: aboutTheName(problem),
    button: isUnreadable ? null : 'Save',
    back: backToCase(view),
    view: 'cases/one/resident.njk',
    notices,
    more: {
      isNobody: !isUnreadable && isNobody(resident),
      isUnreadable,
      message: resident.residentMessage,
      othersPath: casePath(view, '/resident/others'),
      terms: terms
        .filter((term) => known[term].length > 0)
        .map((term) => ({ value: term, text: `Find cases with the same ${termWords[term]}` })),
    },
  })
}

async function saveResident(visit: Visit, { reference }: ByReference): Promise<Response> {
  const read = async () => subjectOf((await openCase(visit, reference)).view)
  const view = await saveChange(visit, read, (ctx, sent) => {
    const { clearable } = valuesOf(sent)
    const input = Object.fromEntries(residentFields.map(({ name }) => [name, clearable(name)]))
    return patchCase(ctx, reference, checkInput(CasePatch, { ...input, ...confirmationIn(visit.form) }))
  })
  return redirect(casePath(view, '/resident?done=saved'))
}

export const residentForm: Form = {
  path: '/:reference/resident',
  permission: 'residents:read',
  show: showResident,
  save: saveResident,
}
