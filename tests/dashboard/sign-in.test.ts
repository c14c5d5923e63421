import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asc } from 'drizzle-orm'
import { sessions } from '../../src/core/sessions/table'
import { changeTenant } from '../../src/core/tenants/service'
import { sha256 } from '../../src/lib/hash'
import { createPasswordHasher } from '../../src/lib/password-hash'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createVisitor, password, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
})

afterAll(() => app.close())

const hour = 3_600_000

/** Each test has its own attempts. */
let lastAddress = 0
const newVisitor = () => createVisitor(app, `192.0.2.${++lastAddress}`)

const signInForm = (email: string, given = password) => ({ email, password: given })

const newUser = (input: Partial<Parameters<typeof createTestUser>[1]> = {}) =>
  createTestUser(council, { role: 'caseworker', password, ...input })

describe('signing in is refused', () => {
  test('alike for a wrong password, an unknown address and a user who is not active', async () => {
    const { email } = await newUser()
    const visitor = newVisitor()
    const answers = [
      await visitor.send('/admin/sign-in', signInForm(email, 'not the password')),
      await visitor.send('/admin/sign-in', signInForm('nobody@example.org')),
      await visitor.send('/admin/sign-in', signInForm(email, '')),
    ]
    for (const { status, text, headers } of answers) {
      expect(status).toBe(400)
      expect(text).toContain('The e-mail address or the password is wrong')
      expect(headers.getSetCookie()).toEqual([])
    }
    expect(visitor.cookie).toBe('')
  })

  test('while too many others are signing in, and soon no longer', async () => {
    const busy = await createTestApp(
      {},
      {
        passwords: createPasswordHasher(
          // Long enough for all to arrive while the first is being looked at.
          { memoryCost: 32_768, timeCost: 4 },
          { atOnce: 1, waiting: 1, waitingOfOne: 1 },
        ),
      },
    )
    try {
      const crowd = await createCouncil(busy, 'avon')
      await withoutSecondFactor(crowd)
      const { email } = await createTestUser(crowd, { role: 'manager', password })
      const attempts = Array.from({ length: 6 }, (_, i) =>
        createVisitor(busy, `192.0.2.${i}`).send('/admin/sign-in', signInForm(email)),
      )
      const answers = await Promise.all(attempts)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 503]))
      const refused = answers.find(({ status }) => status === 503)
      expect(refused?.headers.get('retry-after')).toBe('5')
      expect(refused?.text).toContain('Reeve is busy')
      expect(refused?.text).toContain(
        'Too many people are signing in at the moment. Try again in a few seconds.',
      )
      expect((await createVisitor(busy).send('/admin/sign-in', signInForm(email))).status).toBe(303)
    } finally {
      await busy.close()
    }
  })

  test('at another council than one’s own', async () => {
    const other = await createTestApp()
    try {
      await createCouncil(other, 'brent')
      const own = await createCouncil(other, 'camden')
      await withoutSecondFactor(own)
      const { email } = await createTestUser(own, { role: 'manager', password })
      const visitor = createVisitor(other)
      const form = { ...signInForm(email), council: 'brent' }
      expect((await visitor.send('/admin/sign-in', form)).status).toBe(400)
      expect((await visitor.see('/admin/sign-in')).text).toContain('camden council')
      const unchosen = await visitor.send('/admin/sign-in', { ...form, council: '' })
      expect(unchosen.text).toStartWith('There is a problem Choose your council Sign in')
      expect(unchosen.html).toContain('href="#council"')
      expect((await visitor.send('/admin/sign-in', { ...form, council: 'camden' })).location).toBe('/admin')
      await changeTenant(own.ctx, 'settings.update', { name: 'brent council' })
      expect((await createVisitor(other).see('/admin/sign-in')).text).toContain(
        'brent council (brent) brent council (camden)',
      )
    } finally {
      await other.close()
    }
  })

  test('after ten attempts at an account from one address, the right password too, for fifteen minutes', async () => {
    const { email } = await newUser()
    const visitor = newVisitor()
    for (let i = 0; i < 10; i++) await visitor.send('/admin/sign-in', signInForm(email, 'guess'))
    const { status, text } = await visitor.send('/admin/sign-in', signInForm(email.toUpperCase()))
    expect(status).toBe(400)
    expect(text).toContain('There were too many attempts. Try again in 15 minutes.')
    expect((await newVisitor().send('/admin/sign-in', signInForm(email))).location).toBe('/admin')
    app.clock.advance(15 * 60_000)
    expect((await visitor.send('/admin/sign-in', signInForm(email))).location).toBe('/admin')
  })

  test('is on record without the address that was tried', async () => {
    await newVisitor().send('/admin/sign-in', signInForm('secret-address@example.org'))
    const { body, text } = await app.send('GET', '/api/audit?action=session.refuse&pageSize=1', {
      key: council.key,
    })
    expect(body.entries[0]).toMatchObject({ action: 'session.refuse', entityId: 'unknown' })
    expect(text).not.toContain('secret-address')
    expect(JSON.stringify(app.logged)).not.toContain('secret-address')
  })
})

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends, its token nowhere in the store', async () => {
    const { email } = await newUser()
    const visitor = newVisitor()
    const { headers, location } = await visitor.send('/admin/sign-in', signInForm(email))
    expect(location).toBe('/admin')
    const [cookie = ''] = headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-reeve_session=[0-9A-Za-z]{43}; HttpOnly; Path=\/; SameSite=Lax; Secure$/)
    const token = visitor.cookie.split('=')[1] as string
    const rows = await app.deps.store.read.select().from(sessions).orderBy(asc(sessions.id))
    const ids = rows.map(({ id }) => id)
    expect(ids).toContain(sha256(token))
    expect(ids).not.toContain(token)
    expect((await visitor.see('/admin')).status).toBe(200)
    const [entry] = (await app.send('GET', '/api/audit?pageSize=1', { key: council.key })).body.entries
    expect(entry).toMatchObject({ action: 'session.start', actor: { type: 'user' } })
  })

  test('ends with the browser, unless somebody asks to stay signed in on their device', async () => {
    const { email } = await newUser({ mustChangePassword: true })
    const cookieAt = async (visitor: Visitor, path: string, form: Record<string, string>) =>
      (await visitor.send(path, form)).headers.getSetCookie()[0] ?? ''
    const chosen = 'three other random words'
    const visitor = newVisitor()
    expect((await visitor.see('/admin/sign-in')).html).toMatch(/<input[^>]*name="keep"(?![^>]*checked)/)
    const kept = /^__Host-reeve_session=[0-9A-Za-z]{43}\.kept; HttpOnly; Max-Age=43200; Path=\//
    expect(await cookieAt(visitor, '/admin/sign-in', { ...signInForm(email), keep: 'true' })).toMatch(kept)
    expect(await cookieAt(visitor, '/admin/sign-in/password', { password: chosen })).toMatch(kept)
    const next = { current: chosen, password: 'four more random words' }
    expect(await cookieAt(visitor, '/admin/account/password', next)).toMatch(kept)
    expect((await visitor.see('/admin')).status).toBe(200)
    const again = signInForm(email, next.password)
    expect(await cookieAt(visitor, '/admin/sign-in', again)).not.toMatch(/Max-Age|kept/)
    app.clock.advance(12 * hour + 1_000)
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
  })

  test('is another at every sign-in', async () => {
    const { email } = await newUser()
    const visitor = newVisitor()
    await visitor.send('/admin/sign-in', signInForm(email))
    const first = visitor.cookie
    await visitor.send('/admin/sign-in', signInForm(email))
    expect(visitor.cookie).not.toBe(first)
  })

  test('is good for nothing on the API', async () => {
    const visitor = await signedInAs(app, council, { role: 'admin' })
    const { status } = await app.send('GET', '/api/cases', { headers: { cookie: visitor.cookie } })
    expect(status).toBe(401)
    const token = visitor.cookie.split('=')[1] as string
    expect((await app.send('GET', '/api/cases', { key: token })).status).toBe(401)
  })

  test('ends when somebody signs out: its cookie is good no more', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker' })
    const { cookie } = visitor
    const { location, headers } = await visitor.send('/admin/sign-out')
    expect(location).toBe('/admin/sign-in?done=signed-out')
    expect(headers.getSetCookie()[0]).toContain('Max-Age=0')
    visitor.cookie = cookie
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
    expect((await visitor.send('/admin/sign-out')).location).toBe('/admin/sign-in?done=signed-out')
  })

  test('ends after four hours without a request', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker' })
    app.clock.advance(4 * hour - 1_000)
    expect((await visitor.see('/admin')).status).toBe(200)
    app.clock.advance(3 * hour)
    expect((await visitor.see('/admin')).status).toBe(200)
    app.clock.advance(4 * hour + 1_000)
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
  })

  test('ends after twelve hours, whatever is done in it', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker' })
    for (let i = 0; i < 11; i++) {
      app.clock.advance(hour)
      expect([i, (await visitor.see('/admin')).status]).toEqual([i, 200])
    }
    app.clock.advance(hour + 1_000)
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
  })

  test('is none where the cookie is another’s, damaged or given twice', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker' })
    const { cookie } = visitor
    for (const bad of [
      `${cookie}; ${cookie}`,
      cookie.slice(0, -1),
      `${cookie}%`,
      `__Host-reeve_session=${'a'.repeat(43)}`,
      '__Host-reeve_session=%E0%A4%A',
      `__Host-reeve_session=${sha256(cookie.split('=')[1] as string)}`,
    ]) {
      visitor.cookie = bad
      expect([bad, (await visitor.see('/admin')).location]).toEqual([bad, '/admin/sign-in'])
    }
    visitor.cookie = `other=%; ${cookie}`
    expect((await visitor.see('/admin')).status).toBe(200)
  })
})

test('says where browsers would keep nobody signed in', async () => {
  expect((await newVisitor().see('/admin/sign-in')).text).not.toContain('without HTTPS')
  const plain = await createTestApp({ REEVE_HOST: '0.0.0.0' })
  try {
    expect((await createVisitor(plain).see('/admin/sign-in')).text).toContain(
      'using this server without HTTPS',
    )
  } finally {
    await plain.close()
  }
})

describe('who was asked to sign in', () => {
  test('comes back to the page that they wanted', async () => {
    const { email } = await newUser()
    const visitor = newVisitor()
    const { location } = await visitor.see('/admin/cases?status=open&page=2')
    expect(location).toBe('/admin/sign-in?next=%2Fadmin%2Fcases%3Fstatus%3Dopen%26page%3D2')
    const back = await visitor.send(location as string, signInForm(email))
    expect(back.location).toBe('/admin/cases?status=open&page=2')
  })

  test('is never sent to another site', async () => {
    const { email } = await newUser()
    for (const next of [
      'https://evil.example/admin',
      '//evil.example/admin',
      '/\\evil.example/admin',
      '/admin/../../evil',
      '/adminevil',
      'javascript:alert(1)',
      '/admin/\r\nset-cookie: a=b',
    ]) {
      const visitor = newVisitor()
      const { location } = await visitor.send(
        `/admin/sign-in?next=${encodeURIComponent(next)}`,
        signInForm(email),
      )
      expect([next, /^\/admin(\/(set-cookie.*)?)?$/.test(location ?? '')]).toEqual([next, true])
    }
  })
})
