import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createVisitor, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor
let manager: Visitor
let caseworker: Visitor

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin', name: 'Ada Green', email: 'ada@example.org' })
  manager = await signedInAs(app, council, { role: 'manager' })
  caseworker = await signedInAs(app, council, { role: 'caseworker' })
})

afterAll(() => app.close())

const linksOf = (html: string) =>
  [...html.matchAll(/<h2[^>]*><a class="govuk-link" href="([^"]+)"/g)].map(([, href]) => href)

describe('the administration', () => {
  test('is not for caseworkers, who are not led there either', async () => {
    expect((await caseworker.see('/admin/administration')).status).toBe(403)
    expect((await caseworker.see('/admin')).html).not.toContain('/admin/administration')
  })

  test('leads an admin to every part, a manager to those that they may open', async () => {
    const parts = ['users', 'wards', 'categories', 'settings', 'audit', 'plan'].map(
      (part) => `/admin/${part}`,
    )
    expect(linksOf((await admin.see('/admin/administration')).html)).toEqual(['/admin/keys', ...parts])
    expect(linksOf((await manager.see('/admin/administration')).html)).toEqual(parts)
    for (const part of parts) expect([part, (await manager.see(part)).status]).toEqual([part, 200])
  })

  test('shows where one is', async () => {
    for (const part of ['administration', 'wards', 'audit', 'settings', 'plan', 'categories']) {
      const { html } = await admin.see(`/admin/${part}`)
      expect([part, /active[^<]*<a[^>]*aria-current="true"[^>]*>\s*<strong[^>]*>Admin</.test(html)]).toEqual([
        part,
        true,
      ])
    }
  })
})

describe('help', () => {
  test('is for everybody, and tells nobody who works for which council', async () => {
    for (const path of ['/admin/help', '/admin/accessibility']) {
      const { status, html, text } = await createVisitor(app).see(path)
      expect(status).toBe(200)
      expect(text).toContain('administrator of your council')
      expect(html).not.toContain('Ada Green')
      expect(html).not.toContain('/admin/cases')
    }
  })

  test('names the administrators to their own council, and how they are reached to whom they let know', async () => {
    const other = await createCouncil(app, 'brent')
    await withoutSecondFactor(other)
    const stranger = await signedInAs(app, other, { role: 'caseworker' })
    for (const path of ['/admin/help', '/admin/accessibility']) {
      expect((await manager.see(path)).text).toContain('Ada Green, ada@example.org')
      const { text, html } = await caseworker.see(path)
      expect(text).toContain('Ada Green')
      expect(text).not.toContain('ada@example.org')
      expect(html).toContain('href="/admin/cases"')
      expect((await stranger.see(path)).text).not.toContain('Ada Green')
    }
  })

  test('is found on every page', async () => {
    for (const visitor of [admin, createVisitor(app)]) {
      const { html } = await visitor.see(visitor === admin ? '/admin' : '/admin/sign-in')
      expect(html).toContain('href="/admin/help"')
      expect(html).toContain('href="/admin/accessibility"')
    }
  })

  test('the statement says what is not known, and who enforces the law', async () => {
    const { text } = await createVisitor(app).see('/admin/accessibility')
    for (const words of [
      'does not claim that it fully complies',
      'has not been tested with screen readers',
      'Equality and Human Rights Commission',
      'Equality Advisory and Support Service',
    ]) {
      expect(text).toContain(words)
    }
  })
})
