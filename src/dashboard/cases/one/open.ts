import type { Ctx } from '../../../core/ctx'
import type { Visit } from '../../../http/pages'
import { isVisible } from '../../../resources/cases/filters'
import type { CaseView, CaseWithNames } from '../../../resources/cases/model'
import { showCase } from '../../../resources/cases/residents/service'
import { getCase } from '../../../resources/cases/store'
import { redirect } from '../../page'

/** The parameter of every page of a case: its reference or id. */
export type ByReference = { reference: string }

/** A case as it is stored, and as the visitor may see it. */
export type OpenCase = { found: CaseWithNames; view: CaseView }

/** Throws if the visitor may not see the case. */
export async function openCase({ ctx }: Visit, reference: string): Promise<OpenCase> {
  const found = await getCase(ctx, reference)
  return { found, view: await showCase(ctx, found) }
}

/** What a step depends on, because somebody else may have moved the case. */
export const basisOf = ({ status, pending }: CaseView) => ({ status, pending })

/** A step without questions, as a form. */
export const stepOf = (view: CaseView) => ({ fields: [], current: {}, basis: basisOf(view), state: view })

export const casePath = ({ reference }: ByReference, below = ''): string =>
  `/admin/cases/${reference}${below}`

export const backToCase = (view: ByReference) => ({ text: `Back to ${view.reference}`, href: casePath(view) })

/** To the changed case, or to the list if the change put it out of its author’s sight. */
export function goToCase(ctx: Ctx, view: CaseView, done: string): Response {
  const isTheirs = isVisible(ctx, view.assigneeId, view.wardId)
  return redirect(isTheirs ? casePath(view, `?done=${done}`) : '/admin/cases?done=gone')
}
