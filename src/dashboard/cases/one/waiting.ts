import type { Deps } from '../../../core/ctx'
import type { Visit } from '../../../http/pages'
import { localDate } from '../../../lib/time'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView } from '../../../resources/cases/model'
import { patchCase } from '../../../resources/cases/service'
import { pendingReasons } from '../../../resources/cases/table'
import { saveChange, showChange } from '../../form/change'
import type { Field, Problem } from '../../form/fields'
import type { Form } from '../../form/routes'
import { checkInput, valuesOf } from '../../form/values'
import { showPage } from '../../page'
import { wordsOf } from '../../words'
import { goToCaseWithNote } from './note'
import { type ByReference, backToCase, goToCase, openCase, stepOf } from './open'
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

const subjectOf = ({ ctx }: Visit, view: CaseView) => ({
  fields,
  current: {
    'pending.reason': view.pending?.reason,
    'pending.until': endOf(view, ctx.tenant.timezone),
  },
  basis: view.status,
  state: view,
})

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
    ...subjectOf(visit, view),
    problem,
    button: 'Save',
    back: backToCase(view),
  })
}

async function saveWaiting(visit: Visit, { reference }: ByReference): Promise<Response> {
  const read = async () => subjectOf(visit, (await openCase(visit, reference)).view)
  const view = await saveChange(visit, read, (ctx, values, { state }) => {
    const sent = valuesOf(values)
    const date = sent.clearable('pending.until')
    // The form shows only the day: an unchanged day keeps the hour.
    const isSame = date !== null && date === endOf(state, ctx.tenant.timezone)
    const until = isSame ? state.pending?.until : date
    return patchCase(
      ctx,
      reference,
      checkInput(CasePatch, { pending: { reason: sent.given('pending.reason'), until } }),
    )
  })
  return goToCase(visit.ctx, view, 'waiting')
}

export const waitingForm: Form = {
  path: '/:reference/waiting',
  permission: 'cases:write',
  show: showWaiting,
  save: saveWaiting,
}

/** A button on the case's page, where a refusal is shown. */
export const waitingEndForm = (deps: Deps): Form => ({
  path: '/:reference/waiting/end',
  permission: 'cases:write',
  show: (visit, problem, { reference }: ByReference) => showCasePage(visit, reference, { problem }),
  async save(visit, { reference }: ByReference) {
    const view = await saveChange(
      visit,
      async () => stepOf((await openCase(visit, reference)).view),
      (ctx) => patchCase(ctx, reference, { pending: null }),
    )
    return goToCaseWithNote(deps, visit, view, 'waiting-ended')
  },
})
