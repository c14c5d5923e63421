import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createPasswordLink, findPasswordLink } from '../../src/core/passwords/links.service'
import type { AppError } from '../../src/lib/errors'
import { parseUsers } from '../../src/resources/users/import'
import { importUsers, previewUsers } from '../../src/resources/users/service'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { bytes, createTestWards } from '../support/casework'
import { unlimited } from '../support/http'
import { sessionsOf, signIn } from '../support/sessions'
import { refusalOf } from '../support/store'
import { auditOf, type Body } from './cases/support'
import { toldOf } from './support'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const parse = (text: string) => parseUsers(bytes(text))
const load = ({ ctx }: Council, text: string) => importUsers(ctx, parse(text))
const preview = ({ ctx }: Council, text: string) => previewUsers(ctx, parse(text))
const listOf = async ({ key }: Council): Promise<Body[]> =>
  (await app.send('GET', '/api/users?pageSize=100', { key })).body.users

const rowsOf = ({ details }: AppError) => details.rows as { line: number; reason: string }[]

/** The faults of a file, which is refused for them. */
async function faultsOf(work: () => unknown): Promise<{ line: number; reason: string }[]> {
  const refusal = await refusalOf(work)
  expect(refusal.kind).toBe('bad_request')
  return rowsOf(refusal)
}

const termFile = (...lines: string[]) =>
  ['email,name,role,ward,startDate,endDate', ...lines].map((line) => `${line}\n`).join('')
const ada = 'ada@example.org,Ada Green,councillor'

describe('a file of users is refused', () => {
  test.each([
    ['no users', 'email,name\n', 1, /no users/],
    ['an unknown heading', 'email,password\na@example.org,x\n', 1, /password/],
    ['no heading for addresses', 'name\nAda\n', 1, /email/],
    ['a row without an address', 'email,name\na@example.org,A\n,B\n', 3, /e-mail/],
    ['an address that is none', 'email\nnobody\n', 2, /e-mail/],
    ['a role that is none', 'email,role\na@example.org,mayor\n', 2, /mayor/],
    ['active neither yes nor no', 'email,active\na@example.org,perhaps\n', 2, /yes or no/],
    ['a public contact neither yes nor no', 'email,contactPublic\na@example.org,2\n', 2, /yes or no/],
    ['a name too long', `email,name\na@example.org,${'x'.repeat(201)}\n`, 2, /200/],
    ['a photo that is no address', 'email,photoUrl\na@example.org,javascript:x\n', 2, /https/],
    ['a telephone number that is none', 'email,phone\na@example.org,call me\n', 2, /telephone/],
    ['dates without a ward', termFile(`${ada},,2026-05-07,`), 2, /ward is missing/],
    ['a date with the month first', termFile(`${ada},Ashley,5/17/2026,`), 2, /13\/03\/2026/],
    ['a day that no calendar has', termFile(`${ada},Ashley,2026-02-30,`), 2, /is not a date/],
    ['a term that ends before it starts', termFile(`${ada},Ashley,2026-05-07,2026-05-06`), 2, /before/],
    ['a user twice', 'email\na@example.org\nA@Example.org\n', 3, /line 2/],
    ['a term twice', termFile(`${ada},Ashley,,`, 'ada@example.org,,,Ashley,,'), 3, /same term/],
    ['more on a further line', termFile(`${ada},A,,`, 'ada@example.org,,admin,B,,'), 3, /role/],
  ] as [string, string, number, RegExp][])('for %s, with its line', async (_, text, line, reason) => {
    const faults = await faultsOf(() => parse(text))
    expect(faults.map((fault) => fault.line)).toEqual(faults.map(() => line))
    expect(faults.some((fault) => reason.test(fault.reason))).toBe(true)
  })

  test('for every bad line at once', async () => {
    const text = 'email,role,active\na@example.org,mayor,perhaps\nb@example.org,admin,yes\nnobody,king,no\n'
    const lines = (await faultsOf(() => parse(text))).map(({ line }) => line)
    expect(lines).toEqual([2, 2, 4, 4])
  })

  test('for what this council has not, every line of it, and then nothing is imported', async () => {
    const council = await newCouncil()
    await createTestWards(app, council, ['Ashley'])
    const text = termFile(
      `${ada},Ashley,,`,
      'ada@example.org,,,Nowhere,,',
      'bea@example.org,,,,,',
      'cyd@example.org,Cyd,admin,Ashley,,',
    )
    for (const work of [() => load(council, text), () => preview(council, text)]) {
      const faults = await faultsOf(work)
      expect(faults.map(({ line }) => line).sort()).toEqual([3, 4, 4, 5])
    }
    expect(await listOf(council)).toEqual([])
  })

  test('for a name that two wards have, which their codes tell apart', async () => {
    const council = await newCouncil()
    const file = 'name,gssCode\nSt Michael,E05010885\nSt Michael,E05010886\n'
    await importWards(council.ctx, parseWards(bytes(file)))
    const [{ line, reason } = { line: 0, reason: '' }] = await faultsOf(() =>
      load(council, termFile(`${ada},ST MICHAEL,,`)),
    )
    expect([line, reason]).toEqual([2, expect.stringMatching(/more than one ward/)])
    await load(council, termFile(`${ada},e05010886,,`))
    expect((await listOf(council))[0].wardIds).toHaveLength(1)
  })
})

describe('importing users', () => {
  test('makes those that are new, with what the file says of them', async () => {
    const council = await newCouncil()
    const [ashley] = await createTestWards(app, council, ['Ashley'])
    const text =
      'NAME,email,Role,party,bio,photoUrl,phone,surgeries,ward,startDate,endDate\n' +
      'Ada Green,ADA@example.org,councillor,Green,Born here,https://example.org/a.jpg,0117 496 0000,Fridays,ashley,2024-05-02,\n'
    expect(await load(council, text)).toEqual({ created: 1, updated: 0, unchanged: 0 })
    expect(await listOf(council)).toEqual([
      {
        id: expect.any(String),
        name: 'Ada Green',
        role: 'councillor',
        email: 'ada@example.org',
        party: 'Green',
        wardIds: [ashley],
        terms: [{ wardId: ashley, startDate: '2024-05-02', endDate: null }],
        profile: {
          bio: 'Born here',
          photoUrl: 'https://example.org/a.jpg',
          phone: '0117 496 0000',
          surgeries: 'Fridays',
        },
        active: true,
      },
    ])
  })

  test('brings the others up to date by address, and leaves what a file does not say', async () => {
    const council = await newCouncil()
    const file = 'email,name,role,party,bio\na@example.org,A,councillor,Green,Bio\nb@example.org,B,admin,,\n'
    expect(await load(council, file)).toEqual({ created: 2, updated: 0, unchanged: 0 })
    const before = await listOf(council)
    expect(await load(council, file)).toEqual({ created: 0, updated: 0, unchanged: 2 })
    expect(await listOf(council)).toEqual(before)
    const next = 'email,party,name,role\nA@example.org,,,\nb@example.org,,Bea,\nc@example.org,,C,manager\n'
    const counts = { created: 1, updated: 2, unchanged: 0 }
    expect(await preview(council, next)).toEqual(counts)
    expect(await listOf(council)).toEqual(before)
    expect(await load(council, next)).toEqual(counts)
    const [a, b, c] = await listOf(council)
    expect(a).toEqual({ ...before[0], party: null })
    expect([b.name, b.role, c.role]).toEqual(['Bea', 'admin', 'manager'])
    await load(council, 'email,active\nb@example.org,no\n')
    expect((await listOf(council)).find(({ name }) => name === 'Bea').active).toBe(false)
  })

  test('keeps several terms, and replaces them where a file names wards', async () => {
    const council = await newCouncil()
    const [ashley, easton] = await createTestWards(app, council, ['Ashley', 'Easton'])
    const file = termFile(
      `${ada},Ashley,2021-05-06,2024-05-01`,
      'ada@example.org,,,Easton,2024-05-02,',
      'ada@example.org,Ada Green,,Ashley,2018-05-03,2021-05-05',
    )
    expect(await load(council, file)).toEqual({ created: 1, updated: 0, unchanged: 0 })
    const termsOf = async () => (await listOf(council))[0].terms.map((term: Body) => term.startDate).sort()
    expect(await termsOf()).toEqual(['2018-05-03', '2021-05-06', '2024-05-02'])
    expect((await listOf(council))[0].wardIds).toEqual([easton])
    expect(await load(council, file)).toEqual({ created: 0, updated: 0, unchanged: 1 })
    expect(await load(council, 'email,party\nada@example.org,Green\n')).toMatchObject({ updated: 1 })
    expect(await termsOf()).toHaveLength(3)
    const fewer = termFile('ada@example.org,,,Ashley,2026-01-01,')
    expect(await preview(council, fewer)).toEqual({ created: 0, updated: 1, unchanged: 0 })
    expect(await load(council, fewer)).toEqual({ created: 0, updated: 1, unchanged: 0 })
    expect((await listOf(council))[0].terms).toEqual([
      { wardId: ashley, startDate: '2026-01-01', endDate: null },
    ])
    await load(council, termFile('ada@example.org,,,,,'))
    expect((await listOf(council))[0].terms).toEqual([])
  })

  test('tells of councillors alone, with address and number only where they are public', async () => {
    const council = await newCouncil()
    const [ashley] = await createTestWards(app, council, ['Ashley'])
    const text = [
      'email,name,role,phone,contactPublic,ward',
      'open@example.org,Open,councillor,0117 496 0001,yes,Ashley',
      'shy@example.org,Shy,councillor,0117 496 0002,no,Ashley',
      'staff@example.org,Staff,caseworker,0117 496 0003,yes,',
    ].join('\n')
    let rows = 0
    await importUsers(council.ctx, parse(text), () => void rows++)
    expect(rows).toBe(3)
    const told = async (name: string) => {
      const { id } = (await listOf(council)).find((one) => one.name === name)
      return (await toldOf(app, id, 'councillor_profile_updated')).map(({ councillor }) => councillor)
    }
    const [open] = await told('Open')
    expect([open.email, open.profile.phone, open.wardIds]).toEqual([
      'open@example.org',
      '0117 496 0001',
      [ashley],
    ])
    const [shy] = await told('Shy')
    expect([shy.email, shy.profile.phone, shy.wardIds]).toEqual([null, null, [ashley]])
    expect(await told('Staff')).toEqual([])
    await load(council, text)
    expect(await told('Open')).toHaveLength(1)
    await load(council, 'email,contactPublic\nopen@example.org,no\n')
    expect((await told('Open')).map(({ email }) => email)).toEqual(['open@example.org', null])
    const outbox = JSON.stringify((await contentOf(app)).outbox_events)
    expect(outbox).not.toMatch(/shy@example|496 0002|staff@example|496 0003/)
  })

  test('is audited once for each user that changed, never with a password’s hash or what is personal', async () => {
    const council = await newCouncil()
    const { id, passwordHash } = await createTestUser(council, { role: 'councillor', email: 'x@example.org' })
    await load(council, 'email,party,bio\nx@example.org,Green,Secret bio\n')
    const entries = (await auditOf(app, council)).filter(({ action }) => action === 'user.import')
    expect(entries.map(({ entityId, changes }) => [entityId, changes])).toEqual([
      [id, { party: { from: null, to: 'Green' }, bio: { changed: true } }],
    ])
    await load(council, 'email,name,role\nnew@example.org,New,admin\n')
    const all = JSON.stringify((await contentOf(app)).audit_entries)
    for (const text of [passwordHash, 'passwordHash', 'Secret bio', 'new@example.org']) {
      expect([text, all.includes(text)]).toEqual([text, false])
    }
  })
})

describe('whoever a file deactivates, or gives another role,', () => {
  test.each([
    ['active', 'no', 'yes', [0, 0]],
    ['role', 'caseworker', 'manager', [0, 1]],
    ['name', 'Other', 'Ada', [2, 1]],
  ] as [string, string, string, number[]][])(
    'is signed out where %s is %s, and %s does not bring it back',
    async (field, value, back, kept) => {
      const council = await newCouncil()
      const user = await createTestUser(council, { role: 'manager', email: 'ada@example.org', name: 'Ada' })
      await signIn(app, user)
      await signIn(app, user)
      const { token } = await createPasswordLink(council.ctx, app.deps, user.id, 'reset')
      for (const given of [value, back]) {
        await load(council, `email,${field}\nada@example.org,${given}\n`)
        const links = (await findPasswordLink(app.deps, token)) === null ? 0 : 1
        expect([(await sessionsOf(app, user.id)).length, links]).toEqual(kept)
      }
    },
  )
})
