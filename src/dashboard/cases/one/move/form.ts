import type { Visit } from '../../../../http/pages'
import { AppError, invalid, notFound } from '../../../../lib/errors'
import { CasePatch } from '../../../../resources/cases/input'
import { allowedMoves, type Move, mayMove, resolutionsFor } from '../../../../resources/cases/rules/lifecycle'
import { getCase } from '../../../../resources/cases/store'
import { type CaseRow, type CaseStatus, caseStatuses } from '../../../../resources/cases/table'
import { showChange } from '../../../form/change'
import { type Field, type Problem, readFields } from '../../../form/fields'
import { checkInput } from '../../../form/input'
import { noProblem } from '../../../form/submit'
import { valuesOf } from '../../../form/values'
import { showPage } from '../../../page'
import { wordsOf } from '../../../words'
import { backToCase, casePath, type OpenCase, openCase } from '../open'
import { showCasePage } from '../page'
import { moveTitle, moveWords, resolutionWords } from '../words'

/** The status in an address; throws where there is none of that name. */
export function readStatus(text: string): CaseStatus {
  const status = caseStatuses.find((one) => one === text)
  if (status === undefined) throw notFound('Status')
  return status
}

const reasonField = (isOptional: boolean): Field => ({
  name: 'reason',
  label: 'Reason',
  hint: 'It stands in the timeline, for staff only',
  kind: 'textarea',
  missing: 'Enter the reason',
  isOptional,
})

/** What is asked for to make the move. */
function fieldsFor(row: CaseRow, { to, needs }: Move): Field[] {
  if (needs === null) return []
  if (needs === 'reason') return [reasonField(false)]
  return [
    {
      name: 'resolution',
      label: 'How it ended',
      kind: 'radios',
      options: resolutionsFor(row, to).map((value) => ({ value, text: resolutionWords[value] })),
      missing: 'Choose how it ended',
    },
    {
      name: 'duplicateOfId',
      label: 'Reference of the case that it repeats',
      hint: 'Only for a duplicate of another case. For example, CW-2026-0042',
      kind: 'text',
      size: 20,
      isOptional: true,
      missing: 'Enter the reference of the case that it repeats',
    },
    reasonField(true),
  ]
}

const moveTo = (visit: Visit, row: CaseRow, to: CaseStatus): Move | undefined =>
  allowedMoves(row, visit.ctx.acting?.role ?? null).find((move) => move.to === to)

/** Says that the move is none from where the case stands, or is not theirs to make, and which are. */
function showImpossible(visit: Visit, { found, view }: OpenCase, to: CaseStatus): Promise<Response> {
  const role = visit.ctx.acting?.role ?? null
  const isForOthers = !mayMove(view.status, to, role)
  const moves = allowedMoves(found.case, role)
  const data = {
    title: `${view.reference} cannot be moved to ${wordsOf(to).toLowerCase()}`,
    back: backToCase(view),
    now: wordsOf(view.status).toLowerCase(),
    sentence: isForOthers ? 'Only a manager or an administrator may reopen a closed case.' : null,
    moves: moves.map((move) => ({
      text: moveWords(view.status, move.to),
      href: casePath(view, `/move/${move.to}`),
    })),
  }
  return showPage(visit, 'cases/one/impossible.njk', data, { status: isForOthers ? 403 : 409 })
}

/** The form of a move: only what the move needs. */
export async function showMove(
  visit: Visit,
  reference: string,
  to: CaseStatus,
  problem: Problem = noProblem,
): Promise<Response> {
  const opened = await openCase(visit, reference)
  const { found, view } = opened
  const move = moveTo(visit, found.case, to)
  if (!move) return showImpossible(visit, opened, to)
  if (move.needs === null && problem !== noProblem) return showCasePage(visit, reference, { problem, opened })
  return showChange(visit, {
    title: moveTitle(view.status, to, view.reference),
    intro: `${view.summary}. It is ${wordsOf(view.status).toLowerCase()} now.`,
    fields: fieldsFor(found.case, move),
    state: view,
    shown: { resolution: view.resolution },
    problem,
    button: moveWords(view.status, to),
    back: backToCase(view),
  })
}

/** The id of the case that is named in the form; a case that is not there is a fault of that field. */
async function originalOf({ ctx }: Visit, reference: string): Promise<string> {
  try {
    return (await getCase(ctx, reference)).case.id
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'not_found') throw error
    throw invalid([{ in: 'body', path: 'duplicateOfId', message: 'There is no such case' }])
  }
}

/** What the form of a move asks for. */
export async function readMove(visit: Visit, reference: string, to: CaseStatus): Promise<CasePatch> {
  const { case: row } = await getCase(visit.ctx, reference)
  const move = moveTo(visit, row, to)
  const sent = valuesOf(readFields(move ? fieldsFor(row, move) : [], visit.form))
  const original = sent.given('duplicateOfId')
  return checkInput(CasePatch, {
    status: to,
    resolution: sent.given('resolution'),
    reason: sent.given('reason'),
    duplicateOfId: original && (await originalOf(visit, original)),
  })
}
