import { mayPublish } from '../../../../core/publishing'
import type { Visit } from '../../../../http/pages'
import type { Issue } from '../../../../lib/errors'
import { CasePatch } from '../../../../resources/cases/input'
import type { CaseView, CaseWithNames } from '../../../../resources/cases/model'
import { toPublicView } from '../../../../resources/cases/public/model'
import { allowedPublicMoves } from '../../../../resources/cases/rules/publication'
import type { PublicState } from '../../../../resources/cases/table'
import { showChange } from '../../../form/change'
import { changedNames, nested } from '../../../form/changed'
import { type Field, type FormValues, type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { type Values, valuesOf } from '../../../form/values'
import { wordsOf } from '../../../words'
import { backToCase, openCase } from '../open'
import type { Row } from '../rows'
import { publicTags, resolutionWords } from '../words'

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
    hint: 'One a line, up to 20. For example, Roads',
    kind: 'textarea',
    size: 4,
    isOptional: true,
  },
  {
    name: 'highlightedForPublic',
    label: 'Highlight the case',
    hint: 'It is marked among the cases that everybody can read',
    kind: 'checkbox',
  },
]

const shownPublic = ({ publicSummary, publicThemes, highlightedForPublic }: CaseView): FormValues => ({
  publicSummary: publicSummary?.replaceAll('\r\n', '\n').trim(),
  publicThemes: publicThemes.join('\n'),
  highlightedForPublic: highlightedForPublic ? 'true' : null,
})

const themesOf = ({ text }: Values): string[] =>
  text('publicThemes')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function readField(name: string, sent: Values): unknown {
  if (name === 'publicThemes') return themesOf(sent)
  return name === 'highlightedForPublic' ? sent.isTicked(name) : sent.clearable(name)
}

/** What is wrong with a theme, with the theme itself. */
function named(problem: Problem, themes: readonly string[]): Problem {
  const name = (issue: Issue): Issue => {
    const [, line] = /^publicThemes\.(\d+)$/.exec(issue.path) ?? []
    if (line === undefined) return issue
    const message = issue.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    return { ...issue, message: `“${themes[Number(line)] ?? ''}” ${message}` }
  }
  return problem.issues.length === 0 ? problem : { ...problem, issues: problem.issues.map(name) }
}

/** What everybody reads at the moment. */
function toldRows(found: CaseWithNames): Row[] {
  const told = toPublicView(found)
  const row = (key: string, line: string | null | undefined): Row => ({ key, lines: [line || 'None'] })
  return [
    row('Summary', told.publicSummary),
    row('Themes', told.publicThemes.join(', ')),
    row('Highlighted', told.highlighted ? 'Yes' : 'No'),
    row('Status', wordsOf(told.status)),
    row('Resolution', told.resolution && resolutionWords[told.resolution]),
    row('Ward', told.ward?.name),
    row('Category', told.category?.name),
    row('Place', told.location && `${told.location.latitude}, ${told.location.longitude}`),
  ]
}

const notices = {
  saved: 'The public side was saved',
  approved: 'Everybody can read it now',
  withdrawn: 'It was taken back: nobody outside the council can read it now',
  unchanged: 'Nothing was changed',
}

const stepWords: Record<PublicState, string> = {
  draft: '',
  approved: 'Save and show to everybody',
  withdrawn: 'Save and take back',
}

/** The page of what everybody may read of a case, with the form that changes it. */
export async function showPublic(
  visit: Visit,
  reference: string,
  problem: Problem = noProblem,
): Promise<Response> {
  const { found, view } = await openCase(visit, reference)
  const isPublisher = mayPublish(visit.ctx)
  const isPublic = view.publicState === 'approved'
  const isOpen = isPublisher || !isPublic
  const steps = isPublisher ? allowedPublicMoves(view.publicState) : []
  return showChange(visit, {
    title: `Public side of ${view.reference}`,
    fields,
    state: view,
    shown: shownPublic(view),
    problem: named(problem, themesOf(valuesOf(readFields(fields, visit.form)))),
    button: isOpen ? 'Save' : null,
    back: backToCase(view),
    view: 'cases/one/public.njk',
    notices,
    more: {
      isPublic,
      isPublisher,
      isOpen,
      state: publicTags[view.publicState],
      isTakenBack: view.publicState === 'withdrawn',
      address: `/public/${visit.ctx.tenant.slug}/cases/${view.reference}`,
      rows: isPublic ? toldRows(found) : [],
      steps: steps.map((value) => ({ value, text: stepWords[value] })),
    },
  })
}

/** What the form changes; null where it changes nothing. */
export async function readPublic(visit: Visit, reference: string): Promise<CasePatch | null> {
  const { view } = await openCase(visit, reference)
  const sent = readFields(fields, visit.form)
  const names = changedNames(shownPublic(view), sent)
  const publicState = visit.form.get('publicState')
  if (names.length === 0 && publicState === null) return null
  return checkInput(CasePatch, {
    ...nested(names, (name) => readField(name, valuesOf(sent))),
    ...(publicState !== null && { publicState }),
  })
}
