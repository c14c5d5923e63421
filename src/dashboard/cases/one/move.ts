import type { Visit } from '../../../http/pages'
import { AppError, invalid, notFound } from '../../../lib/errors'
import { CasePatch } from '../../../resources/cases/input'
import { allowedMoves, type Move, mayMove, resolutionsFor } from '../../../resources/cases/rules/lifecycle'
import { patchCase } from '../../../resources/cases/service'
import { getCase } from '../../../resources/cases/store'
import { type CaseRow, type CaseStatus, caseStatuses } from '../../../resources/cases/table'
import { changing, showChange } from '../../form/change'
import { type Field, type Problem, readFields } from '../../form/fields'
import type { Form } from '../../form/routes'
import { noProblem } from '../../form/submit'
import { checkInput, valuesOf } from '../../form/values'
import { showPage } from '../../page'
import { wordsOf } from '../../words'
import { type ByReference, backToCase, casePath, goToCase, type OpenCase, openCase } from './open'
import { showCasePage } from './page'
import { moveTitle, moveWords, resolutionWords } from './words'

type Params = ByReference & { status: string }

function readStatus({ status: text }: Params): CaseStatus {
  const status = caseStatuses.find((one) => one === text)
  if (status === undefined) throw notFound('Status')
  return status
}

const reasonField = (isOptional: boolean): Field => ({
  name: 'reason',
  label: 'Reason',
  hint: 'Only staff see it, in the timeline',
  kind: 'textarea',
  missing: 'Enter the reason',
  isOptional,
})

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

/** Explains that the case cannot be moved in this way, or not by the visitor, and offers the moves that they can make. */
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

/** Asks only for what the move needs. A move that needs nothing is a button on the case’s page and is refused there. */
async function showMove(visit: Visit, problem: Problem, params: Params): Promise<Response> {
  const to = readStatus(params)
  const opened = await openCase(visit, params.reference)
  const { found, view } = opened
  const move = moveTo(visit, found.case, to)
  if (!move) return showImpossible(visit, opened, to)
  if (move.needs === null && problem !== noProblem) {
    return showCasePage(visit, params.reference, { problem, opened })
  }
  return showChange(visit, {
    title: moveTitle(view.status, to, view.reference),
    intro: `${view.summary}. It is now ${wordsOf(view.status).toLowerCase()}.`,
    fields: fieldsFor(found.case, move),
    state: view,
    current: { resolution: view.resolution },
    problem,
    button: moveWords(view.status, to),
    back: backToCase(view),
  })
}

/** The id of the case that the form names as the original. */
async function originalOf({ ctx }: Visit, reference: string): Promise<string> {
  try {
    return (await getCase(ctx, reference)).case.id
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'not_found') throw error
    throw invalid([
      { in: 'body', path: 'duplicateOfId', code: 'not_found', message: 'There is no such case' },
    ])
  }
}

async function readMove(visit: Visit, reference: string, to: CaseStatus): Promise<CasePatch> {
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

async function saveMove(visit: Visit, params: Params): Promise<Response> {
  const input = await readMove(visit, params.reference, readStatus(params))
  return goToCase(visit.ctx, await patchCase(changing(visit), params.reference, input), 'moved')
}

export const moveForm: Form = {
  path: '/:reference/move/:status',
  permission: 'cases:write',
  show: showMove,
  save: saveMove,
}
