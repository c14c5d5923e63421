export const plans = ['free', 'pro', 'council'] as const
export type Plan = (typeof plans)[number]

const proScopes = [
  'cases:read',
  'cases:write',
  'residents:read',
  'wards:read',
  'categories:read',
  'events:read',
  'events:write',
  'news:read',
  'news:write',
] as const

const councilScopes = [
  ...proScopes,
  'users:read',
  'reports:read',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'settings:read',
  'settings:write',
] as const

export const scopes = councilScopes
export type Scope = (typeof scopes)[number]

/** What a route may ask for: one scope, or only a valid key. */
export type RouteScope = Scope | 'any-key'

/** Which scopes each plan includes: the one place that says so. */
export const planScopes: Record<Plan, readonly Scope[]> = {
  free: [],
  pro: proScopes,
  council: councilScopes,
}

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text)

export const isInPlan = (scope: Scope, plan: Plan) => planScopes[plan].includes(scope)

/** The smallest plan that includes the scope. */
export const planFor = (scope: Scope) => plans.find((plan) => isInPlan(scope, plan)) as Plan

export const roles = ['admin', 'manager', 'councillor', 'caseworker'] as const
export type Role = (typeof roles)[number]

const managerScopes = /^(reports|webhooks|audit|settings):/

/** Whether a key acting for a user of this role may use the scope at all; rows are bounded separately. */
export const isInRole = (scope: RouteScope, role: Role) =>
  role === 'admin' || role === 'manager' || !managerScopes.test(scope)
