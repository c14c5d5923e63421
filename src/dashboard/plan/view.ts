import type { ApiKeyRow } from '../../core/api-keys/table'
import { isInPlan, type Plan, plans, type Scope, scopes } from '../../core/scopes'
import { wordsOf } from '../words'

const parts: Partial<Record<string, string>> = {
  residents: 'Residents’ details',
  reports: 'Reports and exports',
  users: 'People',
  webhooks: 'Webhooks',
  audit: 'Audit log',
}

/** What each plan includes: a row for each part and what is done with it. */
export const planRows = () =>
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

/** The keys in use that have scopes which the plan does not include. */
export const keysBeyond = (keys: readonly ApiKeyRow[], plan: Plan, now: Date): KeyBeyond[] =>
  keys
    .filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now))
    .map(({ name, prefix, lastFour, scopes: own }) => ({
      name,
      start: prefix,
      end: lastFour,
      scopes: own.filter((scope) => !isInPlan(scope, plan)),
    }))
    .filter((key) => key.scopes.length > 0)
