import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asc } from 'drizzle-orm'
import type { Deps } from '../../src/core/ctx'
import { resetPassword } from '../../src/core/passwords/change.service'
import { createPasswordLink } from '../../src/core/passwords/links.service'
import { passwordLinks } from '../../src/core/passwords/table'
import { updateUser } from '../../src/core/users/store'
import { write } from '../../src/core/write'
import { passwordLinkPath } from '../../src/dashboard/sign-in/link-mail'
import type { Mail } from '../../src/lib/mail'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createVisitor, password, signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
const sent: Mail[] = []
let refusal: Error | null = null

beforeAll(async () => {
  const mail: Deps['mail'] = {
    send: async (letter) => {
      if (refusal) throw refusal
      sent.push(letter)
    },
  }
  app = await createTestApp({ REEVE_PUBLIC_URL: 'https://casework.example' }, { mail })
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
})

afterAll(() => app.close())

const hour = 3_600_000
const chosen = 'seven yellow bicycles'

let lastAddress = 0
const newVisitor = (): Visitor => createVisitor(app, `192.0.2.${++lastAddress}`)
const newUser = () => createTestUser(council, { role: 'caseworker', password })
const linkTo = async (userId: string, purpose: 'invitation' | 'reset' = 'reset') => {
  const link = await createPasswordLink(council.ctx, app.deps, userId, purpose)
  return { ...link, path: passwordLinkPath(link.token) }
}
const linkFor = async (purpose?: 'invitation' | 'reset') => linkTo((await newUser()).id, purpose)

const maySignIn = async (email: string, given: string) =>
  (await newVisitor().send('/admin/sign-in', { email, password: given })).location === '/admin'

/** Waits up to two seconds for work that goes on after an answer. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await Bun.sleep(10)
  expect(holds()).toBe(true)
}

describe('a link for a password', () => {
  test('that is none, or of somebody else’s making, opens nothing', async () => {
    for (const token of ['', 'x', 'a'.repeat(43), '%00']) {
      const { status, text } = await newVisitor().see(`/admin/password?token=${token}`)
      expect([token, status, text.includes('This link no longer works')]).toEqual([token, 404, true])
      expect((await newVisitor().send(`/admin/password?token=${token}`, { password: chosen })).status).toBe(
        404,
      )
    }
  })

  test('refuses a bad password and is still good', async () => {
    const { path, user } = await linkFor()
    for (const bad of ['', 'short', 'password1234', 'avon council', user.email, 'x'.repeat(201)]) {
      const { status, text, html } = await newVisitor().send(path, { password: bad })
      expect([bad, status, text.includes('There is a problem')]).toEqual([bad, 400, true])
      if (bad !== '') expect(html).not.toContain(`value="${bad}"`)
    }
    expect((await newVisitor().see(path)).text).toContain(user.name)
  })

  test('sets the password once, ends every session of the user and signs them in', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker', email: 'once@example.org' })
    const { path } = await linkTo(visitor.id)
    const newcomer = newVisitor()
    expect((await newcomer.send(path, { password: chosen })).location).toBe('/admin')
    expect((await newcomer.see('/admin')).status).toBe(200)
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
    expect((await newVisitor().send(path, { password: 'another fine password' })).status).toBe(404)
    expect([
      await maySignIn('once@example.org', chosen),
      await maySignIn('once@example.org', password),
    ]).toEqual([true, false])
  })

  test('is used by one of two who come at the same time', async () => {
    const { path } = await linkFor()
    const answers = await Promise.all(
      [chosen, 'another fine password'].map((one) => newVisitor().send(path, { password: one })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404])
  })

  test('is This link no longer works when there is a newer one, when it is too old, or when its user is not active', async () => {
    const { path, user } = await linkFor()
    const newer = await linkTo(user.id)
    expect((await newVisitor().see(path)).status).toBe(404)
    app.clock.advance(24 * hour - 1_000)
    expect((await newVisitor().see(newer.path)).status).toBe(200)
    app.clock.advance(2_000)
    expect((await newVisitor().see(newer.path)).status).toBe(404)
    const invited = await linkFor('invitation')
    app.clock.advance(7 * 24 * hour - 1_000)
    expect((await newVisitor().see(invited.path)).text).toContain('Choose your password for avon council')
    await write(council.ctx, 'user.update', async (w) => {
      await updateUser(w, invited.user, { active: false })
      return { changes: [], result: null }
    })
    expect((await newVisitor().send(invited.path, { password: chosen })).status).toBe(404)
  })

  test('is kept as a hash only, and is in no log and no audit entry', async () => {
    const { path } = await linkFor()
    const token = path.split('=')[1] as string
    await newVisitor().see(path)
    await newVisitor().send(path, { password: chosen })
    const { path: kept } = await linkFor()
    const rows = await app.deps.store.read.select().from(passwordLinks).orderBy(asc(passwordLinks.id))
    const audit = (await app.send('GET', '/api/audit?pageSize=100', { key: council.key })).text
    for (const text of [JSON.stringify(rows), JSON.stringify(app.logged), audit]) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(kept.split('=')[1] as string)
      expect(text).not.toContain(chosen)
    }
    expect(rows.length).toBeGreaterThan(0)
  })
})

describe('who has forgotten their password', () => {
  test('is answered alike, whether there is such an account or not', async () => {
    const { email } = await newUser()
    const answers = [
      await newVisitor().send('/admin/forgotten', { email }),
      await newVisitor().send('/admin/forgotten', { email: 'nobody-at-all@example.org' }),
    ]
    expect(answers[0]?.html).toBe(answers[1]?.html as string)
    expect(answers[0]?.text).toContain('If there is an account with this address')
    await until(() => sent.some(({ to }) => to === email))
    expect(sent.some(({ to }) => to.startsWith('nobody-at-all'))).toBe(false)
  })

  test('gets a letter with a link that works', async () => {
    const { email } = await newUser()
    await newVisitor().send('/admin/forgotten', { email: email.toUpperCase() })
    await until(() => sent.some(({ to }) => to === email))
    const letter = sent.find(({ to }) => to === email) as Mail
    expect(letter.subject).toBe('Set a new password for casework at avon council')
    const [, path = ''] = /https:\/\/casework\.example(\/admin\/password\?token=\w+)/.exec(letter.text) ?? []
    expect((await newVisitor().send(path, { password: chosen })).location).toBe('/admin')
  })

  test('may ask three times for an account in a quarter of an hour', async () => {
    const { email } = await newUser()
    for (let i = 0; i < 3; i++) await newVisitor().send('/admin/forgotten', { email })
    const { status, text } = await newVisitor().send('/admin/forgotten', { email })
    expect([status, text.includes('too many attempts')]).toEqual([400, true])
  })

  test('is not told of what the mail server does; whoever runs the server is, without the address', async () => {
    const { email } = await newUser()
    refusal = Object.assign(new Error(`550 no such user ${email}`), { code: 'EENVELOPE' })
    try {
      expect((await newVisitor().send('/admin/forgotten', { email })).status).toBe(200)
      await until(() => app.logged.some(({ message }) => message === 'an e-mail could not be sent'))
      expect(JSON.stringify(app.logged)).not.toContain(email)
    } finally {
      refusal = null
    }
  })
})

describe('who came in by a one-time password', () => {
  test('goes nowhere before they have chosen their own, and no other session goes on', async () => {
    const user = await newUser()
    const oneTime = await resetPassword(council.ctx, user.email, app.deps.random)
    const visitor = newVisitor()
    const typed = ` ${oneTime.toUpperCase().replaceAll('-', ' ')}`
    await visitor.send('/admin/sign-in', { email: user.email, password: typed })
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in/password')
    const again = await visitor.send('/admin/sign-in/password', { password: typed })
    expect([again.status, again.text.includes('must not be the current password')]).toEqual([400, true])
    const before = visitor.cookie
    expect((await visitor.send('/admin/sign-in/password', { password: chosen })).location).toBe('/admin')
    expect(visitor.cookie).not.toBe(before)
    expect((await visitor.see('/admin')).status).toBe(200)
    expect(await maySignIn(user.email, oneTime)).toBe(false)
  })
})

describe('one’s own account', () => {
  test('changes the password for who knows the present one; every other session ends', async () => {
    const email = 'own@example.org'
    const visitor = await signedInAs(app, council, { role: 'caseworker', email })
    const elsewhere = newVisitor()
    await elsewhere.send('/admin/sign-in', { email, password })
    const wrong = await visitor.send('/admin/account/password', { current: 'wrong', password: chosen })
    expect([wrong.status, wrong.text.includes('The current password is wrong')]).toEqual([400, true])
    const before = visitor.cookie
    const { location } = await visitor.send('/admin/account/password', {
      current: password,
      password: chosen,
    })
    expect(location).toBe('/admin/account?done=password')
    expect(visitor.cookie).not.toBe(before)
    expect((await visitor.see('/admin/account?done=password')).text).toContain('Your password was changed')
    expect((await elsewhere.see('/admin')).location).toBe('/admin/sign-in')
    expect([await maySignIn(email, chosen), await maySignIn(email, password)]).toEqual([true, false])
  })

  test('may guess the current password ten times a quarter of an hour', async () => {
    const visitor = await signedInAs(app, council, { role: 'caseworker' })
    for (let i = 0; i < 10; i++) {
      await visitor.send('/admin/account/password', { current: 'guess', password: chosen })
    }
    const { text } = await visitor.send('/admin/account/password', { current: password, password: chosen })
    expect(text).toContain('too many attempts')
  })

  test('signs out everywhere', async () => {
    const email = 'everywhere@example.org'
    const visitor = await signedInAs(app, council, { role: 'councillor', email })
    const elsewhere = newVisitor()
    await elsewhere.send('/admin/sign-in', { email, password })
    await visitor.send('/admin/account/sign-out-everywhere')
    expect((await elsewhere.see('/admin')).location).toBe('/admin/sign-in')
  })
})
