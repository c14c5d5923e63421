import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import type { Deps } from '../../src/core/ctx'
import { createPasswordLink, findPasswordLink, usePasswordLink } from '../../src/core/passwords/links.service'
import { passwordLinks } from '../../src/core/passwords/table'
import { getUserByEmail, updateUser } from '../../src/core/users/store'
import type { UserRow } from '../../src/core/users/table'
import { write } from '../../src/core/write'
import { inviteUser, patchUser } from '../../src/resources/users/edit.service'
import { getUser } from '../../src/resources/users/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { tablesWith } from '../support/beside'
import { sessionsOf, signIn } from '../support/sessions'
import { refusalOf } from '../support/store'
import { faultsOf, kindOf } from '../support/verbs'

// A hash takes some tenths of a second, and several times that beside much other work.
setDefaultTimeout(20_000)

let app: TestApp
let council: Council
let user: UserRow

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

let users = 0
beforeEach(async () => {
  user = await inviteUser(council.ctx, {
    email: `user-${++users}@example.org`,
    name: 'Ann Sample',
    role: 'caseworker',
    wardIds: [],
  })
})

const hour = 3_600_000
const chosen = 'seven yellow bicycles'
const caller = { address: '192.0.2.1', requestId: 'a request' }

const create = (purpose: 'invitation' | 'reset' = 'reset', { ctx }: Council = council) =>
  createPasswordLink(ctx, app.deps, user.id, purpose)
const tokenOf = ({ token }: { token: string }) => token
const find = (token: string, deps: Deps = app.deps) => findPasswordLink(deps, token)
const use = (token: string, password = chosen, deps: Deps = app.deps) =>
  usePasswordLink(deps, token, password, caller)

const deactivate = () =>
  write(council.ctx, 'user.update', async (w) => ({
    changes: [],
    result: await updateUser(w, await getUser(w, user.id), { active: false }),
  }))

const recorded = () =>
  app.deps.store.read
    .select({ action: auditEntries.action, actor: auditEntries.actorId, changes: auditEntries.changes })
    .from(auditEntries)
    .where(eq(auditEntries.entityId, user.id))
    .orderBy(asc(auditEntries.seq))

describe('a link for a password', () => {
  test('is made for an active user of the council alone', async () => {
    const other = await createCouncil(app, 'severn')
    expect(await kindOf(() => create('reset', other))).toBe('not_found')
    await deactivate()
    expect(await kindOf(() => create())).toBe('not_found')
    expect(await kindOf(() => createPasswordLink(council.ctx, app.deps, 'nobody', 'reset'))).toBe('not_found')
  })

  test('of another form is refused without a look at the store', async () => {
    const store = {
      get read(): never {
        throw new Error('The store was asked')
      },
    }
    const deps = { ...app.deps, store: store as unknown as Deps['store'] }
    const token = tokenOf(await create())
    const forms = ['', token.slice(1), `${token}x`, `${token.slice(1)}-`, `${token}\n`, 'é'.repeat(43), '%00']
    for (const form of forms) {
      expect([form, await find(form, deps)]).toEqual([form, null])
      expect((await refusalOf(() => use(form, chosen, deps))).kind).toBe('not_found')
    }
    await expect(find('a'.repeat(43), deps)).rejects.toThrow('The store was asked')
    expect(await find('a'.repeat(43))).toBeNull()
  })

  test('says whose it is, of which council and what for; the store has a hash of it', async () => {
    const link = await create('invitation')
    const token = tokenOf(link)
    expect(link.token).toMatch(/^[0-9A-Za-z]{43}$/)
    expect(await find(token)).toMatchObject({
      tenant: { slug: 'avon' },
      user: { id: user.id },
      purpose: 'invitation',
    })
    expect(await tablesWith(app, token)).toEqual([])
  })

  test.each([
    ['invitation', 7 * 24],
    ['reset', 24],
  ] as const)('for an %s is good for %i hours', async (purpose, hours) => {
    const link = await create(purpose)
    expect(link.expiresAt.getTime()).toBe(app.clock.now().getTime() + hours * hour)
    app.clock.advance(hours * hour - 1)
    expect(await find(tokenOf(link))).not.toBeNull()
    app.clock.advance(1)
    expect(await find(tokenOf(link))).toBeNull()
    expect(await kindOf(() => use(tokenOf(link)))).toBe('not_found')
  })

  test('is the only one of its user: a newer one takes its place', async () => {
    const [first, second] = [tokenOf(await create('invitation')), tokenOf(await create('reset'))]
    expect([await find(first), (await find(second))?.user.id]).toEqual([null, user.id])
    const rows = await app.deps.store.read
      .select({ id: passwordLinks.id })
      .from(passwordLinks)
      .where(eq(passwordLinks.userId, user.id))
    expect(rows).toHaveLength(1)
  })

  test('refuses a bad password, is good afterwards, and no hash of it is made', async () => {
    const token = tokenOf(await create())
    expect(await faultsOf(() => use(token, 'short'))).toEqual([
      expect.stringMatching(/^password: Must have 12/),
    ])
    expect(await faultsOf(() => use(token, user.email))).toEqual([
      expect.stringMatching(/^password: Must not/),
    ])
    expect((await getUser(council.ctx, user.id)).passwordHash).toBe('')
    expect(await find(token)).not.toBeNull()
  })

  test('sets the password once, ends the user’s sessions, and is on record as done by them', async () => {
    await signIn(app, user)
    const token = tokenOf(await create('invitation'))
    const done = await use(token)
    expect([done.tenant.slug, done.user.id]).toEqual(['avon', user.id])
    const { passwordHash, mustChangePassword } = await getUserByEmail(council.ctx, user.email)
    expect([await app.deps.passwords.verify(chosen, passwordHash), mustChangePassword]).toEqual([true, false])
    expect(await sessionsOf(app, user.id)).toEqual([])
    expect(await kindOf(() => use(token, 'another fine password'))).toBe('not_found')
    expect((await recorded()).slice(-2)).toEqual([
      {
        action: 'user.create_link',
        actor: 'test',
        changes: { purpose: { from: null, to: 'invitation' } },
      },
      { action: 'user.change_password', actor: user.id, changes: { ended: { from: null, to: 1 } } },
    ])
  })

  test('is used by one of many at the same time: their password is the one that is kept', async () => {
    const token = tokenOf(await create())
    const passwords = ['seven yellow bicycles', 'eight purple elephants', 'nine orange umbrellas']
    const outcomes = await Promise.allSettled(passwords.map((password) => use(token, password)))
    const [won, ...others] = passwords.filter((_, i) => outcomes[i]?.status === 'fulfilled')
    expect(others).toEqual([])
    const { passwordHash } = await getUser(council.ctx, user.id)
    expect(await app.deps.passwords.verify(won as string, passwordHash)).toBe(true)
  })

  test('is refused where its user is deactivated while the password is being hashed', async () => {
    const token = tokenOf(await create())
    const { store } = app.deps
    const late: Deps['store'] = {
      ...store,
      write: async (job) => {
        await deactivate()
        return store.write(job)
      },
    }
    expect(await kindOf(() => use(token, chosen, { ...app.deps, store: late }))).toBe('not_found')
    expect((await getUser(council.ctx, user.id)).passwordHash).toBe('')
  })

  test('ends with the address that it was sent to, and with the user', async () => {
    const first = tokenOf(await create())
    await patchUser(council.ctx, user.id, { name: 'Ann Other' })
    expect(await find(first)).not.toBeNull()
    await patchUser(council.ctx, user.id, { email: `other-${users}@example.org` })
    expect(await find(first)).toBeNull()
    const second = tokenOf(await create())
    await patchUser(council.ctx, user.id, { active: false })
    await patchUser(council.ctx, user.id, { active: true })
    expect(await find(second)).toBeNull()
  })
})
