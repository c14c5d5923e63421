import type { Ctx } from '../../../core/ctx'
import type { Visit } from '../../../http/pages'
import { isVisible } from '../../../resources/cases/filters'
import type { CaseView, CaseWithNames } from '../../../resources/cases/model'
import { showCase } from '../../../resources/cases/residents/service'
import { getCase } from '../../../resources/cases/store'
import { redirect } from '../../page'

/** A case as it is stored and as whoever looks may see it. */
export type OpenCase = { found: CaseWithNames; view: CaseView }

/** The case of an address, by reference or id; throws where it is not theirs to see. */
export async function openCase({ ctx }: Visit, reference: string): Promise<OpenCase> {
  const found = await getCase(ctx, reference)
  return { found, view: await showCase(ctx, found) }
}

type Referred = Pick<CaseView, 'reference'>

export const casePath = ({ reference }: Referred, below = ''): string => `/admin/cases/${reference}${below}`

export const backToCase = (view: Referred) => ({ text: `Back to ${view.reference}`, href: casePath(view) })

/** To the changed case; to the list, where the change took it out of what its author sees. */
export function goToCase(ctx: Ctx, view: CaseView, done: string): Response {
  const isTheirs = isVisible(ctx, view.assigneeId, view.wardId)
  return redirect(isTheirs ? casePath(view, `?done=${done}`) : '/admin/cases?done=gone')
}
