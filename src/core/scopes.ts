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

/** A route needs one scope or just a valid key. */
export type RouteScope = Scope | 'any-key'

/** The only place that says which plan includes which scopes. */
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

/**
 * Whether a key acting for a user with this role may use the scope at all; which rows it sees is decided separately.
 */
export const isInRole = (scope: RouteScope, role: Role) =>
  role === 'admin' || role === 'manager' || !managerScopes.test(scope)

/** Things that people do in the dashboard and keys cannot. */
export type Permission = Scope | 'keys:manage' | 'users:write' | 'wards:write' | 'categories:write'

const adminPermissions = /^(keys:manage|(users|wards|categories|settings):write)$/

/** Which rows they see is decided separately. */
export const isForRole = (permission: Permission, role: Role) =>
  role === 'admin' ||
  (!adminPermissions.test(permission) && (role === 'manager' || !managerScopes.test(permission)))

/**
 * A dashboard user's scopes. Residents' details are left out: pages that show them ask for them, and each view is
 * recorded.
 */
export const dashboardScopes = (role: Role): ReadonlySet<Scope> =>
  new Set(scopes.filter((scope) => scope !== 'residents:read' && isForRole(scope, role)))
