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

/** What people do in the dashboard and no key can. */
export type Permission = Scope | 'keys:manage' | 'users:write' | 'wards:write' | 'categories:write'

const adminPermissions = /^(keys:manage|(users|wards|categories|settings):write)$/

/** Whether a user of this role may use a part of the dashboard; rows are bounded separately. */
export const isForRole = (permission: Permission, role: Role) =>
  role === 'admin' ||
  (!adminPermissions.test(permission) && (role === 'manager' || !managerScopes.test(permission)))

/**
 * The scopes with which a user of this role looks at things in the dashboard. Residents' fields are not among them: a
 * page that shows them says so, and each time is on record.
 */
export const dashboardScopes = (role: Role): ReadonlySet<Scope> =>
  new Set(scopes.filter((scope) => scope !== 'residents:read' && isForRole(scope, role)))
