import { Elysia } from 'elysia'
import { listKeys } from '../../core/api-keys/store'
import type { Deps } from '../../core/ctx'
import { plans } from '../../core/scopes'
import { pages, type Visit } from '../../http/pages'
import { mayUse, toAdministration } from '../administration/places'
import { showPage } from '../page'
import { wordsOf } from '../words'
import { keysBeyond, planRows } from './view'

const shownKeys = 100

async function showPlan(visit: Visit): Promise<Response> {
  const { ctx } = visit
  const { plan, slug } = ctx.tenant
  const beyond = keysBeyond(await listKeys(ctx), plan, ctx.clock.now())
  return showPage(visit, 'plan/page.njk', {
    title: 'Plan',
    back: toAdministration(visit),
    plan: wordsOf(plan),
    plans: plans.map(wordsOf),
    rows: planRows(),
    keys: beyond.slice(0, shownKeys),
    keyCount: beyond.length,
    mayManageKeys: mayUse(visit, 'keys:manage'),
    command: `reeve tenant set-plan ${slug} PLAN`,
    words: plans.join(', '),
  })
}

/** What the council's plan includes. */
export const planPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/plan' })
    .use(pages(deps))
    .get('', ({ visit }) => showPlan(visit), { page: 'settings:read' })
