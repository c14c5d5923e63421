import { isInPlan, type Plan, planFor, planScopes, type Scope, scopes } from '../../core/scopes'
import type { Option } from '../form/fields'

/** What each scope allows, in words. */
const words: Record<Scope, string> = {
  'cases:read': 'See cases, their history and their public side',
  'cases:write': 'Make and change cases, and add notes',
  'residents:read': 'See residents’ names and how to reach them',
  'wards:read': 'See wards',
  'categories:read': 'See categories',
  'events:read': 'See events',
  'events:write': 'Make, change, approve and delete events',
  'news:read': 'See news',
  'news:write': 'Make, change, approve and delete news',
  'users:read': 'See users and councillors',
  'reports:read': 'See reports and export cases',
  'webhooks:read': 'See webhooks and their deliveries',
  'webhooks:write': 'Make, change, test and delete webhooks',
  'audit:read': 'See the audit log',
  'settings:read': 'See the council’s settings',
  'settings:write': 'Change the council’s settings',
}

const resourceNames: Record<string, string> = {
  cases: 'Cases',
  residents: 'Residents',
  wards: 'Wards',
  categories: 'Categories',
  events: 'Events',
  news: 'News',
  users: 'Users',
  reports: 'Reports',
  webhooks: 'Webhooks',
  audit: 'Audit log',
  settings: 'Settings',
}

const resourceOf = (scope: Scope) => scope.slice(0, scope.indexOf(':'))

/** What a scope needs that the plan has not; null where it has all. */
const lackOf = (scope: Scope, plan: Plan) =>
  isInPlan(scope, plan) ? null : `Needs the plan ${planFor(scope)}`

export const scopeOptions: readonly Option[] = scopes.map((scope) => ({ value: scope, text: words[scope] }))

/** Every scope to be ticked, resource by resource; `number` counts through all of them, from 1. */
export const scopeGroups = (plan: Plan, chosen: readonly string[]) =>
  [...Map.groupBy(scopes, resourceOf)].map(([resource, ofResource]) => ({
    name: resourceNames[resource] ?? resource,
    items: ofResource.map((scope) => {
      const lack = lackOf(scope, plan)
      return {
        number: scopes.indexOf(scope) + 1,
        value: scope,
        text: words[scope],
        hint: lack === null ? scope : `${scope}. ${lack}`,
        isDisabled: lack !== null,
        isChosen: lack === null && chosen.includes(scope),
      }
    }),
  }))

/** The scopes that a key has, and what those need that are not in the plan any more. */
export const scopeRows = (ofKey: readonly Scope[], plan: Plan) =>
  ofKey.map((scope) => ({ scope, lack: lackOf(scope, plan) }))

export const hasApi = (plan: Plan) => planScopes[plan].length > 0
