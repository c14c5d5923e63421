import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parseCategories } from '../../../src/resources/categories/import'
import { importCategories } from '../../../src/resources/categories/service'
import { parseWards } from '../../../src/resources/wards/import'
import { importWards } from '../../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { bytes, createTestCategories, createTestWards } from '../../support/casework'
import { unlimited } from '../../support/http'
import { type Body, caller, createActing, type Holder } from './support'

let app: TestApp
let call: ReturnType<typeof caller>
let council: Council
let wards: string[]
beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
  council = await createCouncil(app, 'typed')
  wards = await createTestWards(app, council, ['Castle Hill', 'Trefynwy', 'Rhŵy'])
  const [flyTipping, roads] = await createTestCategories(app, council, ['Fly-tipping', 'Roads'])
  for (const input of [
    { summary: 'Potholes by the co-op', wardId: wards[0], categoryId: roads },
    { summary: 'Rubbish behind St Mary’s', wardId: wards[1], categoryId: flyTipping },
    { summary: 'Mr O’Connor’s hedge', internalRef: 'FMS1234567' },
    { summary: 'Hedge', location: { address: '12 Quarry Street', postcode: 'NP25 3EQ' } },
    { summary: 'Flytipping in a lay-by', description: 'Dumped: tyres, a fridge' },
    { summary: 'Fly tipping near the Coop', wardId: wards[2] },
    { summary: 'Pont ŷ Bont: tŷ', description: 'At ΟΔΟΣ, שָׁלוֹם and ſtone' },
    { summary: 'Gate of St James’s Park' },
  ]) {
    app.clock.advance(1_000)
    await call.create(input, council)
  }
})
afterAll(() => app.close())

/** The numbers of the cases found, in order. */
async function found(typed: string, holder: Holder = council, query = ''): Promise<number[]> {
  const { status, body } = await call.list(
    `search=${encodeURIComponent(typed)}&sort=reference&${query}`,
    holder,
  )
  expect([typed, status]).toEqual([typed, 200])
  return body.cases.map(({ reference }: Body) => Number(reference.split('-')[2]))
}

describe('what a person types finds the case, as', () => {
  test.each([
    ['its category', 'Fly-tipping', [2, 5, 6]],
    ['its category in two words', 'fly tipping', [2, 5, 6]],
    ['its category in one word', 'flytipping', [2, 5, 6]],
    ['its category, half typed', 'fly-tip', [2, 5, 6]],
    ['its ward', 'Castle Hill', [1]],
    ['its ward and a word of its own', 'castle potholes', [1]],
    ['its ward without its accents', 'rhwy', [6]],
    ['one, where it has many', 'pothole', [1]],
    ['many, where it has one', 'hedges', [3, 4]],
    ['another ending', 'dumping', [5]],
    ['a beginning', 'dum', [5]],
    ['a beginning that another stem has', 'tippin', [2, 6]],
    ['coop for co-op', 'coop', [1, 6]],
    ['co-op for coop', 'co-op', [1, 6]],
    ['co op for both', 'co op', [1, 6]],
    ['a name without its apostrophe', 'OConnor', [3]],
    ['a name with its apostrophe', "O'Connor", [3]],
    ['a saint without the apostrophe', 'St Marys', [2]],
    ['a saint with it', 'St Mary’s', [2]],
    ['a saint without the s', 'St Mary', [2]],
    ['a name in s without its apostrophe', 'St James Park', [8]],
    ['a name in s with it', "St James' Park", [8]],
    ['its street', 'quarry street', [4]],
    ['its house and street', '12 quarry st', [4]],
    ['its postcode', 'NP25 3EQ', [4]],
    ['its postcode without the space', 'np253eq', [4]],
    ['the first half of its postcode', 'np25', [4]],
    ['its reference in another system', 'fms1234567', [3]],
    ['its reference', 'CW-2026-0004', [4]],
    ['its reference without zeros', 'cw-2026-4', [4]],
    ['its reference with spaces', 'CW 2026 0004', [4]],
    ['its reference in one word', 'cw20260004', [4]],
    ['its number', '0004', [4]],
    ['its number alone', '4', [4]],
    ['Welsh without its accents', 'pont y bont', [7]],
    ['Greek without its accents', 'οδός', [7]],
    ['Hebrew without its points', 'שלום', [7]],
    ['a long s', 'stone', [7]],
    ['two words of several texts', 'fridge flytipping', [5]],
  ] as [string, string, number[]][])('%s: %j', async (_, typed, expected) => {
    expect(await found(typed)).toEqual(expected)
  })

  test.each([
    ['part of the number of another', 'CW-2026-00'],
    ['a word that is nowhere', 'elephant'],
    ['words side by side in another order', 'hill-castle'],
  ])('never %s', async (_, typed) => {
    expect((await found(typed)).length).toBe(typed === 'CW-2026-00' ? 8 : 0)
  })

  test('its own words before those that only its category has', async () => {
    const { body } = await call.list('search=fly-tipping', council)
    expect(body.cases.map(({ reference }: Body) => reference.slice(-1))).toEqual(['6', '5', '2'])
  })
})

describe('a case is found by', () => {
  test('what its ward is called now, on which it moves and which is renamed', async () => {
    const own = await createCouncil(app, 'renamed')
    const [first, second] = await createTestWards(app, own, ['Ashley', 'Brislington'])
    const [bins] = await createTestCategories(app, own, ['Bins'])
    const { id } = await call.create({ summary: 'Lamp', wardId: first, categoryId: bins }, own)
    const finds = async (...typed: string[]) =>
      Promise.all(typed.map(async (each) => (await found(each, own)).length))
    expect(await finds('ashley', 'brislington', 'bins')).toEqual([1, 0, 1])
    await call.change(id, { wardId: second }, own)
    expect(await finds('ashley', 'brislington')).toEqual([0, 1])
    await importWards(own.ctx, parseWards(bytes('slug,name\nbrislington,Stockwood')))
    await importCategories(own.ctx, parseCategories(bytes('slug,name\nbins,Recycling')))
    expect(await finds('brislington', 'stockwood', 'bins', 'recycling')).toEqual([0, 1, 0, 1])
  })

  test('its notes, by those who may see the case alone', async () => {
    const own = await createCouncil(app, 'noted')
    const [north, south] = await createTestWards(app, own, ['North', 'South'])
    const worker = await createActing(app, own, 'caseworker')
    const councillor = await createActing(app, own, 'councillor', { wardIds: [north as string] })
    const mine = await call.create({ summary: 'Lamp', assigneeId: worker.id, wardId: south }, own)
    const other = await call.create({ summary: 'Lamp', wardId: north }, own)
    for (const { id } of [mine, other]) await call.note(id, { body: 'Rang the depots' }, own)
    await call.note(other.id, { body: 'Answered', visibility: 'public' }, own)
    expect(await found('depot', own)).toEqual([1, 2])
    expect([await found('depot', worker), await found('answered', worker)]).toEqual([[1], []])
    expect([await found('depot', councillor), await found('answers', councillor)]).toEqual([[2], [2]])
    // It still holds after the case has changed.
    await call.change(mine.id, { summary: 'Bridge', assigneeId: null }, own)
    expect([await found('depot bridge', own), await found('depot', worker)]).toEqual([[1], []])
  })

  test('the newest of very long notes', async () => {
    const own = await createCouncil(app, 'long')
    const { id } = await call.create({ summary: 'Lamp' }, own)
    await call.note(id, { body: 'oldest' }, own)
    await call.note(id, { body: `newer ${'word '.repeat(4_000)}` }, own)
    await call.note(id, { body: 'newest' }, own)
    expect([await found('newest', own), await found('newer', own), await found('oldest', own)]).toEqual([
      [1],
      [1],
      [],
    ])
  })
})
