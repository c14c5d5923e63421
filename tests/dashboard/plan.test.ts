import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createKey, revokeKey } from '../../src/core/api-keys/service'
import { planScopes, scopes } from '../../src/core/scopes'
import { setPlan } from '../../src/core/tenants/service'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor
let manager: Visitor

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
  manager = await signedInAs(app, council, { role: 'manager' })
})

afterAll(() => app.close())

const evil = '<script>alert(1)</script>'

describe('the plan', () => {
  test('is not for councillors', async () => {
    const councillor = await signedInAs(app, council, { role: 'councillor' })
    expect((await councillor.see('/admin/plan')).status).toBe(403)
  })

  test('says which plan it is, how it is changed, and what each includes', async () => {
    const { text, html } = await manager.see('/admin/plan')
    expect(text).toContain('Your council is on the plan Council .')
    expect(text).toContain('reeve tenant set-plan avon PLAN')
    const rows = [...html.matchAll(/<code>(\w+:\w+)<\/code><\/td>((?:\s*<td[^>]*>(?:Yes|No)<\/td>)+)/g)]
    const said = rows.map(([, scope, cells = '']) => [scope, cells.match(/Yes|No/g)])
    const word = (isIn: boolean) => (isIn ? 'Yes' : 'No')
    expect(said).toEqual(scopes.map((scope) => [scope, ['No', word(planScopes.pro.includes(scope)), 'Yes']]))
    expect(text).toContain('None: every key in use has only scopes that the plan includes')
  })

  test('names the keys in use that have more than the plan, and no others', async () => {
    await createTestKey(app, council, { name: evil, scopes: ['cases:read', 'reports:read', 'users:read'] })
    await createTestKey(app, council, { name: 'modest', scopes: ['cases:read'] })
    await createTestKey(app, council, {
      name: 'ended',
      scopes: ['audit:read'],
      expiresAt: new Date(app.clock.now().getTime() + 1_000),
    })
    const gone = await createKey(council.ctx, app.deps, { name: 'revoked', scopes: ['audit:read'] })
    await revokeKey(council.ctx, gone.key.id)
    app.clock.advance(2_000)
    await setPlan(council.ctx, 'pro')
    const { text, html } = await admin.see('/admin/plan')
    expect(text).toContain('Your council is on the plan Pro .')
    expect(text).toContain('2 keys in use have scopes that the plan does not include')
    expect(text).toContain(evil)
    expect(html).not.toContain('<script>alert')
    expect(text).toContain('users:read, reports:read')
    for (const name of ['modest', 'ended', 'revoked'])
      expect([name, text.includes(name)]).toEqual([name, false])
    expect(html).toContain('href="/admin/keys"')
    expect((await manager.see('/admin/plan')).html).not.toContain('href="/admin/keys"')
  })
})
