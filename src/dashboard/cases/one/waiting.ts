import type { Visit } from '../../../http/pages'
import { localDate } from '../../../lib/time'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView } from '../../../resources/cases/model'
import { patchCase } from '../../../resources/cases/service'
import { pendingReasons } from '../../../resources/cases/table'
import { changing, showChange } from '../../form/change'
import { type Field, type Problem, readFields } from '../../form/fields'
import type { Form } from '../../form/routes'
import { submit } from '../../form/submit'
import { checkInput, valuesOf } from '../../form/values'
import { showPage } from '../../page'
import { wordsOf } from '../../words'
import { type ByReference, backToCase, goToCase, openCase } from './open'
import { showCasePage } from './page'
import { pendingWords } from './words'

const fields: Field[] = [
  {
    name: 'pending.reason',
    label: 'What the case is waiting for',
    kind: 'radios',
    options: pendingReasons.map((value) => ({ value, text: pendingWords[value] })),
    missing: 'Choose what the case is waiting for',
  },
  {
    name: 'pending.until',
    label: 'Until',
    hint: 'The case comes off hold at the start of this day. Leave it empty if you do not know the day',
    kind: 'date',
    size: 10,
    isOptional: true,
  },
]

/** The local date on which the wait ends; null if it has no end. */
const endOf = ({ pending }: CaseView, timezone: string): string | null =>
  pending?.until ? localDate(new Date(pending.until), timezone) : null

async function showWaiting(visit: Visit, problem: Problem, { reference }: ByReference): Promise<Response> {
  const { view } = await openCase(visit, reference)
  if (view.status !== 'in_progress') {
    const title = `${view.reference} cannot be put on hold`
    const sentence = 'Only a case in progress can be put on hold.'
    const data = { title, sentence, back: backToCase(view), now: wordsOf(view.status).toLowerCase() }
    return showPage(visit, 'cases/one/impossible.njk', data, { status: 409 })
  }
  return showChange(visit, {
    title: `Put ${view.reference} on hold`,
    intro: 'While the case is on hold, its target is paused.',
    fields,
    state: view,
    current: {
      'pending.reason': view.pending?.reason,
      'pending.until': endOf(view, visit.ctx.tenant.timezone),
    },
    problem,
    button: 'Save',
    back: backToCase(view),
  })
}

async function saveWaiting(visit: Visit, { reference }: ByReference): Promise<Response> {
  const sent = valuesOf(readFields(fields, visit.form))
  const { view } = await openCase(visit, reference)
  const date = sent.clearable('pending.until')
  // The form shows only the day: an unchanged day keeps the hour.
  const isSame = date !== null && date === endOf(view, visit.ctx.tenant.timezone)
  const input = checkInput(CasePatch, {
    pending: { reason: sent.given('pending.reason'), until: isSame ? view.pending?.until : date },
  })
  return goToCase(visit.ctx, await patchCase(changing(visit), reference, input), 'waiting')
}

export const waitingForm: Form = {
  path: '/:reference/waiting',
  permission: 'cases:write',
  show: showWaiting,
  save: saveWaiting,
}

/** A button on the case's page; a refusal is shown there. */
export const endWaiting = (visit: Visit, { reference }: ByReference): Promise<Response> =>
  submit(
    async () =>
      goToCase(visit.ctx, await patchCase(changing(visit), reference, { pending: null }), 'waiting-ended'),
    (problem) => showCasePage(visit, reference, { problem }),
  )
