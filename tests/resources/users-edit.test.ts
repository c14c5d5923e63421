import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Ctx } from '../../src/core/ctx'
import type { Role } from '../../src/core/scopes'
import { noPassword } from '../../src/core/users/model'
import { getUserByEmail, insertTerms, insertUser, type Term, wardIdsOf } from '../../src/core/users/store'
import type { UserRow } from '../../src/core/users/table'
import { write } from '../../src/core/write'
import { detailsOf, inviteUser, patchProfile, patchUser } from '../../src/resources/users/edit.service'
import type { ProfilePatch, UserDetails, UserInvite, UserPatch } from '../../src/resources/users/model'
import { getTerms } from '../../src/resources/users/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { createTestWards } from '../support/casework'
import { atInstant, unlimited } from '../support/http'
import { sessionsOf, signIn } from '../support/sessions'
import { faultsOf, faultyFields, having, kindOf } from '../support/verbs'
import { auditOf, unknownId } from './cases/support'
import { toldOf } from './support'

let app: TestApp
let council: Council
let ashley: string
let cotham: string
let admin: UserRow
let councillor: UserRow

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  council = await createCouncil(app, `fresh-${++fresh}`)
  ;[ashley, cotham] = (await createTestWards(app, council, ['Ashley', 'Cotham'])) as [string, string]
  admin = await addUser('admin')
  councillor = await addUser('councillor', [ashley])
})

/** A user who was there before: without details, and with terms that have no known beginning. */
const addUser = (role: Role, wardIds: readonly string[] = [], { ctx }: Council = council): Promise<UserRow> =>
  write(ctx, 'user.import', async (w) => {
    const now = w.clock.now()
    const id = w.newId()
    const own = { id, tenantId: w.tenantId, email: `${id}@example.org`, createdAt: now, updatedAt: now }
    const values = { ...own, name: `A ${role}`, role, passwordHash: noPassword, mustChangePassword: true }
    const terms = wardIds.map((wardId) => ({ wardId, startDate: '', endDate: null }))
    return { changes: [], result: await insertUser(w, values, terms) }
  })

const today = '2026-03-13'
const yesterday = '2026-03-12'

/** The same caller on behalf of a user. */
const as = ({ id, name, role }: UserRow, wardIds: readonly string[] = []): Ctx => ({
  ...council.ctx,
  acting: { id, name, role, wardIds },
})
const ada: UserInvite = { email: 'ada@example.org', name: 'Ada Green', role: 'manager', wardIds: [] }
const invite = (input: Record<string, unknown> = {}): Promise<UserRow> =>
  inviteUser(as(admin), { ...ada, ...input } as UserInvite)
const patch = (
  { id }: { id: string },
  input: Record<string, unknown>,
  ctx = as(admin),
): Promise<UserDetails> => patchUser(ctx, id, input as UserPatch)
const termsOf = async ({ id }: { id: string }): Promise<Term[]> =>
  ((await getTerms(council.ctx, [id])).get(id) ?? []).map(({ wardId, startDate, endDate }) => ({
    wardId,
    startDate,
    endDate,
  }))
const entriesOf = async (action: string) =>
  (await auditOf(app, council)).filter((entry) => entry.action === action).map(({ changes }) => changes)
const profilesTold = ({ id }: { id: string }) => toldOf(app, id, 'councillor_profile_updated')

/** Nothing is written by work that is refused or changes nothing. */
async function leavesAll(work: () => Promise<unknown>): Promise<void> {
  const before = await contentOf(app)
  await work()
  expect(await contentOf(app)).toEqual(before)
}

const badOfAll: [string, unknown[]][] = [
  ['name', ['', ' ', 'x'.repeat(201), null, 7]],
  ['email', ['', 'nobody', 'a@b.uk c@d.uk', `${'a'.repeat(250)}@b.uk`, null]],
  ['role', ['mayor', '', null]],
  ['passwordHash', ['x']],
]

const badOfProfile: [string, unknown[]][] = [
  ['party', ['', 'x'.repeat(101), 7]],
  ['bio', ['', ' ', 'x'.repeat(5_001)]],
  ['photoUrl', ['javascript:alert(1)', 'www.example.org', 'https://', '']],
  ['phone', ['call me', 'x'.repeat(41), '']],
  ['surgeries', ['', 'x'.repeat(1_001)]],
  ['isContactPublic', ['yes', 1, null]],
]

describe('an invitation is refused', () => {
  test.each(badOfAll)('for a bad %s, which is named', async (field, values) => {
    await leavesAll(async () => {
      for (const value of values) {
        expect([value, await faultyFields(() => invite({ [field]: value }))]).toEqual([value, [field]])
      }
    })
  })

  test('for all its faults at once', async () => {
    const wrong = { email: councillor.email.toUpperCase(), name: '', wardIds: [ashley, unknownId] }
    expect(await faultsOf(() => invite(wrong))).toEqual([
      'email: Already used by another user',
      'name: Must not be empty',
      'wardIds.1: There is no such ward',
      'wardIds: Only a councillor can represent a ward',
    ])
    expect(await faultyFields(() => inviteUser(council.ctx, {} as UserInvite))).toEqual([
      ...['email', 'name', 'role', 'wardIds'],
    ])
  })

  test('for a ward of another council', async () => {
    const other = await createCouncil(app, `other-${fresh}`)
    const [foreign] = await createTestWards(app, other, ['Elsewhere'])
    const input = { role: 'councillor', wardIds: [foreign, cotham] }
    expect(await faultyFields(() => invite(input))).toEqual(['wardIds.0'])
  })
})

describe('an invited user', () => {
  test('has no password, and terms that begin today', async () => {
    const input = {
      email: ' Ada@Example.ORG ',
      name: ' Ada Green ',
      role: 'councillor',
      wardIds: [cotham, cotham],
    }
    const row = await invite(input)
    expect(row).toMatchObject({
      email: 'ada@example.org',
      name: 'Ada Green',
      role: 'councillor',
      active: true,
      passwordHash: noPassword,
      mustChangePassword: true,
    })
    expect(await getUserByEmail(council.ctx, 'ada@example.org')).toEqual(row)
    expect(await termsOf(row)).toEqual([{ wardId: cotham, startDate: today, endDate: null }])
    expect(await wardIdsOf(app.deps.store.read, row.id, today)).toEqual([cotham])
  })

  test('is on record without name or address, and is told of only as a councillor', async () => {
    const manager = await invite()
    expect(await profilesTold(manager)).toEqual([])
    const row = await invite({ email: 'bea@example.org', name: 'Bea', role: 'councillor', wardIds: [ashley] })
    expect(await profilesTold(row)).toMatchObject([
      { councillor: { id: row.id, name: 'Bea', email: null, wardIds: [ashley] } },
    ])
    const entries = await entriesOf('user.invite')
    expect(entries[1]).toMatchObject({
      role: { from: null, to: 'councillor' },
      mustChangePassword: { from: null, to: true },
      email: { changed: true },
    })
    expect(JSON.stringify(entries)).not.toMatch(/Ada|Bea|example/)
  })
})

describe('a change of a user is refused', () => {
  test.each([...badOfAll, ...badOfProfile, ['active', ['no', 0, null]] as [string, unknown[]]])(
    'for a bad %s, which is named',
    async (field, values) => {
      await leavesAll(async () => {
        for (const value of values) {
          const fields = await faultyFields(() => patch(councillor, { [field]: value }))
          expect([value, fields]).toEqual([value, [field]])
        }
      })
    },
  )

  test('for all its faults at once', async () => {
    const wrong = { email: admin.email, phone: '12', bio: '', wardIds: [unknownId] }
    await leavesAll(async () => {
      expect(await faultyFields(() => patch(councillor, wrong))).toEqual([
        ...['bio', 'email', 'phone', 'wardIds.0'],
      ])
      expect(await faultyFields(() => patch(admin, { wardIds: [ashley] }))).toEqual(['wardIds'])
      expect(await faultyFields(() => patch(councillor, { role: 'manager', wardIds: [ashley] }))).toEqual([
        'wardIds',
      ])
    })
  })

  test('where there is no such user in this council', async () => {
    const other = await createCouncil(app, `other-${fresh}`)
    const foreign = await addUser('caseworker', [], other)
    for (const id of [unknownId, foreign.id]) {
      expect(await kindOf(() => patch({ id }, { name: 'Mine' }))).toBe('not_found')
    }
  })

  test('where they have changed since they were read, in what a list does not show too', async () => {
    const seen = await detailsOf(as(admin), councillor)
    const changed = await patch(councillor, { isContactPublic: true })
    const change = (view: UserDetails) => patch(councillor, { party: 'Green' }, having(as(admin), view))
    expect(await kindOf(() => change(seen))).toBe('stale')
    expect(await change(changed)).toMatchObject({ party: 'Green', isContactPublic: true })
  })

  test('where an admin would deactivate or demote themselves', async () => {
    await addUser('admin')
    await leavesAll(async () => {
      for (const change of [
        { active: false },
        { role: 'manager' },
        { role: 'councillor', wardIds: [ashley] },
      ]) {
        expect([change, await kindOf(() => patch(admin, change))]).toEqual([change, 'conflict'])
      }
    })
    expect(await patch(admin, { name: 'Another', active: true, role: 'admin' })).toMatchObject({
      name: 'Another',
    })
  })

  test('where somebody would give themselves another role', async () => {
    const manager = await addUser('manager')
    expect(await kindOf(() => patch(manager, { role: 'admin' }, as(manager)))).toBe('conflict')
  })

  test('where it would take the council’s last active admin, whoever asks', async () => {
    const second = await addUser('admin')
    await addUser('admin', [], await createCouncil(app, `other-${fresh}`))
    await patch(second, { active: false })
    await leavesAll(async () => {
      for (const change of [{ active: false }, { role: 'caseworker' }]) {
        expect(await kindOf(() => patch(admin, change, council.ctx))).toBe('conflict')
      }
    })
    expect(await patch(second, { role: 'manager' })).toMatchObject({ role: 'manager', active: false })
  })

  test('to one of two admins who demote each other at the same time', async () => {
    const second = await addUser('admin')
    const outcomes = await Promise.allSettled([
      patch(second, { role: 'manager' }, as(admin)),
      patch(admin, { role: 'manager' }, as(second)),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a changed user', () => {
  test('has what was named, cleared of what is null, and is on record without it', async () => {
    const profile = {
      party: 'Green',
      bio: 'Born here',
      phone: '0117 496 0000 ext 4 (not Mondays)',
      surgeries: 'Fridays',
    }
    const photoUrl = 'https://example.org/a.jpg'
    const change = { name: ' Ada Green ', email: 'Ada@Example.org', ...profile, photoUrl }
    expect(await patch(councillor, change)).toEqual({
      id: councillor.id,
      name: 'Ada Green',
      role: 'councillor',
      email: 'ada@example.org',
      party: 'Green',
      wardIds: [ashley],
      terms: [{ wardId: ashley, startDate: null, endDate: null }],
      profile: {
        bio: 'Born here',
        photoUrl,
        phone: '0117 496 0000 ext 4 (not Mondays)',
        surgeries: 'Fridays',
      },
      active: true,
      isContactPublic: false,
    })
    expect(await patch(councillor, { bio: null, party: null })).toMatchObject({
      party: null,
      profile: { bio: null, photoUrl },
    })
    expect(await entriesOf('user.update')).toEqual([
      {
        ...{ name: { changed: true }, email: { changed: true }, bio: { changed: true } },
        ...{ photoUrl: { changed: true }, phone: { changed: true }, surgeries: { changed: true } },
        party: { from: null, to: 'Green' },
      },
      { party: { from: 'Green', to: null }, bio: { changed: true } },
    ])
  })

  test('is told of as a councillor, with contacts only where they are public', async () => {
    await patch(councillor, { surgeries: 'Fridays', phone: '0117 496 0000' })
    await patch(councillor, { isContactPublic: true })
    expect(await profilesTold(councillor)).toMatchObject([
      { councillor: { email: null, profile: { surgeries: 'Fridays', phone: null } } },
      { councillor: { email: councillor.email, profile: { phone: '0117 496 0000' } } },
    ])
    await patch(admin, { bio: 'Runs it' })
    expect(await profilesTold(admin)).toEqual([])
    await patch(councillor, { role: 'manager' })
    expect(await profilesTold(councillor)).toHaveLength(3)
  })

  test('is not written where nothing is otherwise', async () => {
    const { email, name, role } = councillor
    await leavesAll(async () => {
      await patch(councillor, {})
      await patch(councillor, {
        email: email.toUpperCase(),
        name: ` ${name} `,
        role,
        active: true,
        bio: null,
      })
      await patch(councillor, { wardIds: [ashley, ashley] })
    })
  })

  test('is signed out by another role and by being deactivated, by nothing else', async () => {
    const session = await signIn(app, councillor)
    await patch(councillor, { name: 'Another', wardIds: [cotham], email: 'new@example.org', active: true })
    expect(await sessionsOf(app, councillor.id)).toEqual([session])
    await patch(councillor, { role: 'caseworker' })
    expect(await sessionsOf(app, councillor.id)).toEqual([])
    await signIn(app, councillor)
    const kept = await signIn(app, admin)
    await patch(councillor, { active: false })
    expect([await sessionsOf(app, councillor.id), await sessionsOf(app, admin.id)]).toEqual([[], [kept]])
    expect(await patch(councillor, { active: true })).toMatchObject({ active: true, role: 'caseworker' })
  })
})

describe('the wards of a councillor', () => {
  const term = (wardId: string, startDate: string, endDate: string | null): Term => ({
    wardId,
    startDate,
    endDate,
  })
  const addTerms = (...terms: Term[]) =>
    write(council.ctx, 'user.import', async (w) => ({
      changes: [],
      result: await insertTerms(w, councillor.id, terms),
    }))
  const wardsOf = (date: string) => wardIdsOf(app.deps.store.read, councillor.id, date)

  test('are those named from today on; what was stays on record', async () => {
    await patch(councillor, { wardIds: [cotham] })
    expect(await termsOf(councillor)).toEqual([term(ashley, '', yesterday), term(cotham, today, null)])
    expect([await wardsOf(yesterday), await wardsOf(today)]).toEqual([[ashley], [cotham]])
    expect((await entriesOf('user.update'))[0]).toEqual({
      terms: {
        from: `${ashley}  `,
        to: [`${ashley}  ${yesterday}`, `${cotham} ${today} `].sort().join(', '),
      },
    })
  })

  test('given and taken on one day leave nothing, taken and given again two terms', async () => {
    await patch(councillor, { wardIds: [ashley, cotham] })
    await patch(councillor, { wardIds: [] })
    expect(await termsOf(councillor)).toEqual([term(ashley, '', yesterday)])
    await patch(councillor, { wardIds: [ashley] })
    expect(await termsOf(councillor)).toEqual([term(ashley, '', yesterday), term(ashley, today, null)])
  })

  test('count by the council’s own date', async () => {
    await atInstant(app, '2026-06-30T23:30:00.000Z', () => patch(councillor, { wardIds: [cotham] }))
    expect(await termsOf(councillor)).toEqual([
      term(ashley, '', '2026-06-30'),
      term(cotham, '2026-07-01', null),
    ])
  })

  test('that were, that end by themselves and that are to come stay as they are', async () => {
    const others = [
      term(cotham, '2019-05-02', '2023-05-04'),
      term(cotham, '2024-05-02', '2026-05-07'),
      term(ashley, '2026-05-08', null),
    ]
    await addTerms(...others)
    await leavesAll(() => patch(councillor, { wardIds: [cotham, ashley] }))
    await patch(councillor, { wardIds: [cotham] })
    expect(await termsOf(councillor)).toEqual([term(ashley, '', yesterday), ...others])
    await patch(councillor, { wardIds: [ashley] })
    expect(await termsOf(councillor)).toEqual([
      term(ashley, '', yesterday),
      term(cotham, '2019-05-02', '2023-05-04'),
      term(cotham, '2024-05-02', yesterday),
      term(ashley, today, null),
      term(ashley, '2026-05-08', null),
    ])
  })

  test('are nobody’s who has another role: what has begun ends, nothing is to come', async () => {
    await addTerms(term(cotham, '2019-05-02', '2023-05-04'), term(cotham, '2026-05-08', null))
    expect(await patch(councillor, { role: 'caseworker' })).toMatchObject({ wardIds: [] })
    expect(await termsOf(councillor)).toEqual([
      term(ashley, '', yesterday),
      term(cotham, '2019-05-02', '2023-05-04'),
    ])
    await patch(councillor, { role: 'councillor', wardIds: [cotham] })
    expect(await wardsOf(today)).toEqual([cotham])
  })
})

describe('a profile', () => {
  const change = (input: Record<string, unknown>, ctx = as(councillor, [ashley])): Promise<UserDetails> =>
    patchProfile(ctx, input as ProfilePatch)

  test.each([
    ...badOfProfile,
    ...['name', 'email', 'role', 'active', 'wardIds', 'mustChangePassword'].map(
      (field): [string, unknown[]] => [field, ['x']],
    ),
  ])('is refused for a bad %s, which is named', async (field, values) => {
    await leavesAll(async () => {
      for (const value of values) {
        expect([value, await faultyFields(() => change({ [field]: value }))]).toEqual([value, [field]])
      }
    })
  })

  test('is nobody’s who is no user', async () => {
    expect(await kindOf(() => change({ bio: 'I' }, council.ctx))).toBe('forbidden')
  })

  test('is refused where it has changed since it was read', async () => {
    const seen = await detailsOf(as(councillor, [ashley]), councillor)
    const changed = await change({ bio: 'Born here' }, having(as(councillor, [ashley]), seen))
    expect(await kindOf(() => change({ bio: 'I' }, having(as(councillor, [ashley]), seen)))).toBe('stale')
    expect(await change({ bio: 'I' }, having(as(councillor, [ashley]), changed))).toMatchObject({
      profile: { bio: 'I' },
    })
  })

  test.each<[Role, number]>([
    ['councillor', 1],
    ['caseworker', 0],
  ])('of a %s is their own to change, and keeps them signed in', async (role, told) => {
    const user = role === 'councillor' ? councillor : await addUser(role)
    const session = await signIn(app, user)
    const profile = { party: 'Green', bio: 'Born here', phone: '0117 496 0000', surgeries: null }
    const { isContactPublic, ...shown } = await change({ ...profile, isContactPublic: true }, as(user))
    expect([isContactPublic, shown]).toMatchObject([
      true,
      {
        name: user.name,
        email: user.email,
        party: 'Green',
        profile: { bio: 'Born here', phone: profile.phone },
      },
    ])
    expect(await profilesTold(user)).toHaveLength(told)
    expect(await sessionsOf(app, user.id)).toEqual([session])
    expect(await entriesOf('user.update_profile')).toEqual([
      {
        ...{ bio: { changed: true }, phone: { changed: true } },
        ...{ party: { from: null, to: 'Green' }, isContactPublic: { from: false, to: true } },
      },
    ])
    await leavesAll(() => change(profile, as(user)))
  })
})
