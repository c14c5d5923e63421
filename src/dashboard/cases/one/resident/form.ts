import type { Visit } from '../../../../http/pages'
import type { Issue } from '../../../../lib/errors'
import { CasePatch } from '../../../../resources/cases/input'
import type { CaseView } from '../../../../resources/cases/model'
import {
  fieldOfTerm,
  isNobody,
  type Resident,
  residentFields,
  type Term,
  terms,
  termsOfResident,
} from '../../../../resources/cases/residents/model'
import { searchResidents } from '../../../../resources/cases/residents/service'
import { showChange } from '../../../form/change'
import { type Field, type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { valuesOf } from '../../../form/values'
import { showPage } from '../../../page'
import { counted, formatDay } from '../../../words'
import { backToCase, casePath, openCase } from '../open'
import { statusTag } from '../words'

const fields: Field[] = [
  { name: 'residentName', label: 'Name', kind: 'text', isOptional: true },
  { name: 'residentEmail', label: 'E-mail address', kind: 'email', isOptional: true },
  { name: 'residentPhone', label: 'Telephone number', kind: 'tel', size: 20, isOptional: true },
  { name: 'residentAddress', label: 'Address', kind: 'textarea', size: 3, isOptional: true },
  { name: 'residentPostcode', label: 'Postcode', kind: 'text', size: 10, isOptional: true },
]

/** The resident's fields of a view that holds them. */
const residentOf = (view: CaseView): Resident =>
  Object.fromEntries(residentFields.map((field) => [field, view[field] ?? null])) as Resident

const termWords: Record<Term, string> = {
  email: 'e-mail address',
  phone: 'telephone number',
  postcode: 'postcode',
}

const publicLabels: Record<string, string> = {
  publicSummary: 'public summary',
  publicThemes: 'public themes',
}

/** Faults of what is public, which a new name may cause, in words: there is no field for them here. */
function inWords(problem: Problem): Problem {
  const name = (issue: Issue): Issue => {
    const label = publicLabels[issue.path.split('.')[0] as string]
    if (label === undefined) return issue
    return { ...issue, path: 'Name', message: `Everybody reads a part of it in the ${label} of this case` }
  }
  return problem.issues.length === 0 ? problem : { ...problem, issues: problem.issues.map(name) }
}

const notices = { saved: 'The resident’s details were saved' }

/** The page of a case's resident, with the form that changes what is known of them. That it is seen is on record. */
export async function showResident(
  visit: Visit,
  reference: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const { view } = await openCase(visit, reference)
  const resident = residentOf(view)
  const known = termsOfResident(resident)
  return showChange(visit, {
    title: `Resident of ${view.reference}`,
    fields,
    state: view,
    shown: resident,
    problem: inWords(problem),
    button: 'Save',
    back: backToCase(view),
    view: 'cases/one/resident.njk',
    notices,
    more: {
      isNobody: isNobody(resident),
      othersPath: casePath(view, '/resident/others'),
      terms: terms
        .filter((term) => known[term] !== null)
        .map((term) => ({ value: term, text: `Find cases with the same ${termWords[term]}` })),
    },
  })
}

/** What the form says of the resident; a field that is empty is cleared. */
export function readResident({ form }: Visit): CasePatch {
  const sent = valuesOf(readFields(fields, form))
  return checkInput(
    CasePatch,
    Object.fromEntries(residentFields.map((field) => [field, sent.clearable(field)])),
  )
}

const pageSize = 50

/** The other cases whose resident has the same address, number or postcode; the search is on record. */
export async function showOthers(visit: Visit, reference: string): Promise<Response> {
  const { ctx, form } = visit
  const { view } = await openCase(visit, reference)
  const term = terms.find((one) => one === form.get('by')) ?? 'email'
  const value = view[fieldOfTerm(term)] ?? null
  const asked = form.get('page') ?? '1'
  const page = /^[1-9]\d?$/.test(asked) ? Number(asked) : 1
  const slice = { kind: 'page', page, pageSize, offset: (page - 1) * pageSize } as const
  const { rows, total } =
    value === null ? { rows: [], total: 0 } : await searchResidents(ctx, { [term]: value }, slice)
  // The case itself is among those that are found.
  const others = Math.max(0, (total ?? 0) - 1)
  return showPage(visit, 'cases/one/others.njk', {
    title: `Cases with the same ${termWords[term]}`,
    back: { text: `Back to the resident of ${view.reference}`, href: casePath(view, '/resident') },
    heading: view.reference,
    said:
      others === 0
        ? 'There are no other cases that you may see.'
        : `${counted(others, 'other case')}, the newest first.`,
    term,
    newer: page > 1 ? page - 1 : null,
    older: (total ?? 0) > page * pageSize ? page + 1 : null,
    cases: rows
      .filter(({ id }) => id !== view.id)
      .map(({ reference: other, summary, status, receivedAt }) => ({
        reference: other,
        href: casePath({ reference: other }),
        summary,
        status: statusTag(status),
        received: formatDay(receivedAt, ctx.tenant.timezone),
      })),
  })
}
