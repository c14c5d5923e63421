import { Elysia } from 'elysia'
import type { Ctx, Deps } from '../../core/ctx'
import { pages, type Visit } from '../../http/pages'
import type { CaseFilters } from '../../resources/cases/filters'
import { findCases } from '../../resources/cases/service'
import { listWards } from '../../resources/wards/store'
import { listPath } from '../cases/address'
import { searchHint } from '../cases/filters'
import { linesOf } from '../cases/rows'
import { showPage } from '../page'
import { councilIsCalled } from '../words'
import { countsOf, unfinished } from './counts'

const mostCases = 10

/** Councillors see the cases of their wards, everybody else those assigned to them. */
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

/** For an administrator, while the council has no ward. */
async function firstSteps(ctx: Ctx): Promise<{ slug: string; called: string } | null> {
  if (ctx.acting?.role !== 'admin') return null
  const { rows } = await listWards(ctx, {}, { kind: 'cursor', pageSize: 1, after: null })
  return rows.length > 0 ? null : { slug: ctx.tenant.slug, called: councilIsCalled(ctx.tenant) }
}

async function showHome(visit: Visit): Promise<Response> {
  const { ctx } = visit
  const [steps, counts, own] = await Promise.all([firstSteps(ctx), countsOf(ctx), ownCases(ctx)])
  const data = { title: 'Home', firstSteps: steps, counts, own, listPath, searchHint }
  return showPage(visit, 'home/page.njk', data)
}

export const homeRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin' })
    .use(pages(deps))
    .get('', ({ visit }) => showHome(visit), { page: 'signed-in' })
