import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { createPasswordLink } from '../../src/core/passwords/links.service'
import { secondFactors } from '../../src/core/second-factor/table'
import { codeAt } from '../../src/core/second-factor/totp'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import {
  createVisitor,
  password,
  authenticatorSecretIn as secretIn,
  signedInAs,
  type Visitor,
  withoutSecondFactor,
} from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})

afterAll(() => app.close())

const stepMs = 30_000

let lastAddress = 0

/** An admin who has given their password, and their address to give it again. */
async function newAdmin(): Promise<Visitor & { email: string; id: string }> {
  const { email, id } = await createTestUser(council, { role: 'admin', password })
  const visitor = createVisitor(app, `192.0.2.${++lastAddress}`)
  await visitor.send('/admin/sign-in', { email, password })
  return Object.assign(visitor, { email, id })
}

async function newSession(email: string, known: string): Promise<Visitor> {
  const visitor = createVisitor(app, `192.0.2.${++lastAddress}`)
  await visitor.send('/admin/sign-in', { email, password: known })
  return visitor
}

const codesIn = (html: string) =>
  [...html.matchAll(/<li>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})<\/li>/g)].map(([, c]) => c as string)

/** Sets up a second factor; returns its secret and recovery codes. */
async function enrol(visitor: Visitor) {
  const secret = secretIn((await visitor.see('/admin/sign-in/second-factor')).html)
  const { html, status } = await visitor.send('/admin/sign-in/second-factor', {
    code: codeAt(secret, app.clock.now()),
  })
  expect(status).toBe(200)
  return { secret, codes: codesIn(html), html }
}

describe('an admin without a second factor', () => {
  test('gets nowhere before it is set up, where the council asks for one', async () => {
    const visitor = await newAdmin()
    for (const path of ['/admin', '/admin/account', '/admin/account/password']) {
      const [step] = ((await visitor.see(path)).location as string).split('?next=')
      expect([path, step]).toEqual([path, '/admin/sign-in/second-factor'])
    }
    expect((await visitor.send('/admin/account/sign-out-everywhere')).location).toBe(
      '/admin/sign-in/second-factor',
    )
  })

  test('is asked again for a wrong code, about the same secret', async () => {
    const visitor = await newAdmin()
    const first = secretIn((await visitor.see('/admin/sign-in/second-factor')).html)
    for (const code of [
      '',
      '000000',
      'abcdef',
      codeAt(first, new Date(app.clock.now().getTime() - 5 * stepMs)),
    ]) {
      const { status, text, html } = await visitor.send('/admin/sign-in/second-factor', { code })
      expect([code, status, secretIn(html)]).toEqual([code, 400, first])
      expect(text).toContain('There is a problem')
    }
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in/second-factor')
  })

  test('is shown a secret that nobody has seen before: not after a reset, in a new session, or in one beside it', async () => {
    const thief = await newAdmin()
    const { email } = thief
    const shownTo = async (visitor: Visitor) =>
      secretIn((await visitor.see('/admin/sign-in/second-factor')).html)
    const seen = [await shownTo(thief)]
    seen.push(await shownTo(await newSession(email, password)), await shownTo(thief))
    const link = await createPasswordLink(council.ctx, app.deps, thief.id, 'reset')
    const owner = createVisitor(app, `192.0.2.${++lastAddress}`)
    await owner.send(`/admin/password?token=${link.token}`, { password: 'three other random words' })
    seen.push(await shownTo(owner))
    expect(await shownTo(owner)).toBe(seen.at(-1) as string)
    expect((await thief.see('/admin/sign-in/second-factor')).location).toMatch(/^\/admin\/sign-in/)
    expect(new Set(seen).size).toBe(4)
  })

  test('is in with the first code, under a new session, and is told ten recovery codes once', async () => {
    const visitor = await newAdmin()
    const before = visitor.cookie
    const { codes, secret } = await enrol(visitor)
    expect(new Set(codes).size).toBe(10)
    expect(visitor.cookie).not.toBe(before)
    expect((await visitor.see('/admin')).status).toBe(200)
    const after = visitor.cookie
    visitor.cookie = before
    expect((await visitor.see('/admin')).location).toBe('/admin/sign-in')
    visitor.cookie = after
    expect((await visitor.see('/admin/sign-in/second-factor')).location).toBe('/admin')
    const [row] = await app.deps.store.read
      .select()
      .from(secondFactors)
      .where(eq(secondFactors.userId, visitor.id))
      .orderBy(asc(secondFactors.userId))
    const kept = JSON.stringify(row)
    for (const told of [secret, ...codes]) expect(kept).not.toContain(told)
    const { text } = await app.send('GET', '/api/audit?pageSize=100', { key: council.key })
    for (const told of [secret, ...codes, visitor.email]) expect(text).not.toContain(told)
    expect(text).toContain('second_factor.confirm')
  })
})

describe('who has a second factor', () => {
  test('is asked for it before anything else, and does not come past it', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    const { location } = await visitor.send('/admin/sign-in', { email: visitor.email, password })
    expect(location).toBe('/admin')
    for (const path of [
      '/admin',
      '/admin/account',
      '/admin/sign-in/password',
      '/admin/sign-in/second-factor',
    ]) {
      const led = (await visitor.see(path)).location
      expect([path, /^\/admin(\/sign-in\/code(\?next=.*)?)?$/.test(led ?? '')]).toEqual([path, true])
    }
    expect((await visitor.send('/admin/account/second-factor/remove')).location).toBe('/admin/sign-in/code')
    app.clock.advance(stepMs)
    const code = codeAt(secret, app.clock.now())
    expect((await visitor.send('/admin/sign-in/code', { code })).location).toBe('/admin')
    expect((await visitor.see('/admin')).status).toBe(200)
  })

  test('may use a code once, and none that is older', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    const used = codeAt(secret, app.clock.now())
    const again = async (code: string) => {
      await visitor.send('/admin/sign-in', { email: visitor.email, password })
      return (await visitor.send('/admin/sign-in/code', { code })).status
    }
    expect(await again(used)).toBe(400)
    app.clock.advance(stepMs)
    const next = codeAt(secret, app.clock.now())
    expect(await again(used)).toBe(400)
    expect(await again(`${next.slice(0, 3)} ${next.slice(3)}`)).toBe(303)
    expect(await again(next)).toBe(400)
  })

  test('may use a code once where it is sent twice at the same time', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    app.clock.advance(stepMs)
    const code = codeAt(secret, app.clock.now())
    await visitor.send('/admin/sign-in', { email: visitor.email, password })
    const other = createVisitor(app, '192.0.2.250')
    await other.send('/admin/sign-in', { email: visitor.email, password })
    const answers = await Promise.all(
      [visitor, other].map((one) => one.send('/admin/sign-in/code', { code })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400])
  })

  test('may use each recovery code once instead, however it is written', async () => {
    const visitor = await newAdmin()
    const { codes } = await enrol(visitor)
    const [first = '', second = ''] = codes
    const again = async (code: string) => {
      await visitor.send('/admin/sign-in', { email: visitor.email, password })
      return (await visitor.send('/admin/sign-in/code', { code })).status
    }
    expect(await again(first.toLowerCase().replaceAll('-', ' '))).toBe(303)
    expect(await again(first)).toBe(400)
    expect(await again(second)).toBe(303)
  })

  test('may guess ten times a quarter of an hour, from wherever', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    await visitor.send('/admin/sign-in', { email: visitor.email, password })
    for (let i = 0; i < 10; i++) await visitor.send('/admin/sign-in/code', { code: '000000' })
    app.clock.advance(stepMs)
    const code = codeAt(secret, app.clock.now())
    const { status, text } = await visitor.send('/admin/sign-in/code', { code })
    expect([status, /too many attempts/.test(text)]).toEqual([400, true])
  })

  test('is let in with right codes however often, and where somebody else’s guesses are too many', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    const enter = async (one: Visitor, given?: string) => {
      await one.send('/admin/sign-in', { email: visitor.email, password })
      app.clock.advance(stepMs)
      return (await one.send('/admin/sign-in/code', { code: given ?? codeAt(secret, app.clock.now()) }))
        .status
    }
    for (let i = 0; i < 11; i++) expect([i, await enter(visitor)]).toEqual([i, 303])
    const guesser = createVisitor(app, '203.0.113.9')
    for (let i = 0; i < 11; i++) expect([i, await enter(guesser, '000000')]).toEqual([i, 400])
    expect([await enter(createVisitor(app, '203.0.113.10')), await enter(visitor)]).toEqual([400, 303])
  })

  test('has fifteen minutes to give it', async () => {
    const visitor = await newAdmin()
    const { secret } = await enrol(visitor)
    await visitor.send('/admin/sign-in', { email: visitor.email, password })
    app.clock.advance(15 * 60_000 + 1_000)
    const code = codeAt(secret, app.clock.now())
    const late = await visitor.send('/admin/sign-in/code?next=/admin/audit', { code })
    expect(late.location).toBe('/admin/sign-in?next=%2Fadmin%2Faudit&ended=lost')
  })

  test('gets new recovery codes in place of the old ones', async () => {
    const visitor = await newAdmin()
    const { codes } = await enrol(visitor)
    const own = '/admin/account/recovery-codes'
    expect((await visitor.see(own)).text).toContain('Current password')
    const fresh = codesIn((await visitor.send(own, { current: password })).html)
    expect(fresh).toHaveLength(10)
    expect(fresh.some((code) => codes.includes(code))).toBe(false)
    await visitor.send('/admin/sign-in', { email: visitor.email, password })
    expect((await visitor.send('/admin/sign-in/code', { code: codes[0] as string })).status).toBe(400)
    expect((await visitor.send('/admin/sign-in/code', { code: fresh[0] as string })).location).toBe('/admin')
  })

  test('does not set it up, get new recovery codes or remove it without their password', async () => {
    const other = await createTestApp()
    const lax = await createCouncil(other, 'avon')
    await withoutSecondFactor(lax)
    const visitor = await signedInAs(other, lax, { role: 'admin' })
    const seen = await visitor.see('/admin/sign-in/second-factor')
    const code = codeAt(secretIn(seen.html), other.clock.now())
    const blind = await visitor.send('/admin/sign-in/second-factor', { code })
    expect([blind.status, codesIn(blind.html)]).toEqual([400, []])
    expect(blind.text).toContain('The current password is wrong')
    await visitor.send('/admin/sign-in/second-factor', { code, current: password })
    const paths = ['/admin/account/recovery-codes', '/admin/account/second-factor/remove']
    for (const path of paths) {
      for (const sent of [{}, { current: 'a wrong guess' }] as Record<string, string>[]) {
        const { status, text, html } = await visitor.send(path, sent)
        expect([path, status, codesIn(html)]).toEqual([path, 400, []])
        expect(text).toContain('The current password is wrong')
      }
    }
    expect((await visitor.see('/admin/account')).text).toContain('In use')
    for (let i = 0; i < 6; i++) await visitor.send(paths[i % 2] as string, { current: `guess ${i}` })
    expect((await visitor.send(paths[1] as string, { current: password })).text).toContain(
      'too many attempts',
    )
    other.clock.advance(15 * 60_000)
    const removed = await visitor.send(paths[1] as string, { current: password })
    expect(removed.location).toBe('/admin/account?done=removed')
    await other.close()
  })

  test('may not remove it where the council asks for one', async () => {
    const visitor = await newAdmin()
    await enrol(visitor)
    expect((await visitor.send('/admin/account/second-factor/remove')).status).toBe(403)
  })
})
