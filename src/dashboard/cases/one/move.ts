import type { Deps } from '../../../core/ctx'
import type { Visit } from '../../../http/pages'
import { AppError, invalid, notFound } from '../../../lib/errors'
import { CasePatch } from '../../../resources/cases/input'
import { allowedMoves, type Move, mayMove, resolutionsFor } from '../../../resources/cases/rules/lifecycle'
import { patchCase } from '../../../resources/cases/service'
import { getCase } from '../../../resources/cases/store'
import { type CaseRow, type CaseStatus, caseStatuses } from '../../../resources/cases/table'
import { type Changing, saveChange, showChange } from '../../form/change'
import type { Field, Problem } from '../../form/fields'
import type { Form } from '../../form/routes'
import { noProblem } from '../../form/submit'
import { checkInput, type Values, valuesOf } from '../../form/values'
import { showPage } from '../../page'
import { wordsOf } from '../../words'
import { goToCaseWithNote } from './note'
import { type ByReference, backToCase, basisOf, casePath, type OpenCase, openCase } from './open'
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

/** True if the visitor cannot undo the move themselves. */
const isForGood = ({ ctx }: Visit, to: CaseStatus): boolean =>
  to === 'closed' && !mayMove('closed', 'in_progress', ctx.acting?.role ?? null)

const forGood = 'You cannot reopen a closed case yourself: only a manager or an administrator can.'

const moveTo = (visit: Visit, row: CaseRow, to: CaseStatus): Move | undefined =>
  allowedMoves(row, visit.ctx.acting?.role ?? null).find((move) => move.to === to)

const subjectOf = (visit: Visit, { found, view }: OpenCase, to: CaseStatus): Changing => {
  const move = moveTo(visit, found.case, to)
  return {
    fields: move ? fieldsFor(found.case, move) : [],
    current: { resolution: view.resolution },
    basis: basisOf(view),
    state: view,
  }
}

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
    intro: `${view.summary}. It is now ${wordsOf(view.status).toLowerCase()}.${isForGood(visit, to) ? ` ${forGood}` : ''}`,
    ...subjectOf(visit, opened, to),
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

async function readMove(visit: Visit, sent: Values, to: CaseStatus): Promise<CasePatch> {
  const original = sent.given('duplicateOfId')
  return checkInput(CasePatch, {
    status: to,
    resolution: sent.given('resolution'),
    reason: sent.given('reason'),
    duplicateOfId: original && (await originalOf(visit, original)),
  })
}

async function saveMove(deps: Deps, visit: Visit, params: Params): Promise<Response> {
  const { reference } = params
  const to = readStatus(params)
  const view = await saveChange(
    visit,
    async () => subjectOf(visit, await openCase(visit, reference), to),
    async (ctx, sent) => patchCase(ctx, reference, await readMove(visit, valuesOf(sent), to)),
  )
  return goToCaseWithNote(deps, visit, view, 'moved')
}

export const moveForm = (deps: Deps): Form => ({
  path: '/:reference/move/:status',
  permission: 'cases:write',
  show: showMove,
  save: (visit, params: Params) => saveMove(deps, visit, params),
})
