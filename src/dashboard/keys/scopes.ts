import { isInPlan, type Plan, planFor, planScopes, type Scope, scopes } from '../../core/scopes'
import { scopeLabels } from '../../resources/all'
import type { Option } from '../form/fields'

/** Null where the plan includes the scope. */
const lackOf = (scope: Scope, plan: Plan) =>
  isInPlan(scope, plan) ? null : `Needs the plan ${planFor(scope)}`

export const scopeOptions: readonly Option[] = scopes.map((scope) => ({
  value: scope,
  text: scopeLabels[scope].allows,
}))

/** Every scope to be ticked, resource by resource; `number` counts through all of them, from 1. */
export const scopeGroups = (plan: Plan, chosen: readonly string[]) =>
  [...Map.groupBy(scopes, (scope) => scopeLabels[scope].heading)].map(([name, under]) => ({
    name,
    items: under.map((scope) => {
      const lack = lackOf(scope, plan)
      return {
        number: scopes.indexOf(scope) + 1,
        value: scope,
        text: scopeLabels[scope].allows,
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
