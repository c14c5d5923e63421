import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createVisitor, signedInAs, withoutSecondFactor } from '../support/visitor'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp({
    REEVE_ADMIN_ALLOW: '192.0.2.0/24, 2001:db8::/32, 127.0.0.1',
    REEVE_TRUSTED_PROXIES: '10.0.0.1',
  })
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
})

afterAll(() => app.close())

const outside = ['198.51.100.7', '2001:db9::1', '::ffff:198.51.100.7', '10.0.0.1', '']

describe('from an address that is not allowed', () => {
  test.each(outside)(
    '(%s) every page, form, style and path of the dashboard is refused in words',
    async (peer) => {
      const paths = app.routes.entries.filter(({ path }) => path.startsWith('/admin'))
      expect(paths.length).toBeGreaterThan(10)
      for (const { method, path } of [
        ...paths,
        ...['/admin', '/admin/', '/admin/nothing', '/admin/%61'].map((path) => ({ method: 'GET', path })),
      ]) {
        const answer = await app.send(method, path.replaceAll(/:\w+/g, 'unknown'), { peer })
        expect([method, path, answer.status]).toEqual([method, path, 403])
        expect(answer.headers.get('content-type')).toStartWith('text/html')
        expect(answer.text).toContain(`may not be used from this address (${peer})`)
      }
    },
  )

  test('the page that says so is whole without the styles that are refused too', async () => {
    const { text, headers } = await app.send('GET', '/admin', { peer: '198.51.100.7' })
    expect(text).toContain('<h1>You cannot use the dashboard from here</h1>')
    expect(text).not.toMatch(/<link|<script|<a /)
    const [, style = ''] = /<style>(.+)<\/style>/.exec(text) ?? []
    const hash = new Bun.CryptoHasher('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`)
  })

  test('whoever is signed in, and before a wrong password counts', async () => {
    const admin = await signedInAs(app, council, { role: 'admin' })
    expect((await admin.see('/admin')).status).toBe(200)
    const stolen = createVisitor(app, '198.51.100.7')
    stolen.cookie = admin.cookie
    expect((await stolen.see('/admin')).status).toBe(403)
    const form = { council: 'avon', email: 'nobody@example.org', password: 'wrong' }
    for (let i = 0; i < 150; i++) expect((await stolen.send('/admin/sign-in', form)).status).toBe(403)
  })

  test('the API, feeds, documents and health are answered as ever', async () => {
    const peer = '198.51.100.7'
    expect((await app.send('GET', '/api/me', { key: council.key, peer })).status).toBe(200)
    for (const path of ['/public/avon/news.rss', '/swagger', '/ready', '/health']) {
      expect([path, (await app.send('GET', path, { peer })).status]).toEqual([path, 200])
    }
    expect((await app.send('GET', '/administer', { peer })).status).toBe(404)
  })
})

describe('from an address that is allowed', () => {
  test.each(['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::7', '127.0.0.1'])(
    '(%s) people sign in',
    async (peer) => {
      expect((await createVisitor(app, peer).see('/admin/sign-in')).status).toBe(200)
    },
  )

  test('the client’s own address decides, which only a trusted proxy may tell', async () => {
    const from = async (peer: string, forwarded: string) =>
      (await app.send('GET', '/admin/sign-in', { peer, headers: { 'x-forwarded-for': forwarded } })).status
    expect(await from('10.0.0.1', '192.0.2.7')).toBe(200)
    expect(await from('10.0.0.1', '192.0.2.7, 198.51.100.7')).toBe(403)
    expect(await from('198.51.100.7', '192.0.2.7')).toBe(403)
    expect(await from('192.0.2.7', '198.51.100.7')).toBe(200)
  })
})
