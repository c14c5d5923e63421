import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createSide } from '../support/sides'
import { createVisitor, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

let app: TestApp
let council: Council
let admin: Visitor
let caseworker: Visitor

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
  caseworker = await signedInAs(app, council, { role: 'caseworker' })
})

afterAll(() => app.close())

/** Every page, with an example for each parameter. */
const doors = () =>
  app.routes.entries
    .filter(({ path }) => path.startsWith('/admin') && !path.startsWith('/admin/assets/'))
    .map(({ path, ...entry }) => ({ ...entry, path: path.replaceAll(/:\w+/g, 'unknown') }))

const ask = (visitor: Visitor, { method, path }: { method: string; path: string }) =>
  method === 'GET' ? visitor.see(path) : visitor.send(path)

describe('every page', () => {
  test('says who may see it', () => {
    expect(doors().length).toBeGreaterThan(3)
    expect(doors().filter(({ permission }) => permission === null)).toEqual([])
  })

  test('sends who is not signed in to the page where they can', async () => {
    const closed = doors().filter(({ permission }) => permission !== 'everybody')
    expect(closed.length).toBeGreaterThan(0)
    for (const door of closed) {
      const { status, location } = await ask(createVisitor(app), door)
      expect([door.method, door.path, status]).toEqual([door.method, door.path, 303])
      expect(location).toStartWith('/admin/sign-in')
    }
  })

  test('that there is not has the navigation for whoever is signed in, and none for others', async () => {
    for (const path of ['/admin/nothing', '/admin/cases/CW-2020-0001']) {
      const { status, html, text } = await admin.see(path)
      expect([path, status, text.includes('Page not found')]).toEqual([path, 404, true])
      expect(html).toContain('href="/admin/administration"')
    }
    expect((await createVisitor(app).see('/admin/nothing')).html).not.toContain('Sign out')
  })

  test('refuses a form of another site, whoever is signed in, and changes nothing', async () => {
    const forms = doors().filter(({ method }) => method === 'POST')
    for (const { path } of forms) {
      const foreign: Record<string, string>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { 'sec-fetch-site': '', origin: 'https://evil.example' },
        { 'sec-fetch-site': '', origin: 'null' },
      ]
      for (const from of foreign) {
        const { status, text } = await admin.send(path, {}, from)
        expect([path, from, status, text.includes('another site')]).toEqual([path, from, 403, true])
      }
    }
    expect((await admin.see('/admin')).status).toBe(200)
  })

  test('which only an admin may see is refused to a caseworker', async () => {
    const onlyAdmins = /^(keys:manage|(users|wards|categories|settings):write|audit:read|settings:read)$/
    for (const door of doors().filter(({ permission }) => onlyAdmins.test(permission ?? ''))) {
      const { status } = await ask(caseworker, door)
      expect([door.method, door.path, status]).toEqual([door.method, door.path, 403])
    }
  })

  test('runs nothing and loads nothing of others, is kept by nobody and framed by nobody', async () => {
    for (const door of doors().filter(({ method }) => method === 'GET')) {
      const { headers, html } = await ask(admin, door)
      if (headers.get('location')) continue
      expect(headers.get('content-security-policy')).toStartWith("default-src 'none'; script-src 'self';")
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect([
        door.path,
        /<script(?![^>]* src=)|<style| style=| on\w+="|(?<! xmlns)="(https?:)?\/\//.exec(html),
      ]).toEqual([door.path, null])
    }
  })
})

describe('what is another council’s', () => {
  const areas = {
    keys: 'key',
    users: 'assignee',
    wards: 'ward',
    categories: 'category',
    cases: 'case',
  } as const

  test('is as unknown as what is nowhere, on every page and in every form, to an admin too', async () => {
    const [other, own] = [await createSide(app, 'brent', 2), await createSide(app, 'camden', 2)]
    await withoutSecondFactor(own.council)
    const visitor = await signedInAs(app, own.council, { role: 'admin' })
    const routes = app.routes.entries.filter(({ path }) => /^\/admin\/.*\/:(id|reference)/.test(path))
    expect(routes.length).toBeGreaterThan(20)
    for (const { method, path } of routes) {
      const kind = areas[path.split('/')[2] as keyof typeof areas]
      const of = (id: string) => path.replace(/:(id|reference)/, id).replace(':status', 'resolved')
      const theirs = await ask(visitor, { method, path: of(other.ids[kind]) })
      const unknown = await ask(visitor, { method, path: of('a'.repeat(24)) })
      expect([method, path, theirs.status, theirs.text]).toEqual([method, path, unknown.status, unknown.text])
      expect([path, theirs.html.includes('brent')]).toEqual([path, false])
      if (method === 'GET') expect([path, theirs.status]).toEqual([path, 404])
    }
  })
})
