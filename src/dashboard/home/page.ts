import type { Ctx } from '../../core/ctx'
import type { Visit } from '../../http/pages'
import type { CaseFilters } from '../../resources/cases/filters'
import { findCases } from '../../resources/cases/service'
import { listPath } from '../cases/asked'
import { linesOf } from '../cases/rows'
import { showPage } from '../page'
import { countsOf, unfinished } from './counts'

const mostCases = 10

/** The newest open cases of whoever looks, or of their wards. */
async function ownCases(ctx: Ctx) {
  const { acting } = ctx
  const isCouncillor = acting?.role === 'councillor'
  const own: CaseFilters = acting && !isCouncillor ? { assigneeId: [acting.id] } : {}
  const slice = { kind: 'cursor', pageSize: mostCases, after: null } as const
  const { rows } = await findCases(ctx, { status: unfinished, ...own }, slice)
  return {
    rows: linesOf(ctx, rows),
    heading: isCouncillor ? 'Newest open cases in your wards' : 'Your newest open cases',
    nothing: isCouncillor ? 'No case is open in your wards.' : 'No open case is assigned to you.',
  }
}

/** What somebody needs first who comes in. */
export async function showHome(visit: Visit): Promise<Response> {
  const [counts, own] = await Promise.all([countsOf(visit.ctx), ownCases(visit.ctx)])
  return showPage(visit, 'home/page.njk', { title: 'Home', counts, own, listPath })
}
