import { listKeys } from '../../core/api-keys/store'
import type { ApiKeyRow } from '../../core/api-keys/table'
import { isInPlan, type Plan, plans, type Scope, scopes } from '../../core/scopes'
import type { Visit } from '../../http/pages'
import { showPage } from '../page'
import { mayUse, toAdministration } from '../places'
import { wordsOf } from '../words'

const parts: Partial<Record<string, string>> = {
  residents: 'Residents’ details',
  reports: 'Reports and exports',
  users: 'People',
  webhooks: 'Webhooks',
  audit: 'Audit log',
}

const planRows = () =>
  scopes.map((scope) => {
    const [part = '', access = ''] = scope.split(':')
    return {
      part: parts[part] ?? wordsOf(part),
      access: wordsOf(access),
      scope,
      includes: plans.map((plan) => isInPlan(scope, plan)),
    }
  })

type KeyBeyond = { name: string; start: string; end: string; scopes: Scope[] }

/** The keys in use with scopes that the plan does not include. */
const keysBeyond = (keys: readonly ApiKeyRow[], plan: Plan, now: Date): KeyBeyond[] =>
  keys
    .filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now))
    .map(({ name, prefix, lastFour, scopes: own }) => ({
      name,
      start: prefix,
      end: lastFour,
      scopes: own.filter((scope) => !isInPlan(scope, plan)),
    }))
    .filter((key) => key.scopes.length > 0)

const shownKeys = 100

export async function showPlan(visit: Visit): Promise<Response> {
  const { ctx } = visit
  const { plan, slug } = ctx.tenant
  const beyond = keysBeyond(await listKeys(ctx), plan, ctx.clock.now())
  return showPage(visit, 'administration/plan.njk', {
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
