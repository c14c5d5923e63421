import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { WardCreate, WardPatch, WardView } from '../../src/resources/wards/model'
import { createWard, patchWard } from '../../src/resources/wards/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { unlimited } from '../support/http'
import { faultsOf, faultyFields, having, kindOf } from '../support/verbs'
import { auditOf, type Body, unknownId } from './cases/support'

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

const ashley: WardCreate = { name: 'Ashley', tier: 'ward' }
const create = (input: Record<string, unknown> = {}, { ctx }: Council = council): Promise<WardView> =>
  createWard(ctx, { ...ashley, ...input } as WardCreate)
const patch = (id: string, input: Record<string, unknown>, { ctx }: Council = council): Promise<WardView> =>
  patchWard(ctx, id, input as WardPatch)
const read = async (id: string): Promise<Body> =>
  (await app.send('GET', `/api/wards/${id}`, { key: council.key })).body
const changesOf = async (action: string) =>
  (await auditOf(app, council)).filter((entry) => entry.action === action).map(({ changes }) => changes)

/** What is wrong with a field, whether the ward is new or not. */
const bad: [string, unknown[]][] = [
  ['name', ['', ' ', 'x'.repeat(201), null, 7]],
  ['nameCy', ['', 'x'.repeat(201), 7]],
  ['slug', ['', 'The Ward', 'x'.repeat(101), null, 7]],
  ['gssCode', ['', 'E0500197', 'e05001972', 7]],
  ['tier', ['', 'borough', null]],
  ['description', ['', ' ', 'x'.repeat(5_001)]],
  ['enabled', ['yes', 1, null]],
  ['validFrom', ['', '1.5.2026', '2026-02-30', '2026-05-07T09:00:00Z']],
  ['validTo', ['', '2026-13-01', '0000-00-00']],
  ['electorate', [-1, 1.5, 1_000_000_000, '9000']],
  ['id', ['mine']],
  ['boundary', [null]],
]

describe('a ward is refused', () => {
  test.each(bad)('for a bad %s, which is named', async (field, values) => {
    const { id } = await create({ name: 'Lawrence Hill' })
    const before = await contentOf(app)
    for (const value of values) {
      expect([value, await faultyFields(() => create({ [field]: value }))]).toEqual([value, [field]])
      expect([value, await faultyFields(() => patch(id, { [field]: value }))]).toEqual([value, [field]])
    }
    expect(await contentOf(app)).toEqual(before)
  })

  test('for all its faults at once, those of forms and those of what is there', async () => {
    const { id } = await create()
    const wrong = {
      nameCy: '',
      slug: 'ashley',
      gssCode: 'none',
      validFrom: '2026-05-07',
      validTo: '2026-05-06',
    }
    const faults = [
      'gssCode: Must be a GSS code (a letter and eight digits)',
      'nameCy: Must not be empty',
      'slug: Already used by another ward',
      'validTo: Must not be before validFrom',
    ]
    expect(await faultsOf(() => create({ ...wrong }))).toEqual(faults)
    const other = await create({ name: 'Other' })
    expect(await faultsOf(() => patch(other.id, wrong))).toEqual(faults)
    expect(await faultyFields(() => createWard(council.ctx, {} as WardCreate))).toEqual(['name', 'tier'])
    expect(await read(id)).toMatchObject({ nameCy: null, validFrom: null })
  })

  test('for more faults than are listed, whatever else is wrong', async () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`field${i}`, i]))
    expect(await faultyFields(() => create({ ...many, slug: 7, validFrom: 7 }))).toHaveLength(100)
  })

  test('for a name that makes no slug, unless it has one of its own', async () => {
    expect(await faultsOf(() => create({ name: '???' }))).toEqual([
      'slug: Required: none can be made from the name',
    ])
    expect(await create({ name: '???', slug: 'signs' })).toMatchObject({ name: '???', slug: 'signs' })
  })

  test('for a slug or code that another ward of this council has', async () => {
    await create({ gssCode: 'E05001972' })
    const taken = (field: string) => [`${field}: Already used by another ward`]
    expect(await faultsOf(() => create())).toEqual(taken('slug'))
    expect(await faultsOf(() => create({ name: 'ASHLEY!' }))).toEqual(taken('slug'))
    expect(await faultsOf(() => create({ name: 'B', gssCode: 'E05001972' }))).toEqual(taken('gssCode'))
    const other = await create({ name: 'Other', gssCode: 'E05001973' })
    expect(await faultsOf(() => patch(other.id, { slug: 'ashley' }))).toEqual(taken('slug'))
    expect(await faultsOf(() => patch(other.id, { gssCode: 'E05001972' }))).toEqual(taken('gssCode'))
    const elsewhere = await createCouncil(app, `elsewhere-${fresh}`)
    expect(await create({ gssCode: 'E05001972' }, elsewhere)).toMatchObject({ slug: 'ashley' })
  })

  test('where two make the same at the same time, to one of them', async () => {
    const outcomes = await Promise.allSettled([create(), create()])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(await faultsOf(() => Promise.reject(refused?.reason))).toEqual([
      'slug: Already used by another ward',
    ])
  })

  test('a change, where there is no such ward in this council', async () => {
    const other = await createCouncil(app, `other-${fresh}`)
    const foreign = await create({}, other)
    for (const id of [unknownId, foreign.id]) {
      expect(await kindOf(() => patch(id, { name: 'Mine' }))).toBe('not_found')
    }
    expect(await patch(foreign.id, {}, other)).toEqual(foreign)
  })

  test('a change, where it has changed since it was read', async () => {
    const seen = await create()
    const changed = await patch(seen.id, { electorate: 9_000 })
    const stale = { ...council, ctx: having(council.ctx, seen) }
    expect(await kindOf(() => patch(seen.id, { electorate: 9_100 }, stale))).toBe('stale')
    const present = { ...council, ctx: having(council.ctx, changed) }
    expect(await patch(seen.id, { electorate: 9_100 }, present)).toMatchObject({ electorate: 9_100 })
  })

  test('dates that only together with those that are there make no sense', async () => {
    const { id } = await create({ validFrom: '2026-05-07' })
    expect(await faultyFields(() => patch(id, { validTo: '2026-05-06' }))).toEqual(['validTo'])
    expect(await patch(id, { validTo: '2026-05-07' })).toMatchObject({ validTo: '2026-05-07' })
    expect(await faultyFields(() => patch(id, { validFrom: '2026-05-08' }))).toEqual(['validTo'])
    const moved = { validFrom: '2027-05-06', validTo: null }
    expect(await patch(id, moved)).toMatchObject(moved)
  })
})

describe('a ward', () => {
  test('is made with its name alone, and found over the API', async () => {
    const made = await create({ name: ' St Mary’s & Cotham ' })
    expect(made).toEqual({
      id: expect.any(String),
      name: 'St Mary’s & Cotham',
      nameCy: null,
      slug: 'st-marys-and-cotham',
      gssCode: null,
      tier: 'ward',
      description: null,
      enabled: true,
      validFrom: null,
      validTo: null,
      electorate: null,
    })
    expect(await read(made.id)).toEqual(made)
  })

  test('is made with everything, and keeps apart from one of its name by its code', async () => {
    const all = {
      name: 'Heath',
      nameCy: 'Y Mynydd Bychan',
      gssCode: 'W05000866',
      tier: 'division',
      description: 'Leafy',
      enabled: false,
      validFrom: '2012-05-03',
      validTo: '2027-05-06',
      electorate: 8_765,
    }
    expect(await create(all)).toMatchObject({ ...all, slug: 'heath' })
    const second = await create({ ...all, gssCode: 'W05000867' })
    expect(second.slug).toBe('heath-w05000867')
    expect((await changesOf('ward.create'))[0]).toMatchObject({
      name: { from: null, to: 'Heath' },
      description: { changed: true },
      enabled: { from: null, to: false },
    })
  })

  test('is changed in what is named, trimmed, and cleared of what is null', async () => {
    const made = await create({ nameCy: 'Lle', gssCode: 'E05001972', electorate: 9_000 })
    const changed = await patch(made.id, { name: ' Ashley Down ', nameCy: null, gssCode: null, slug: 'down' })
    expect(changed).toEqual({ ...made, name: 'Ashley Down', nameCy: null, gssCode: null, slug: 'down' })
    expect(await read(made.id)).toEqual(changed)
    expect(await changesOf('ward.update')).toEqual([
      {
        name: { from: 'Ashley', to: 'Ashley Down' },
        nameCy: { from: 'Lle', to: null },
        gssCode: { from: 'E05001972', to: null },
        slug: { from: 'ashley', to: 'down' },
      },
    ])
  })

  test('is not written where nothing is otherwise', async () => {
    const { id, ...made } = await create({ gssCode: 'E05001972' })
    const before = await contentOf(app)
    expect(await patch(id, made)).toEqual({ id, ...made })
    expect(await patch(id, { name: ' Ashley ' })).toEqual({ id, ...made })
    expect(await contentOf(app)).toEqual(before)
  })
})
