import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { CategoryCreate, CategoryPatch, CategoryView } from '../../src/resources/categories/model'
import { createCategory, patchCategory } from '../../src/resources/categories/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { unlimited } from '../support/http'
import { faultsOf, faultyFields, having, kindOf } from '../support/verbs'
import { auditOf, type Body, caller, unknownId } from './cases/support'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  council = await createCouncil(app, `fresh-${++fresh}`)
})

const potholes: CategoryCreate = { name: 'Potholes', visibility: 'public', active: true, dayType: 'working' }
const create = (input: Record<string, unknown> = {}, { ctx }: Council = council): Promise<CategoryView> =>
  createCategory(ctx, { ...potholes, ...input } as CategoryCreate)
const patch = (
  id: string,
  input: Record<string, unknown>,
  { ctx }: Council = council,
): Promise<CategoryView> => patchCategory(ctx, id, input as CategoryPatch)
const read = async (id: string): Promise<Body> =>
  (await app.send('GET', `/api/categories/${id}`, { key: council.key })).body
const changesOf = async (action: string) =>
  (await auditOf(app, council)).filter((entry) => entry.action === action).map(({ changes }) => changes)

describe('a category is refused', () => {
  test.each([
    ['name', ['', ' ', 'x'.repeat(201), null, 7]],
    ['slug', ['', 'pot holes', 'x'.repeat(101), null]],
    ['group', ['', 'x'.repeat(201), 7]],
    ['description', ['', 'x'.repeat(5_001)]],
    ['visibility', ['private', '', null]],
    ['active', ['yes', 1, null]],
    ['targetDays', [0, 10_000, 1.5, '10']],
    ['dayType', ['bank', '', null]],
    ['id', ['mine']],
  ] as [string, unknown[]][])('for a bad %s, which is named', async (field, values) => {
    const { id } = await create({ name: 'Street lights' })
    const before = await contentOf(app)
    for (const value of values) {
      expect([value, await faultyFields(() => create({ [field]: value }))]).toEqual([value, [field]])
      expect([value, await faultyFields(() => patch(id, { [field]: value }))]).toEqual([value, [field]])
    }
    expect(await contentOf(app)).toEqual(before)
  })

  test('for all its faults at once, those of forms and those of what is there', async () => {
    await create()
    const other = await create({ name: 'Other' })
    const wrong = { slug: 'potholes', targetDays: 0 }
    const faults = ['slug: Already used by another category', 'targetDays: Must be at least 1']
    expect(await faultsOf(() => create(wrong))).toEqual(faults)
    expect(await faultsOf(() => patch(other.id, wrong))).toEqual(faults)
    expect(await faultyFields(() => createCategory(council.ctx, {} as CategoryCreate))).toEqual([
      ...['active', 'dayType', 'name', 'visibility'],
    ])
  })

  test('for a name that makes no slug, or one that another category of this council has', async () => {
    expect(await faultsOf(() => create({ name: '???' }))).toEqual([
      'slug: Required: none can be made from the name',
    ])
    await create()
    expect(await faultsOf(() => create({ name: 'Potholes!' }))).toEqual([
      'slug: Already used by another category',
    ])
    expect(await create({ slug: 'POT_2' })).toMatchObject({ name: 'Potholes', slug: 'POT_2' })
    const elsewhere = await createCouncil(app, `elsewhere-${fresh}`)
    expect(await create({}, elsewhere)).toMatchObject({ slug: 'potholes' })
  })

  test('where two make the same at the same time, to one of them', async () => {
    const outcomes = await Promise.allSettled([create(), create()])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(await faultsOf(() => Promise.reject(refused?.reason))).toEqual([
      'slug: Already used by another category',
    ])
  })

  test('a change, where there is no such category in this council', async () => {
    const other = await createCouncil(app, `other-${fresh}`)
    const foreign = await create({}, other)
    for (const id of [unknownId, foreign.id]) {
      expect(await kindOf(() => patch(id, { name: 'Mine' }))).toBe('not_found')
    }
    expect(await patch(foreign.id, {}, other)).toEqual(foreign)
  })

  test('a change, where it has changed since it was read', async () => {
    const seen = await create()
    const changed = await patch(seen.id, { targetDays: 5 })
    const stale = { ...council, ctx: having(council.ctx, seen) }
    expect(await kindOf(() => patch(seen.id, { targetDays: 6 }, stale))).toBe('stale')
    const present = { ...council, ctx: having(council.ctx, changed) }
    expect(await patch(seen.id, { targetDays: 6 }, present)).toMatchObject({ targetDays: 6 })
  })
})

describe('a category', () => {
  test('is made with what it needs, and found over the API', async () => {
    const made = await create({ name: ' Street lights ' })
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Street lights',
      slug: 'street-lights',
      group: null,
      description: null,
      visibility: 'public',
      active: true,
      targetDays: null,
      dayType: 'working',
    })
    expect(await read(made.id)).toEqual(made)
  })

  test('is made with everything, and is on record', async () => {
    const all = {
      group: 'Roads',
      description: 'Holes',
      visibility: 'staff',
      active: false,
      targetDays: 3,
      dayType: 'calendar',
    }
    expect(await create(all)).toMatchObject(all)
    expect((await changesOf('category.create'))[0]).toMatchObject({
      name: { from: null, to: 'Potholes' },
      description: { changed: true },
      targetDays: { from: null, to: 3 },
    })
  })

  test('is changed in what is named, trimmed, and cleared of what is null', async () => {
    const made = await create({ group: 'Roads', targetDays: 10 })
    const changed = await patch(made.id, { name: ' Holes ', group: null, targetDays: 4, active: false })
    expect(changed).toEqual({ ...made, name: 'Holes', group: null, targetDays: 4, active: false })
    expect(await read(made.id)).toEqual(changed)
    expect(await changesOf('category.update')).toEqual([
      {
        name: { from: 'Potholes', to: 'Holes' },
        group: { from: 'Roads', to: null },
        targetDays: { from: 10, to: 4 },
        active: { from: true, to: false },
      },
    ])
  })

  test('sets the targets of cases from its change on, not of those that are there', async () => {
    const { id } = await create({ targetDays: 10 })
    const { create: createCase, get } = caller(app)
    const before = await createCase({ categoryId: id }, council)
    await patch(id, { targetDays: 1 })
    const after = await createCase({ categoryId: id }, council)
    expect((await get(before.id, council)).body.dueAt).toBe(before.dueAt)
    expect(after.dueAt < before.dueAt).toBe(true)
  })

  test('is not written where nothing is otherwise', async () => {
    const { id, ...made } = await create({ targetDays: 10 })
    const before = await contentOf(app)
    expect(await patch(id, made)).toEqual({ id, ...made })
    expect(await patch(id, { name: ' Potholes ' })).toEqual({ id, ...made })
    expect(await contentOf(app)).toEqual(before)
  })
})
