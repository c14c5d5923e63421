import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import { changePassword, resetPassword } from '../../src/core/passwords/change.service'
import { createPasswordLink, findPasswordLink } from '../../src/core/passwords/links.service'
import { getUserByEmail } from '../../src/core/users/store'
import type { UserRow } from '../../src/core/users/table'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { sessionsOf, signIn } from '../support/sessions'
import { refusalOf } from '../support/store'
import { faultsOf } from '../support/verbs'

// A hash takes some tenths of a second, and several times that beside much other work.
setDefaultTimeout(20_000)

let app: TestApp
let council: Council
let user: UserRow
/** The session that asks; the user has another. */
let own: string
let token: string

const present = 'correct horse battery staple'
const chosen = 'seven yellow bicycles'

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

beforeEach(async () => {
  user = await createTestUser(council, { role: 'manager', password: present })
  own = await signIn(app, user)
  await signIn(app, user)
  token = (await createPasswordLink(council.ctx, app.deps, user.id, 'reset')).token
})

const change = (current: string, password: string) =>
  changePassword(council.ctx, app.deps, user, { current, password, sessionId: own })

const changesOf = (action: string) =>
  app.deps.store.read.select().from(auditEntries).where(eq(auditEntries.action, action))

const kept = () => getUserByEmail(council.ctx, user.email)

describe('changing one’s password', () => {
  test.each([
    ['who does not know the present one', 'guess', chosen, 'current: The current password is wrong'],
    [
      'a bad one',
      present,
      'avon council',
      'password: Must not be your name, your e-mail address or your council’s name',
    ],
    ['the same', present, present, 'password: Must not be the current password'],
  ])('is refused to %s, and nothing ends', async (_, current, password, fault) => {
    expect(await faultsOf(() => change(current, password))).toEqual([fault])
    expect((await kept()).passwordHash).toBe(user.passwordHash)
    expect(await sessionsOf(app, user.id)).toHaveLength(2)
    expect(await findPasswordLink(app.deps, token)).not.toBeNull()
  })

  test('is refused after ten attempts, whoever knows it', async () => {
    const attempts = Array.from({ length: 10 }, () => refusalOf(() => change('', chosen)))
    await Promise.all(attempts)
    expect((await refusalOf(() => change(present, chosen))).kind).toBe('rate_limited')
  })

  test('ends every other session and every link of theirs, and is on record without a value', async () => {
    await change(present, chosen)
    const { passwordHash, mustChangePassword } = await kept()
    expect([await app.deps.passwords.verify(chosen, passwordHash), mustChangePassword]).toEqual([true, false])
    expect(await sessionsOf(app, user.id)).toEqual([own])
    expect(await findPasswordLink(app.deps, token)).toBeNull()
    const [entry, ...more] = await changesOf('user.change_password')
    expect([entry?.entityId, more]).toEqual([user.id, []])
    expect(JSON.stringify(entry)).not.toMatch(/argon2|yellow|horse/)
  })
})

describe('a one-time password', () => {
  test('ends every session and link: who had one would choose the next password', async () => {
    const colleague = await createTestUser(council, { role: 'manager', password: present })
    const theirs = await signIn(app, colleague)
    await resetPassword(council.ctx, user.email, app.deps.random)
    expect(await sessionsOf(app, user.id)).toEqual([])
    expect(await findPasswordLink(app.deps, token)).toBeNull()
    expect(await sessionsOf(app, colleague.id)).toEqual([theirs])
  })
})
