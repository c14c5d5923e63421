import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { formOf } from '../support/forms'
import { signedInAs } from '../support/visitor'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await importWards(council.ctx, [{ name: 'Quay', slug: 'quay' }])
})

afterAll(() => app.close())

describe('a councillor’s own profile', () => {
  test('is for councillors alone', async () => {
    const caseworker = await signedInAs(app, council, { role: 'caseworker' })
    expect((await caseworker.see('/admin/account/profile')).status).toBe(403)
    expect((await caseworker.send('/admin/account/profile', { bio: 'x' })).status).toBe(403)
    expect((await caseworker.see('/admin/account')).html).not.toContain('/admin/account/profile')
  })

  test('names every fault, and is kept as text; what they may not change stays', async () => {
    const councillor = await signedInAs(app, council, { role: 'councillor', name: 'Cllr Nowak' })
    expect((await councillor.see('/admin/account')).html).toContain('/admin/account/profile')
    const form = await formOf((await councillor.see('/admin/account/profile')).html)
    const bad = await councillor.send('/admin/account/profile', { ...form, photoUrl: 'javascript:alert(1)' })
    expect([bad.status, bad.text.includes('There is a problem')]).toEqual([400, true])
    const evil = '<script>alert(1)</script>'
    const sent = { ...form, bio: evil, party: 'Independent', role: 'admin', name: 'Somebody else' }
    expect((await councillor.send('/admin/account/profile', sent)).location).toBe(
      '/admin/account?done=profile',
    )
    const { html } = await councillor.see('/admin/account/profile')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).not.toContain(evil)
    const { body } = await app.send('GET', `/api/users/${councillor.id}`, { key: council.key })
    expect(body).toMatchObject({ name: 'Cllr Nowak', role: 'councillor', party: 'Independent' })
    expect(body.profile.bio).toBe(evil)
  })

  test('that an admin changed meanwhile is shown in both versions', async () => {
    const councillor = await signedInAs(app, council, { role: 'councillor' })
    const form = await formOf((await councillor.see('/admin/account/profile')).html)
    await councillor.send('/admin/account/profile', { ...form, bio: 'the newer' })
    const stale = await councillor.send('/admin/account/profile', { ...form, bio: 'the older' })
    expect(stale.status).toBe(409)
    for (const words of ['Somebody changed this', 'the newer', 'the older'])
      expect(stale.text).toContain(words)
  })
})
