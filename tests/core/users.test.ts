import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import { resetPassword } from '../../src/core/passwords/change.service'
import { typedAddress } from '../../src/core/users/model'
import { createUser, type UserCreate } from '../../src/core/users/service'
import { getActiveUser, getUserByEmail, listUsers, wardIdsOf } from '../../src/core/users/store'
import { secureRandom, seededRandom } from '../../src/lib/random'
import { newTypedCode } from '../../src/lib/typed-code'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { refusalOf } from '../support/store'
import { faultsOf } from '../support/verbs'

let app: TestApp
let council: Council
beforeEach(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const ann: UserCreate = {
  email: 'ann@example.org',
  name: 'Ann Sample',
  role: 'caseworker',
  password: 'correct horse battery',
  mustChangePassword: false,
}

const create = (input: Partial<UserCreate> = {}, { ctx }: Council = council) =>
  createUser(ctx, { ...ann, ...input })

const auditOf = async (action: string) =>
  app.deps.store.read.select().from(auditEntries).where(eq(auditEntries.action, action))

describe('making a user is refused', () => {
  test.each([
    [
      'an address without @',
      { email: 'ann.example.org' },
      'email: Must be an e-mail address, such as name@example.org',
    ],
    [
      'an address without a domain',
      { email: 'ann@localhost' },
      'email: Must be an e-mail address, such as name@example.org',
    ],
    [
      'two addresses',
      { email: 'a@b.uk c@d.uk' },
      'email: Must be an e-mail address, such as name@example.org',
    ],
    ['a long address', { email: `${'a'.repeat(250)}@b.uk` }, 'email: Must have at most 254 characters'],
    ['no name', { name: ' ' }, 'name: Must not be blank'],
    ['a long name', { name: 'x'.repeat(201) }, 'name: Must have at most 200 characters'],
    [
      'a short password',
      { password: 'x'.repeat(11) },
      'password: Must have 12 to 200 characters, such as three random words',
    ],
    [
      'a long password',
      { password: 'x'.repeat(201) },
      'password: Must have 12 to 200 characters, such as three random words',
    ],
  ])('with %s', async (_, input, fault) => {
    expect(await faultsOf(() => create(input))).toEqual([fault])
    expect(await listUsers(council.ctx)).toEqual([])
  })

  test('with an address that is taken, in whatever case, and all other faults at once', async () => {
    await create()
    const taken = 'email: Already used by another user'
    expect(await faultsOf(() => create({ email: ' ANN@Example.org ', name: 'Ann Other' }))).toEqual([taken])
    expect(await faultsOf(() => create({ name: '', password: '' }))).toEqual([
      taken,
      'name: Must not be empty',
      'password: Must have 12 to 200 characters, such as three random words',
    ])
    expect((await listUsers(council.ctx)).map(({ name }) => name)).toEqual(['Ann Sample'])
  })

  test('once where two make the same at the same time', async () => {
    const outcomes = await Promise.allSettled([create(), create()])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(await faultsOf(() => Promise.reject(refused?.reason))).toEqual([
      'email: Already used by another user',
    ])
    expect(await listUsers(council.ctx)).toHaveLength(1)
  })
})

describe('a new user', () => {
  test('is stored with an argon2id hash in place of the password', async () => {
    const user = await create()
    expect(user.passwordHash).toStartWith('$argon2id$')
    expect(await Bun.password.verify(ann.password, user.passwordHash)).toBe(true)
    expect(await Bun.password.verify('correct horse batterx', user.passwordHash)).toBe(false)
  })

  test('has the trimmed address in lower case, the role and the wards', async () => {
    const user = await create({ email: ' Cllr.Lee@Example.org ', role: 'councillor', wardIds: ['w1', 'w2'] })
    expect(user).toMatchObject({
      email: 'cllr.lee@example.org',
      role: 'councillor',
      active: true,
      party: null,
      bio: null,
      photoUrl: null,
      phone: null,
      surgeries: null,
      isContactPublic: false,
      version: 1,
      createdAt: app.clock.now(),
      updatedAt: app.clock.now(),
    })
    expect(await getUserByEmail(council.ctx, 'CLLR.LEE@example.org')).toEqual(user)
    expect((await wardIdsOf(app.deps.store.read, user.id, '2026-03-13')).sort()).toEqual(['w1', 'w2'])
  })

  test('is in the audit log without name, address or password', async () => {
    const user = await create()
    const [entry] = await auditOf('user.create')
    expect(entry?.changes).toEqual({
      email: { changed: true },
      name: { changed: true },
      role: { from: null, to: 'caseworker' },
      active: { from: null, to: true },
      mustChangePassword: { from: null, to: false },
      wardIds: { from: null, to: [] },
    })
    expect(JSON.stringify(entry)).not.toMatch(/Ann|example\.org|argon2|horse/)
    expect(entry?.entityId).toBe(user.id)
  })

  test('is known to one council alone, and another may have one of the same address', async () => {
    const user = await create()
    const severn = await createCouncil(app, 'severn')
    expect((await refusalOf(() => getUserByEmail(severn.ctx, ann.email))).kind).toBe('not_found')
    expect((await refusalOf(() => getActiveUser(severn.ctx, user.id))).kind).toBe('not_found')
    expect((await create({}, severn)).id).not.toBe(user.id)
    expect(await listUsers(council.ctx)).toEqual([user])
  })

  test('is found active, and in the role they have only', async () => {
    const user = await create()
    expect(await getActiveUser(council.ctx, user.id, 'caseworker')).toEqual(user)
    expect((await refusalOf(() => getActiveUser(council.ctx, user.id, 'councillor'))).kind).toBe('not_found')
  })
})

test('an address counts as one account, however it is typed', () => {
  const typed = [
    'Ann@example.org',
    ' ann@example.org ',
    'X <ann@example.org>',
    'mailto:ann@example.org',
    '\u200bann@example.org',
  ]
  expect(new Set(typed.map(typedAddress))).toEqual(new Set(['ann@example.org']))
  expect(typedAddress(` ${'A'.repeat(300)}`)).toBe('a'.repeat(254))
})

describe('a one-time password', () => {
  test('is four groups of five characters that are not mistaken for one another', () => {
    const many = Array.from({ length: 200 }, () => newTypedCode(secureRandom))
    for (const password of many) expect(password).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/)
    expect(new Set(many).size).toBe(200)
  })

  test('repeats from the same source, for demo data', () => {
    expect(newTypedCode(seededRandom(1))).toBe(newTypedCode(seededRandom(1)))
  })

  test('is refused to a user who does not exist', async () => {
    const { kind, message } = await refusalOf(() =>
      resetPassword(council.ctx, 'no@example.org', secureRandom),
    )
    expect({ kind, message }).toEqual({ kind: 'not_found', message: 'User "no@example.org" not found' })
  })

  test('takes the place of the password and must be changed; the log tells no value', async () => {
    await create()
    app.clock.advance(1_000)
    const password = await resetPassword(council.ctx, 'Ann@example.org', secureRandom)
    const user = await getUserByEmail(council.ctx, ann.email)
    expect(user).toMatchObject({ mustChangePassword: true, updatedAt: app.clock.now() })
    expect(await Bun.password.verify(password, user.passwordHash)).toBe(true)
    expect(await Bun.password.verify(ann.password, user.passwordHash)).toBe(false)
    const [entry] = await auditOf('user.reset_password')
    expect(entry?.changes).toEqual({
      mustChangePassword: { from: false, to: true },
      password: { changed: true },
    })
  })
})
