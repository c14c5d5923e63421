import { describe, expect, test } from 'bun:test'
import type { ActingUser, Ctx } from '../../src/core/ctx'
import { assertMayPublish, mayPublish } from '../../src/core/publishing'
import { type Role, roles } from '../../src/core/scopes'
import { refusalOf } from '../support/store'

const as = (role: Role | null) => {
  const acting: ActingUser | null = role && { id: 'user', name: 'A user', role, wardIds: [] }
  return { acting } as Ctx
}

describe('publishing', () => {
  test('is refused to caseworkers, who are told why', async () => {
    expect(mayPublish(as('caseworker'))).toBe(false)
    const { kind, details } = await refusalOf(() => assertMayPublish(as('caseworker')))
    expect([kind, details]).toEqual(['forbidden', { role: 'caseworker' }])
  })

  test.each([null, ...roles.filter((role) => role !== 'caseworker')])('is open to %s', (role) => {
    expect(mayPublish(as(role))).toBe(true)
    assertMayPublish(as(role))
  })
})
