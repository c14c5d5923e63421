import { describe, expect, test } from 'bun:test'
import {
  isInPlan,
  isInRole,
  isScope,
  type Plan,
  planFor,
  planScopes,
  plans,
  type Role,
  type RouteScope,
  roles,
  scopes,
} from '../../src/core/scopes'

// As the product's page lists them: every scope, and whether the plan Pro includes it; Council includes all.
const table: [scope: string, isInPro: boolean][] = [
  ['cases:read', true],
  ['cases:write', true],
  ['wards:read', true],
  ['categories:read', true],
  ['events:read', true],
  ['events:write', true],
  ['news:read', true],
  ['news:write', true],
  ['residents:read', true],
  ['users:read', false],
  ['reports:read', false],
  ['webhooks:read', false],
  ['webhooks:write', false],
  ['audit:read', false],
  ['settings:read', false],
  ['settings:write', false],
]

describe('what is no scope', () => {
  test.each([
    '',
    'all',
    'any-key',
    'cases',
    'cases:*',
    'Cases:read',
    'cases:read ',
    'toString',
    'cases:delete',
  ])('"%s"', (text) => {
    expect(isScope(text)).toBe(false)
  })
})

describe('plans', () => {
  test('the free one includes nothing', () => {
    expect(planScopes.free).toEqual([])
    expect(scopes.filter((scope) => isInPlan(scope, 'free'))).toEqual([])
  })

  test('there are sixteen scopes and three plans, each named once', () => {
    expect([...scopes].sort() as string[]).toEqual(table.map(([scope]) => scope).sort())
    expect([...plans]).toEqual(['free', 'pro', 'council'])
    for (const plan of plans) expect(new Set(planScopes[plan]).size).toBe(planScopes[plan].length)
  })

  test.each(table)('%s: in Pro %p, in Council always', (scope, isInPro) => {
    if (!isScope(scope)) throw new Error(`${scope} is no scope`)
    expect(isInPlan(scope, 'pro')).toBe(isInPro)
    expect(isInPlan(scope, 'council')).toBe(true)
    expect(planFor(scope)).toBe<Plan>(isInPro ? 'pro' : 'council')
  })
})

describe('roles', () => {
  const managersOnly: RouteScope[] = [
    'reports:read',
    'webhooks:read',
    'webhooks:write',
    'audit:read',
    'settings:read',
    'settings:write',
  ]

  test.each<[Role, boolean]>([
    ['admin', true],
    ['manager', true],
    ['councillor', false],
    ['caseworker', false],
  ])('a key for a %s may use reports, webhooks, audit and settings: %p', (role, expected) => {
    expect(managersOnly.map((scope) => isInRole(scope, role))).toEqual(managersOnly.map(() => expected))
  })

  test('a key for anyone may use the rest', () => {
    const rest: RouteScope[] = ['any-key', ...scopes.filter((scope) => !managersOnly.includes(scope))]
    expect(rest).toHaveLength(11)
    for (const role of roles) expect(rest.filter((scope) => !isInRole(scope, role))).toEqual([])
  })
})
