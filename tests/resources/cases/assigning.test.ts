import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Ctx } from '../../../src/core/ctx'
import type { UserRow } from '../../../src/core/users/table'
import { assignCases } from '../../../src/resources/cases/assign.service'
import type { CaseAssignment } from '../../../src/resources/cases/input'
import { caseStatuses } from '../../../src/resources/cases/table'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../../support/app'
import { contentOf } from '../../support/beside'
import { createTestWards, deactivateUser, idsOf } from '../../support/casework'
import { unlimited } from '../../support/http'
import { faultsOf, faultyFields } from '../../support/verbs'
import { toldOf } from '../support'
import { auditOf, type Body, caller, createIn, eventsOf, unknownId } from './support'

let app: TestApp
let council: Council
let ann: UserRow
let bob: UserRow
let cases: Body[]
let call: ReturnType<typeof caller>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
  council = await createCouncil(app, 'avon')
  ann = await createTestUser(council, { role: 'caseworker', name: 'Ann' })
  bob = await createTestUser(council, { role: 'councillor', name: 'Bob' })
})
afterAll(() => app.close())

beforeEach(async () => {
  cases = await Promise.all(['First', 'Second', 'Third'].map((summary) => call.create({ summary }, council)))
})

const assign = (input: Record<string, unknown>, ctx: Ctx = council.ctx) =>
  assignCases(ctx, { ids: idsOf(cases), assigneeId: ann.id, ...input } as CaseAssignment)
const as = ({ id, name, role }: UserRow, wardIds: readonly string[] = []): Ctx => ({
  ...council.ctx,
  acting: { id, name, role, wardIds },
})
const assigneesOf = () =>
  Promise.all(cases.map(async ({ id }) => (await call.get(id, council)).body.assigneeId as string | null))

/** Work that is refused for these faults writes nothing. */
async function isRefused(work: () => unknown, faults: string[]): Promise<void> {
  const before = await contentOf(app)
  expect(await faultsOf(work)).toEqual(faults)
  expect(await contentOf(app)).toEqual(before)
}

describe('cases are given to nobody', () => {
  test.each([
    ['ids', [[], Array(101).fill('a'), 'a', null, undefined]],
    [
      'ids.1',
      [
        ['a', 'A-1'],
        ['a', 7],
      ],
    ],
    ['assigneeId', ['', 7, undefined, ['a']]],
    ['status', ['closed']],
  ] as [string, unknown[]][])('for a bad %s, which is named', async (path, values) => {
    for (const value of values) {
      const field = path.split('.')[0] as string
      const named = await faultyFields(() => assign({ [field]: value }))
      expect([value, named]).toEqual([value, [path]])
    }
    expect(await assigneesOf()).toEqual([null, null, null])
  })

  test('where one of them, or whom they are for, is not there: all are named at once', async () => {
    const other = await createCouncil(app, 'severn')
    const foreign = {
      case: await call.create({}, other),
      user: await createTestUser(other, { role: 'admin' }),
    }
    const ids = [cases[0].id, unknownId, cases[1].id, foreign.case.id]
    for (const assigneeId of [unknownId, foreign.user.id]) {
      await isRefused(
        () => assign({ ids, assigneeId }),
        [
          'assigneeId: There is no active user with this id',
          'ids.1: There is no such id',
          'ids.3: There is no such id',
        ],
      )
    }
  })

  test('where whom they are for is not active any more', async () => {
    const gone = await createTestUser(council, { role: 'manager' })
    await deactivateUser(app, gone.id)
    await isRefused(
      () => assign({ assigneeId: gone.id }),
      ['assigneeId: There is no active user with this id'],
    )
  })

  test('where the caller does not see one of them', async () => {
    const [ward] = (await createTestWards(app, council, ['Ashley'])) as [string]
    await call.change(cases[0].id, { wardId: ward }, council)
    const unseen = ['ids.1: There is no such id', 'ids.2: There is no such id']
    await isRefused(() => assign({}, as(bob, [ward])), unseen)
    await call.change(cases[0].id, { assigneeId: ann.id }, council)
    await isRefused(() => assign({ assigneeId: bob.id }, as(ann)), unseen)
  })
})

describe('cases that are given to somebody', () => {
  test('change as if each were changed by itself', async () => {
    const [first, second, third] = cases
    await call.change(first.id, { assigneeId: bob.id }, council)
    const one = await call.create({ summary: 'By itself', residentName: 'Margaret Hughes' }, council)
    const two = await call.create({ summary: 'Together', residentName: 'Margaret Hughes' }, council)
    await call.change(one.id, { assigneeId: ann.id }, { key: council.key })
    // Who may read residents reads none by this.
    const reader = { ...council.ctx, scopes: new Set(['residents:read'] as const) }
    const entries = (await auditOf(app, council)).length
    expect(await assign({ ids: [...idsOf([first, second, third]), two.id, second.id] }, reader)).toEqual({
      assigned: 4,
    })

    const audit = (await auditOf(app, council)).slice(entries)
    expect(audit.map(({ action, entityId }) => [action, entityId])).toEqual(
      [first, second, third, two].map(({ id }) => ['case.assign', id]),
    )
    expect(audit.map(({ changes }) => changes)).toEqual(
      [bob.id, null, null, null].map((from) => ({ assigneeId: { from, to: ann.id } })),
    )
    expect(await eventsOf(app, two.id)).toEqual(await eventsOf(app, one.id))
    const [told] = await toldOf(app, two.id, 'case_assigned')
    expect(told.case).toMatchObject({ id: two.id, assigneeId: ann.id, assignee: { name: 'Ann' } })

    const plain = ({ kind, from, to }: Body) => ({ kind, from, to })
    const [alone, together] = [await call.timeline(one.id, council), await call.timeline(two.id, council)]
    expect(together.map(plain)).toEqual(alone.map(plain))
    expect((await call.timeline(first.id, council))[0]).toMatchObject({
      kind: 'assignment',
      from: { assignee: 'Bob' },
      to: { assignee: 'Ann' },
    })
    expect(await assigneesOf()).toEqual([ann.id, ann.id, ann.id])
  })

  test('and are theirs already do not count and stay as they are', async () => {
    await assign({ ids: [cases[1].id] })
    const version = (await call.get(cases[1].id, council)).body.version
    expect(await assign({})).toEqual({ assigned: 2 })
    expect((await call.get(cases[1].id, council)).body.version).toBe(version)
    const before = await contentOf(app)
    expect(await assign({})).toEqual({ assigned: 0 })
    expect(await contentOf(app)).toEqual(before)
  })

  test('may be so in any status, and are counted for them', async () => {
    const made = await Promise.all(caseStatuses.map((status) => createIn(app, status, council)))
    const wendy = await createTestUser(council, { role: 'caseworker' })
    expect(await assign({ ids: idsOf(made), assigneeId: wendy.id })).toEqual({ assigned: 4 })
    const { body } = await call.list(`assigneeId=${wendy.id}&pageSize=1`, council)
    expect(body.pagination.total).toBe(4)
  })

  test('may be taken from everybody, and handed on by whom they were given to', async () => {
    expect(await assign({}, as(ann)).catch(({ kind }) => kind)).toBe('bad_request')
    await assign({})
    expect(await assign({ assigneeId: bob.id, ids: [cases[0].id] }, as(ann))).toEqual({ assigned: 1 })
    expect(await faultyFields(() => assign({ ids: [cases[0].id] }, as(ann)))).toEqual(['ids.0'])
    expect(await assign({ assigneeId: null })).toEqual({ assigned: 3 })
    expect(await assigneesOf()).toEqual([null, null, null])
  })

  test('are a hundred at most, all or none', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => call.create({}, council)))
    const ids = idsOf(made)
    await isRefused(() => assign({ ids: [...ids.slice(1), unknownId] }), ['ids.99: There is no such id'])
    expect(await assign({ ids })).toEqual({ assigned: 100 })
  })
})
