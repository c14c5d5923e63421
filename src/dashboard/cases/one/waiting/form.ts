import type { Visit } from '../../../../http/pages'
import { localDate } from '../../../../lib/time'
import { CasePatch } from '../../../../resources/cases/input'
import type { CaseView } from '../../../../resources/cases/model'
import { pendingReasons } from '../../../../resources/cases/table'
import { showChange } from '../../../form/change'
import { type Field, type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { valuesOf } from '../../../form/values'
import { showPage } from '../../../page'
import { wordsOf } from '../../../words'
import { backToCase, openCase } from '../open'
import { pendingWords } from '../words'

const fields: Field[] = [
  {
    name: 'pending.reason',
    label: 'What the case waits for',
    kind: 'radios',
    options: pendingReasons.map((value) => ({ value, text: pendingWords[value] })),
    missing: 'Choose what the case waits for',
  },
  {
    name: 'pending.until',
    label: 'Until',
    hint: 'The waiting ends by itself when this day begins. Leave it empty where the day is not known',
    kind: 'date',
    size: 10,
    isOptional: true,
  },
]

/** The local date on which a wait ends; null for none. */
const endOf = ({ pending }: CaseView, timezone: string): string | null =>
  pending?.until ? localDate(new Date(pending.until), timezone) : null

/** The form that says what a case in progress waits for. */
export async function showWaiting(
  visit: Visit,
  reference: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const { view } = await openCase(visit, reference)
  if (view.status !== 'in_progress') {
    const title = `${view.reference} cannot wait`
    const sentence = 'Only a case in progress waits for somebody.'
    const data = { title, sentence, back: backToCase(view), now: wordsOf(view.status).toLowerCase() }
    return showPage(visit, 'cases/one/impossible.njk', data, { status: 409 })
  }
  return showChange(visit, {
    title: `Wait for somebody: ${view.reference}`,
    intro: 'While the case waits, its target waits too.',
    fields,
    state: view,
    shown: {
      'pending.reason': view.pending?.reason,
      'pending.until': endOf(view, visit.ctx.tenant.timezone),
    },
    problem,
    button: 'Save',
    back: backToCase(view),
  })
}

/** What the form asks for; an end on the day that it is already is the same moment. */
export async function readWaiting(visit: Visit, reference: string): Promise<CasePatch> {
  const sent = valuesOf(readFields(fields, visit.form))
  const { view } = await openCase(visit, reference)
  const date = sent.clearable('pending.until')
  const isSame = date !== null && date === endOf(view, visit.ctx.tenant.timezone)
  return checkInput(CasePatch, {
    pending: { reason: sent.given('pending.reason'), until: isSame ? view.pending?.until : date },
  })
}
