import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { recordFirst } from '../../src/core/write'
import type { PasswordHasher } from '../../src/lib/password-hash'
import { createPasswordHasher } from '../../src/lib/password-hash'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createVisitor, type Page, password, withoutSecondFactor } from '../support/visitor'

let app: TestApp
let council: Council
/** How many passwords were compared. */
let compared = 0

beforeAll(async () => {
  const quick = createPasswordHasher({ memoryCost: 8, timeCost: 1 })
  const passwords: PasswordHasher = {
    ...quick,
    verify: (given, hash) => {
      compared++
      return quick.verify(given, hash)
    },
  }
  app = await createTestApp({}, { passwords })
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
})
afterAll(() => app.close())

beforeEach(() => app.clock.advance(15 * 60_000))

let people = 0
const newPerson = async () =>
  (
    await createTestUser(council, {
      role: 'caseworker',
      password,
      email: `person-${++people}@example.org`,
    })
  ).email

const from = (peer: string, email: string, given = password): Promise<Page> =>
  createVisitor(app, peer).send('/admin/sign-in', { email, password: given })

const isIn = ({ location }: Page) => location === '/admin'
const guess = async (peer: string, email: string, times: number) => {
  for (let i = 0; i < times; i++) expect(isIn(await from(peer, email, `guess ${i}`))).toBe(false)
}

/** Locks an account by a hundred wrong passwords from ten addresses. */
const lock = async (email: string) => {
  for (let i = 0; i < 10; i++) await guess(`203.0.113.${i}`, email, 10)
}

const tooMany = 'There were too many attempts'

describe('who knows the password', () => {
  test('is let in however often they, or all at their address, sign in', async () => {
    const email = await newPerson()
    for (let i = 0; i < 11; i++) expect([i, isIn(await from('198.51.100.1', email))]).toEqual([i, true])
    const others = [await newPerson(), await newPerson()]
    for (let i = 0; i < 101; i++) {
      expect([i, isIn(await from('198.51.100.1', others[i % 2] as string))]).toEqual([i, true])
    }
  })

  test('is let in at an address from which many passwords were wrong, if they signed in there before', async () => {
    const [email, stranger] = [await newPerson(), await newPerson()]
    for (let i = 0; i < 14; i++) expect(isIn(await from('198.51.100.2', email))).toBe(true)
    for (let i = 0; i < 100; i++) await guess('198.51.100.2', `nobody-${i}@example.org`, 1)
    expect(isIn(await from('198.51.100.2', email))).toBe(true)
    expect((await from('198.51.100.2', stranger)).text).toContain(tooMany)
    expect(isIn(await from('198.51.100.3', stranger))).toBe(true)
  })

  test('is let in while their account is under attack, where they signed in before and nowhere else', async () => {
    const email = await newPerson()
    expect(isIn(await from('2001:db8::1', email))).toBe(true)
    await lock(email)
    expect(isIn(await from('2001:db8::ffff', email))).toBe(true)
    expect((await from('198.51.100.4', email)).text).toContain(tooMany)
    app.clock.advance(15 * 60_000)
    expect(isIn(await from('198.51.100.4', email))).toBe(true)
  })

  test('is let in at home however many half sign-ins somebody with their password has made since', async () => {
    const { email, id } = await createTestUser(council, { role: 'caseworker', password })
    expect(isIn(await from('198.51.100.9', email))).toBe(true)
    const actor = { type: 'user', id, name: 'somebody', ip: '203.0.113.99' } as const
    const half = Array.from({ length: 1_200 }, () => ({ entity: 'user', id }))
    await recordFirst({ ...council.ctx, actor }, 'session.half', half)
    await lock(email)
    expect(isIn(await from('198.51.100.9', email))).toBe(true)
  })

  test('is not known for ever where they signed in once', async () => {
    const email = await newPerson()
    expect(isIn(await from('198.51.100.5', email))).toBe(true)
    app.clock.advance(31 * 24 * 3_600_000)
    await lock(email)
    expect((await from('198.51.100.5', email)).text).toContain(tooMany)
  })
})

describe('who guesses', () => {
  test('is stopped after ten where the person signs in, too', async () => {
    const email = await newPerson()
    expect(isIn(await from('198.51.100.6', email))).toBe(true)
    await lock(email)
    await guess('198.51.100.6', email, 10)
    compared = 0
    expect((await from('198.51.100.6', email)).text).toContain(tooMany)
    expect(compared).toBe(0)
  })

  test('is no better off with all guesses at once', async () => {
    const email = await newPerson()
    compared = 0
    const guesses = Array.from({ length: 40 }, (_, i) => from('198.51.100.7', email, `guess ${i}`))
    expect((await Promise.all(guesses)).some(isIn)).toBe(false)
    expect(compared).toBe(10)
  })

  test('costs no comparison once the limits are reached', async () => {
    const email = await newPerson()
    compared = 0
    for (let round = 0; round < 25; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => from(`192.0.2.${i}`, email, `guess ${round}`)))
    }
    expect(compared).toBe(100)
  })
})
