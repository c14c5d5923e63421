import { mayPublish } from '../../../core/publishing'
import type { Visit } from '../../../http/pages'
import { CasePatch } from '../../../resources/cases/input'
import type { CaseView, CaseWithNames } from '../../../resources/cases/model'
import { toPublicView } from '../../../resources/cases/public/model'
import { allowedPublicMoves } from '../../../resources/cases/rules/publication'
import { patchCase } from '../../../resources/cases/service'
import type { PublicState } from '../../../resources/cases/table'
import { saveChange, showChange } from '../../form/change'
import type { Field, FormValues, Problem } from '../../form/fields'
import type { Form } from '../../form/routes'
import { changedNames, checkInput, nested, type Values, valuesOf } from '../../form/values'
import { redirect } from '../../page'
import { wordsOf } from '../../words'
import { confirmationIn, confirmingFields } from './confirming'
import { type ByReference, backToCase, casePath, openCase } from './open'
import type { Row } from './rows'
import { publicTags, resolutionWords } from './words'

const fields: Field[] = [
  {
    name: 'publicSummary',
    label: 'Public summary',
    hint: 'What happened, without names, addresses, e-mail addresses and telephone numbers. Up to 500 characters',
    kind: 'textarea',
    size: 4,
    isOptional: true,
    missing: 'Enter the public summary',
  },
  {
    name: 'publicThemes',
    label: 'Public themes',
    hint: 'One on each line, up to 20. For example, Roads',
    kind: 'lines',
    size: 4,
    isOptional: true,
  },
  {
    name: 'highlightedForPublic',
    label: 'Highlight the case',
    hint: 'It stands out among the cases that the public can read',
    kind: 'checkbox',
  },
]

const valuesIn = ({ publicSummary, publicThemes, highlightedForPublic }: CaseView): FormValues => ({
  publicSummary: publicSummary?.replaceAll('\r\n', '\n').trim(),
  publicThemes: publicThemes.join('\n'),
  highlightedForPublic: highlightedForPublic ? 'true' : null,
})

function readField(name: string, sent: Values): unknown {
  if (name === 'publicThemes') return sent.lines(name)
  return name === 'highlightedForPublic' ? sent.isTicked(name) : sent.clearable(name)
}

function publishedRows(found: CaseWithNames): Row[] {
  const published = toPublicView(found)
  const row = (key: string, line: string | null | undefined): Row => ({ key, lines: [line || 'None'] })
  return [
    row('Summary', published.publicSummary),
    row('Themes', published.publicThemes.join(', ')),
    row('Highlighted', published.highlighted ? 'Yes' : 'No'),
    row('Status', wordsOf(published.status)),
    row('Resolution', published.resolution && resolutionWords[published.resolution]),
    row('Ward', published.ward?.name),
    row('Category', published.category?.name),
    row('Place', published.location && `${published.location.latitude}, ${published.location.longitude}`),
  ]
}

const notices = {
  saved: 'The public information was saved',
  approved: 'The public can read it now',
  withdrawn: 'Withdrawn: the public can no longer read it',
  unchanged: 'Nothing was changed',
}

const stepWords: Record<PublicState, string> = {
  draft: '',
  approved: 'Save and publish',
  withdrawn: 'Save and withdraw',
}

const subjectOf = (view: CaseView) => ({
  fields,
  current: valuesIn(view),
  basis: view.publicState,
  state: view,
})

async function showPublication(
  visit: Visit,
  problem: Problem,
  { reference }: ByReference,
): Promise<Response> {
  const { found, view } = await openCase(visit, reference)
  const isPublisher = mayPublish(visit.ctx)
  const isPublic = view.publicState === 'approved'
  const isOpen = isPublisher || !isPublic
  const steps = isPublisher ? allowedPublicMoves(view.publicState) : []
  return showChange(visit, {
    title: `Public information about ${view.reference}`,
    ...subjectOf(view),
    fields: [...fields, ...confirmingFields(problem, visit.form)],
    problem,
    button: isOpen ? 'Save' : null,
    back: backToCase(view),
    view: 'cases/one/publication.njk',
    notices,
    more: {
      isPublic,
      isPublisher,
      isOpen,
      state: publicTags[view.publicState],
      isWithdrawn: view.publicState === 'withdrawn',
      address: `/public/${visit.ctx.tenant.slug}/cases/${view.reference}`,
      rows: isPublic ? publishedRows(found) : [],
      steps: steps.map((value) => ({ value, text: stepWords[value] })),
    },
  })
}

async function savePublication(visit: Visit, { reference }: ByReference): Promise<Response> {
  const publicState = visit.form.get('publicState')
  const read = async () => subjectOf((await openCase(visit, reference)).view)
  const done = await saveChange(visit, read, async (ctx, sent, { current }) => {
    const names = changedNames(current, sent)
    const input = checkInput(CasePatch, {
      ...nested(names, (name) => readField(name, valuesOf(sent))),
      ...(publicState !== null && { publicState }),
      ...confirmationIn(visit.form),
    })
    await patchCase(ctx, reference, input)
    const isChange = names.length > 0 || ctx.idempotency?.isReplayed
    return publicState ?? (isChange ? 'saved' : 'unchanged')
  })
  return redirect(casePath({ reference }, `/public?done=${done}`))
}

export const publicationForm: Form = {
  path: '/:reference/public',
  permission: 'cases:write',
  show: showPublication,
  save: savePublication,
}
