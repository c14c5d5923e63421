import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { councillorTerms, type UserRow, users } from '../../src/core/users/table'
import {
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type TestApp,
} from '../support/app'
import { createTestCase, createTestWards } from '../support/casework'
import { atInstant, issuesOf, unlimited } from '../support/http'
import { type Body, type Holder, unknownId } from './cases/support'
import { callerOf } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof callerOf>
let wards: string[]
let people: Record<'admin' | 'manager' | 'councillor' | 'caseworker' | 'former', UserRow>

const setUser = (id: string, values: Partial<UserRow>): Promise<unknown> =>
  app.deps.store.write((tx) => tx.update(users).set(values).where(eq(users.id, id)))

const addTerm = ({ tenant }: Council, userId: string, term: [string, string, string | null]) => {
  const [wardId, startDate, endDate] = term
  return app.deps.store.write(async (tx) => {
    await tx.insert(councillorTerms).values({ tenantId: tenant.id, userId, wardId, startDate, endDate })
  })
}

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = callerOf(app, 'users')
  wards = await createTestWards(app, council, ['Ashley', 'Easton', 'Lawrence Hill'])
  const named = (name: string, role: UserRow['role'], wardIds: string[] = []) =>
    createTestUser(council, { name, role, wardIds, email: `${name.toLowerCase()}@example.org` })
  people = {
    admin: await named('Ada', 'admin'),
    manager: await named('Bea', 'manager'),
    councillor: await named('Cyd', 'councillor', [wards[0] as string]),
    caseworker: await named('Dot', 'caseworker'),
    former: await named('Eve', 'councillor'),
  }
  for (const [i, { id }] of Object.values(people).entries()) {
    await setUser(id, { phone: `+44117922200${i}`, createdAt: new Date(Date.UTC(2026, 0, 9 - i)) })
  }
  const profile = { bio: 'Born here', photoUrl: 'https://example.org/c.jpg', surgeries: 'Fridays' }
  await setUser(people.councillor.id, { ...profile, party: 'Green' })
  await setUser(people.former.id, { party: 'Labour', active: false })
  await addTerm(council, people.councillor.id, [wards[1] as string, '2026-03-13', '2026-03-13'])
  await addTerm(council, people.councillor.id, [wards[2] as string, '2026-03-14', null])
  await addTerm(council, people.former.id, [wards[0] as string, '2021-05-06', '2026-03-12'])
  const other = await createCouncil(app, 'severn')
  await createTestUser(other, { role: 'admin', name: 'Of another council' })
})
afterAll(() => app.close())

const keyOf = async (user: UserRow, scopes = ['users:read', 'cases:read']): Promise<Holder> => ({
  key: await createTestKey(app, council, { scopes, actingUserId: user.id }),
})
const namesOf = async (query: string, holder: Holder = council): Promise<string[]> =>
  (await call.list(query, holder)).map(({ name }) => name)

describe('users are refused', () => {
  test('to a key without their scope, and where there is none', async () => {
    const key = await createTestKey(app, council, { scopes: ['cases:read'] })
    for (const path of ['', `/${people.admin.id}`]) {
      const { status, body } = await call.send('GET', path, { key })
      expect([status, body.details.requiredScope]).toEqual([403, 'users:read'])
    }
    const other = await createCouncil(app, 'wye')
    for (const [id, holder] of [
      [unknownId, council],
      [people.admin.id, other],
      ['ada%40example.org', council],
    ] as const) {
      const { status, body } = await call.get(id, holder)
      expect([status, body]).toEqual([404, { error: 'User not found', details: {} }])
    }
  })

  test('for bad filters, which are named', async () => {
    for (const [query, name] of [
      ['role=mayor', 'role'],
      ['wardId=Ashley', 'wardId'],
      ['active=yes', 'active'],
      ['party=', 'party'],
      ['search=', 'search'],
      ['sort=email', 'sort'],
      ['email=ada@example.org', 'email'],
    ] as const) {
      const answer = await call.send('GET', `?${query}`, council)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
  })
})

describe('a user', () => {
  test('has the documented shape, without anything of the password', async () => {
    const { body, text } = await call.get(people.councillor.id, council)
    expect(body).toEqual({
      id: people.councillor.id,
      name: 'Cyd',
      role: 'councillor',
      email: 'cyd@example.org',
      party: 'Green',
      wardIds: expect.any(Array),
      terms: [
        { wardId: wards[0], startDate: null, endDate: null },
        { wardId: wards[1], startDate: '2026-03-13', endDate: '2026-03-13' },
        { wardId: wards[2], startDate: '2026-03-14', endDate: null },
      ],
      profile: {
        bio: 'Born here',
        photoUrl: 'https://example.org/c.jpg',
        phone: '+441179222002',
        surgeries: 'Fridays',
      },
      active: true,
    })
    expect(text).not.toMatch(/password|argon2/i)
    expect(await call.list('search=Cyd', council)).toEqual([body])
    expect((await call.get(people.admin.id, council)).body).toMatchObject({
      party: null,
      wardIds: [],
      terms: [],
      profile: { bio: null, photoUrl: null, surgeries: null },
    })
  })

  test.each([
    ['2026-03-12T23:59:59.999Z', [0]],
    ['2026-03-13T00:00:00.000Z', [0, 1]],
    ['2026-03-13T23:59:59.999Z', [0, 1]],
    ['2026-03-14T00:00:00.000Z', [0, 2]],
  ])('at %s stands for the wards of that date', async (instant, expected) => {
    const { body } = await atInstant(app, instant, () => call.get(people.councillor.id, council))
    expect(body.wardIds.sort()).toEqual(expected.map((i) => wards[i] as string).sort())
  })

  test('shows e-mail and telephone to those who may have them, and else none', async () => {
    const shownTo = async (holder: Holder, { id }: UserRow) => {
      const shown = (await call.get(id, holder)).body
      expect((await call.list('', holder)).find((user) => user.id === id)).toEqual(shown)
      expect([null, `${shown.name.toLowerCase()}@example.org`]).toContain(shown.email)
      expect(shown.email === null).toBe(shown.profile.phone === null)
      return shown.email !== null
    }
    const { admin, manager, councillor, caseworker } = people
    for (const [who, holder, expected] of [
      ['nobody', council, [true, true]],
      ['admin', await keyOf(admin), [true, true]],
      ['manager', await keyOf(manager), [true, true]],
      ['councillor', await keyOf(councillor), [true, false]],
      ['caseworker', await keyOf(caseworker), [false, true]],
    ] as const) {
      const seen = [await shownTo(holder, councillor), await shownTo(holder, caseworker)]
      expect([who, seen]).toEqual([who, [...expected]])
    }
    await setUser(councillor.id, { isContactPublic: true })
    expect(await shownTo(await keyOf(caseworker), councillor)).toBe(true)
    expect(await shownTo(await keyOf(councillor), caseworker)).toBe(false)
  })
})

describe('the list of users', () => {
  test.each([
    ['', ['Ada', 'Bea', 'Cyd', 'Dot', 'Eve']],
    ['sort=-name', ['Eve', 'Dot', 'Cyd', 'Bea', 'Ada']],
    ['sort=createdAt', ['Eve', 'Dot', 'Cyd', 'Bea', 'Ada']],
    ['role=councillor', ['Cyd', 'Eve']],
    ['role=councillor&active=true', ['Cyd']],
    ['active=false', ['Eve']],
    ['party=Green', ['Cyd']],
    ['party=green', []],
    ['search=D', ['Ada', 'Cyd', 'Dot']],
    ['search=%25', []],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await namesOf(query)).toEqual(expected)
  })

  test('by ward shows who stands for it today', async () => {
    expect(await namesOf(`wardId=${wards[0]}`)).toEqual(['Cyd'])
    const at = (instant: string, i: number) => atInstant(app, instant, () => namesOf(`wardId=${wards[i]}`))
    expect(await at('2026-03-12T12:00:00Z', 0)).toEqual(['Cyd', 'Eve'])
    expect(await at('2021-05-05T12:00:00Z', 0)).toEqual(['Cyd'])
    expect(await at('2026-03-13T12:00:00Z', 2)).toEqual([])
    expect(await at('2026-03-14T12:00:00Z', 2)).toEqual(['Cyd'])
    expect(await namesOf(`wardId=${unknownId}`)).toEqual([])
  })

  test('is paged, and its tag changes with the date', async () => {
    const { body } = await call.send('GET', '?page=2&pageSize=3', council)
    expect(body.pagination).toEqual({ page: 2, pageSize: 3, total: 5, totalPages: 2 })
    expect(body.users.map(({ name }: Body) => name)).toEqual(['Dot', 'Eve'])
    const tag = await call.tag('', council)
    expect(await atInstant(app, '2026-03-13T23:59:59Z', () => call.tag('', council))).toBe(tag)
    expect(await atInstant(app, '2026-03-14T00:00:00Z', () => call.tag('', council))).not.toBe(tag)
  })
})

describe('a councillor’s key', () => {
  test('shows the cases of the wards that they stand for on that date', async () => {
    const holder = await keyOf(people.councillor)
    for (const [i, wardId] of wards.entries())
      await createTestCase(app, council, { summary: `In ${i}`, wardId })
    await createTestCase(app, council, { summary: 'Nowhere' })
    const shownAt = (instant: string) =>
      atInstant(app, instant, async () => {
        const { body } = await app.send('GET', '/api/cases?pageSize=100', holder)
        return body.cases.map(({ summary }: Body) => summary).sort()
      })
    expect(await shownAt('2026-03-13T12:00:00Z')).toEqual(['In 0', 'In 1'])
    expect(await shownAt('2026-03-14T00:00:00Z')).toEqual(['In 0', 'In 2'])
    expect(await shownAt('2026-03-12T23:59:59Z')).toEqual(['In 0'])
    const ended = (await app.send('GET', '/api/cases?pageSize=100', council)).body.cases.find(
      ({ summary }: Body) => summary === 'In 1',
    )
    const read = () => app.send('GET', `/api/cases/${ended.id}`, holder)
    expect((await atInstant(app, '2026-03-13T23:59:59Z', read)).status).toBe(200)
    expect((await atInstant(app, '2026-03-14T00:00:00Z', read)).status).toBe(404)
  })
})
