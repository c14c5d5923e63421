import type { Role } from '../../../core/scopes'
import type { Visit } from '../../../http/pages'
import type { CaseView } from '../../../resources/cases/model'
import { allowedMoves, isFinished, type Move, mayMove } from '../../../resources/cases/rules/lifecycle'
import { getCasesById } from '../../../resources/cases/store'
import type { CaseStatus } from '../../../resources/cases/table'
import { getUser } from '../../../resources/users/store'
import { type Field, type Problem, readFields } from '../../form/fields'
import { marksOf } from '../../form/marks'
import { tagOf } from '../../form/merge'
import { formData } from '../../form/page'
import { noProblem, statusOf } from '../../form/submit'
import { showPage } from '../../page'
import { mayUse } from '../../places'
import { confirmingFields } from './confirming'
import { casePath, type OpenCase, openCase, stepOf } from './open'
import { type Related, rowsOf } from './rows'
import { readTimeline } from './timeline'
import { moveWords, publicTags, statusTag, targetTag } from './words'

export const noteFields: Field[] = [
  { name: 'body', label: 'Note', kind: 'textarea', missing: 'Enter the note' },
  {
    name: 'visibility',
    label: 'Who may read the note',
    kind: 'radios',
    options: [
      { value: 'internal', text: 'Only staff' },
      { value: 'public', text: 'Public', hint: 'The resident who follows the case can read it too' },
    ],
  },
]

const notices = {
  noted: 'The note was added',
  moved: 'The case was moved',
  assigned: 'The case was assigned',
  saved: 'The case was saved',
  unchanged: 'Nothing was changed',
  waiting: 'Case put on hold; its target is paused',
  'waiting-ended': 'The case is no longer on hold',
}

async function relatedOf({ ctx }: Visit, { councillorId, duplicateOfId }: CaseView): Promise<Related> {
  const councillor = councillorId === null ? null : await getUser(ctx, councillorId)
  const originals = await getCasesById(ctx, duplicateOfId === null ? [] : [duplicateOfId])
  return {
    councillor: councillor?.name ?? null,
    duplicateOf: originals.get(duplicateOfId ?? '')?.case.reference ?? null,
  }
}

/** A button: the step is taken at once, or more is asked on a page of its own. */
type Step = { text: string; href: string; isDoneAtOnce: boolean }

const order: CaseStatus[] = ['in_progress', 'resolved', 'closed', 'open']

function stepsOf(view: CaseView, moves: readonly Move[], role: Role | null): Step[] {
  const sorted = moves.toSorted((a, b) => order.indexOf(a.to) - order.indexOf(b.to))
  const steps = sorted.map(({ to, needs }) => ({
    text: moveWords(view.status, to),
    href: casePath(view, `/move/${to}`),
    // What somebody cannot undo is confirmed on a page of its own.
    isDoneAtOnce: needs === null && !(to === 'closed' && !mayMove('closed', 'in_progress', role)),
  }))
  if (view.status !== 'in_progress') return steps
  const waiting = casePath(view, '/waiting')
  const wait = { text: 'Put on hold', href: waiting, isDoneAtOnce: false }
  if (view.pending === null) return [...steps, wait]
  const end = { text: 'Take off hold', href: `${waiting}/end`, isDoneAtOnce: true }
  return [end, ...steps, { ...wait, text: 'Change the hold' }]
}

function tagsOf({ status, slaState, publicState, archived }: CaseView) {
  const target = targetTag(slaState, isFinished(status))
  return [
    statusTag(status),
    ...(target ? [target] : []),
    ...(publicState === 'draft' ? [] : [publicTags[publicState]]),
    ...(archived ? [{ text: 'Archived', classes: 'govuk-tag--grey' }] : []),
  ]
}

const stale: Problem = {
  issues: [],
  message: 'Somebody changed the case after you opened this page, so nothing was done. This is how it is now',
  isStale: true,
}

/** A refusal to show on the page; `opened` if the case has already been read. */
export type Refusal = { problem: Problem; opened?: OpenCase }

/** Shows nothing about the resident. */
export async function showCasePage(
  visit: Visit,
  reference: string,
  { problem, opened }: Refusal = { problem: noProblem },
): Promise<Response> {
  const { found, view } = opened ?? (await openCase(visit, reference))
  const { ctx } = visit
  const role = ctx.acting?.role ?? null
  const isNote = visit.form.has('body')
  const fields = [...noteFields, ...confirmingFields(problem, visit.form)]
  const form = formData({
    marks: { ...marksOf(visit, noteFields, problem), tag: tagOf(visit, stepOf(view)) },
    title: `${view.reference}: ${view.summary}`,
    fields,
    values: isNote ? readFields(fields, visit.form) : { visibility: 'internal' },
    problem: problem.isStale ? stale : problem,
    button: 'Add note',
    action: casePath(view, '/notes'),
  })
  // The note is far below on a long page, which has other buttons too.
  const isOfNote = new URL(visit.request.url).pathname.endsWith('/notes')
  const data = {
    ...form,
    summary: form.summary.map((entry) => (isOfNote ? { ...entry, href: entry.href ?? '#body' } : entry)),
    notices: { ...notices, created: `Case ${view.reference} created` },
    back: { text: 'Cases', href: '/admin/cases' },
    path: casePath(view),
    log: mayUse(visit, 'audit:read')
      ? `/admin/audit?${new URLSearchParams({ entity: 'case', entityId: view.reference })}`
      : null,
    reference: view.reference,
    heading: view.summary,
    tags: tagsOf(view),
    steps: stepsOf(view, allowedMoves(found.case, role), role),
    rows: rowsOf(view, await relatedOf(visit, view), ctx.tenant),
    description: view.description,
    isFromWebsite: view.sourceChannel === 'web',
    ...(await readTimeline(visit, view, '')),
  }
  return showPage(visit, 'cases/one/page.njk', data, { status: statusOf(problem) })
}
