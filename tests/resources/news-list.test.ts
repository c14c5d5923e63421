import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createTestWards } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { type Body, unknownId } from './cases/support'
import { callerOf } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof callerOf>
let wardId: string

const given: [title: string, publishedAt: string | null, input: Record<string, unknown>][] = [
  ['Roads', '2026-03-10T00:00:00Z', { body: 'Saves 50% of salt', source: 'Highways' }],
  ['Bins', '2026-03-11T00:00:00Z', { summary: 'On the road again', body: 'bin_day' }],
  ['Parks', '2026-04-01', { body: 'A binXday' }],
  ['Taxes', null, { body: 'Less tax', source: 'highways' }],
  ['Draft', null, { status: 'draft', body: 'Zebra Crossing' }],
]

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = callerOf(app, 'news')
  const other = await createCouncil(app, 'severn')
  await call.create({ title: 'Of another council', body: 'Roads' }, other)
  wardId = (await createTestWards(app, council, ['Ashley', 'Easton']))[1] as string
  const ids: Record<string, string> = {}
  for (const [title, publishedAt, input] of given) {
    const wardIds = title === 'Bins' ? [wardId] : []
    ids[title] = (await call.create({ title, publishedAt, wardIds, ...input }, council)).id
    app.clock.advance(1)
  }
  await call.approve([ids.Roads, ids.Bins, ids.Parks], council)
  await call.change(ids.Bins as string, { status: 'withdrawn' }, council)
})
afterAll(() => app.close())

describe('the list of news', () => {
  test('bad filters are refused and named', async () => {
    for (const [query, name] of [
      ['status=approved', 'status'],
      ['approved=yes', 'approved'],
      ['wardId=Easton', 'wardId'],
      ['search=', 'search'],
      ['search=%20', 'search'],
      [`search=${'x'.repeat(101)}`, 'search'],
      ['source=', 'source'],
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['sort=slug', 'sort'],
      ['page=0', 'page'],
      ['upcoming=true', 'upcoming'],
    ] as const) {
      const answer = await call.send('GET', `?${query}`, council)
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
  })

  test.each([
    ['status=published,scheduled', ['Parks', 'Roads']],
    ['status=withdrawn', ['Bins']],
    ['status=pending', ['Taxes']],
    ['approved=true', ['Parks', 'Roads']],
    ['approved=false&sort=title', ['Bins', 'Draft', 'Taxes']],
    ['source=Highways', ['Roads']],
    ['source=High', []],
    ['search=ROAD', ['Bins', 'Roads']],
    ['search=zebra%20c', ['Draft']],
    ['search=%25', []],
    ['search=bin_day', ['Bins']],
    ['search=nothing', []],
    ['from=2026-03-11', ['Parks', 'Bins']],
    ['from=2026-03-11T00:00:00.001Z', ['Parks']],
    ['to=2026-03-11', ['Roads']],
    // On 1 April it is summer in London.
    ['from=2026-03-31T23:00:00Z&to=2026-03-31T23:00:00.001Z', ['Parks']],
    ['sort=title', ['Bins', 'Draft', 'Parks', 'Roads', 'Taxes']],
    ['sort=createdAt', ['Roads', 'Bins', 'Parks', 'Taxes', 'Draft']],
    ['sort=-updatedAt&status=withdrawn,draft', ['Bins', 'Draft']],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await call.titles(query, council)).toEqual(expected)
  })

  test('by ward shows those of the ward, and none for a ward that is not there', async () => {
    expect(await call.titles(`wardId=${wardId}`, council)).toEqual(['Bins'])
    expect(await call.titles(`wardId=${unknownId}`, council)).toEqual([])
  })

  test('begins with those published last, and ends with those without a time', async () => {
    const titles = await call.titles('', council)
    expect(titles.slice(0, 3)).toEqual(['Parks', 'Bins', 'Roads'])
    expect(titles.slice(3).sort()).toEqual(['Draft', 'Taxes'])
    expect(await call.titles('sort=publishedAt', council)).toEqual([...titles].reverse())
  })

  test('is paged by number and by cursor, over those without a time too', async () => {
    const { body } = await call.send('GET', '?page=2&pageSize=3', council)
    expect(body.pagination).toEqual({ page: 2, pageSize: 3, total: 5, totalPages: 2 })
    expect(body.news).toHaveLength(2)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const part: Body = (await call.send('GET', `?pageSize=1&cursor=${cursor}`, council)).body
      seen.push(...part.news.map(({ title }: { title: string }) => title))
      cursor = part.pagination.nextCursor
    }
    expect(seen).toEqual(await call.titles('', council))
  })
})
