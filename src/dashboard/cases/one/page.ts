import { paged } from '../../../core/paging'
import type { Visit } from '../../../http/pages'
import { strongTag } from '../../../lib/etag'
import type { CaseView } from '../../../resources/cases/model'
import { allowedMoves, isFinished, type Move } from '../../../resources/cases/rules/lifecycle'
import { getCasesById } from '../../../resources/cases/store'
import type { CaseStatus } from '../../../resources/cases/table'
import { toView } from '../../../resources/cases/timeline/model'
import { listEntries } from '../../../resources/cases/timeline/store'
import { getUser } from '../../../resources/users/store'
import type { Field, Problem } from '../../form/fields'
import { readFields } from '../../form/fields'
import { formData } from '../../form/page'
import { noProblem } from '../../form/submit'
import { showPage } from '../../page'
import { type Item, itemsOf } from './history'
import { casePath, type OpenCase, openCase } from './open'
import { type Related, rowsOf } from './rows'
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
  waiting: 'The case waits, and its target with it',
  'waiting-ended': 'The case waits no longer',
}

/** The newest entries of a history, 100 at most, or those after a cursor; with the address of those before them. */
export async function showHistory(
  { ctx }: Visit,
  { id, reference }: Pick<CaseView, 'id' | 'reference'>,
  cursor: string,
): Promise<{ items: Item[]; earlier: string | null }> {
  const query = { cursor, pageSize: 100 }
  const { rows, pagination } = await paged(ctx, `timeline ${id}`, query, (slice) =>
    listEntries(ctx, id, {}, slice),
  )
  const next = 'nextCursor' in pagination ? pagination.nextCursor : null
  return {
    items: itemsOf(rows.map(toView), ctx.tenant.timezone),
    earlier: next && casePath({ reference }, `/timeline?cursor=${encodeURIComponent(next)}`),
  }
}

async function relatedOf({ ctx }: Visit, { councillorId, duplicateOfId }: CaseView): Promise<Related> {
  const councillor = councillorId === null ? null : await getUser(ctx, councillorId)
  const originals = await getCasesById(ctx, duplicateOfId === null ? [] : [duplicateOfId])
  return {
    councillor: councillor?.name ?? null,
    duplicateOf: originals.get(duplicateOfId ?? '')?.case.reference ?? null,
  }
}

/** A step that can be taken at once, by a button, or for which more is asked on a page of its own. */
type Step = { text: string; href: string; isDoneAtOnce: boolean }

const order: CaseStatus[] = ['in_progress', 'resolved', 'closed', 'open']

function stepsOf(view: CaseView, moves: readonly Move[]): Step[] {
  const sorted = moves.toSorted((a, b) => order.indexOf(a.to) - order.indexOf(b.to))
  const steps = sorted.map(({ to, needs }) => ({
    text: moveWords(view.status, to),
    href: casePath(view, `/move/${to}`),
    isDoneAtOnce: needs === null,
  }))
  if (view.status !== 'in_progress') return steps
  const waiting = casePath(view, '/waiting')
  const wait = { text: 'Wait for somebody', href: waiting, isDoneAtOnce: false }
  if (view.pending === null) return [...steps, wait]
  const end = { text: 'End the waiting', href: `${waiting}/end`, isDoneAtOnce: true }
  return [end, ...steps, { ...wait, text: 'Change what it waits for' }]
}

function headOf({ status, slaState, publicState, archived }: CaseView) {
  const target = targetTag(slaState, isFinished(status))
  return [
    statusTag(status),
    ...(target ? [target] : []),
    ...(publicState === 'draft' ? [] : [publicTags[publicState]]),
    ...(archived ? [{ text: 'Archived', classes: 'govuk-tag--grey' }] : []),
  ]
}

const changedMeanwhile: Problem = {
  issues: [],
  message: 'Somebody changed the case after you opened this page, so nothing was done. This is how it is now',
  isStale: true,
}

/** What is said on the page besides the case: what was refused, and the note that was being written. */
export type Again = { problem: Problem; opened?: OpenCase }

/** The page of one case, without anything of its resident. */
export async function showCasePage(
  visit: Visit,
  reference: string,
  { problem, opened }: Again = { problem: noProblem },
): Promise<Response> {
  const { found, view } = opened ?? (await openCase(visit, reference))
  const { ctx } = visit
  const isNote = visit.form.has('body')
  const form = formData({
    title: `${view.reference}: ${view.summary}`,
    fields: noteFields,
    values: isNote ? readFields(noteFields, visit.form) : { visibility: 'internal' },
    problem: problem.isStale ? changedMeanwhile : problem,
    button: 'Add note',
    action: casePath(view, '/notes'),
  })
  const data = {
    ...form,
    notices: { ...notices, created: `Case ${view.reference} created` },
    back: { text: 'Cases', href: '/admin/cases' },
    path: casePath(view),
    reference: view.reference,
    heading: view.summary,
    tags: headOf(view),
    steps: stepsOf(view, allowedMoves(found.case, ctx.acting?.role ?? null)),
    tag: strongTag(JSON.stringify(view)),
    rows: rowsOf(view, await relatedOf(visit, view), ctx.tenant),
    description: view.description,
    ...(await showHistory(visit, view, '')),
  }
  const status = problem === noProblem ? 200 : problem.isStale ? 409 : 400
  return showPage(visit, 'cases/one/page.njk', data, { status })
}

/** Entries of a case's history before those that stand on its page. */
export async function showTimelinePage(visit: Visit, reference: string): Promise<Response> {
  const { view } = await openCase(visit, reference)
  const cursor = visit.query.get('cursor') ?? ''
  const data = {
    title: `Timeline of ${view.reference}`,
    back: { text: `Back to ${view.reference}`, href: casePath(view) },
    heading: view.summary,
    newest: cursor === '' ? null : casePath(view, '/timeline'),
    ...(await showHistory(visit, view, cursor)),
  }
  return showPage(visit, 'cases/one/timeline-page.njk', data)
}
