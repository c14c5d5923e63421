import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { and, asc, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import type { AppError } from '../../src/lib/errors'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories, previewCategories } from '../../src/resources/categories/service'
import { type Answer, type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { bytes } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})

afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const list = async ({ key }: Council, query = ''): Promise<Answer['body']> =>
  (await app.send('GET', `/api/categories?pageSize=100&${query}`, { key })).body
const namesOf = async (council: Council, query = ''): Promise<string[]> =>
  (await list(council, query)).categories.map(({ name }: { name: string }) => name)

const parse = (text: string) => parseCategories(bytes(text))
const load = (council: Council, text: string) => importCategories(council.ctx, parse(text))

function faultsOf(work: () => unknown): { line: number; reason: string }[] {
  try {
    work()
  } catch (error) {
    const { kind, details } = error as AppError
    expect(kind).toBe('bad_request')
    return details.rows as { line: number; reason: string }[]
  }
  throw new Error('The file was not refused')
}

describe('one category', () => {
  test('an unknown id is a 404', async () => {
    const { key } = await newCouncil()
    for (const id of ['unknown', 'potholes', '0', '%20']) {
      const { status, body } = await app.send('GET', `/api/categories/${id}`, { key })
      expect([id, status, body]).toEqual([id, 404, { error: 'Category not found', details: {} }])
    }
  })

  test('is the bare object, as in the list', async () => {
    const council = await newCouncil()
    await load(
      council,
      'name,slug,group,description,visibility,active,targetDays,dayType\nPotholes,POT_1,Roads,Holes,staff,no,10,calendar\n',
    )
    const [category] = (await list(council)).categories
    expect(category).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      name: 'Potholes',
      slug: 'POT_1',
      group: 'Roads',
      description: 'Holes',
      visibility: 'staff',
      active: false,
      targetDays: 10,
      dayType: 'calendar',
    })
    const { status, body } = await app.send('GET', `/api/categories/${category.id}`, { key: council.key })
    expect([status, body]).toEqual([200, category])
  })
})

describe('the list of categories', () => {
  let council: Council
  beforeAll(async () => {
    council = await newCouncil()
    await load(
      council,
      [
        'name,group,visibility,active',
        'Potholes,Roads,public,yes',
        'Street lights,Roads,public,no',
        'Fly-tipping,Waste,public,yes',
        'Abuse of staff,,hidden,yes',
        '50% discount,Tax,staff,yes',
        'A_B,Tax,staff,yes',
        'AxB,Tax,staff,yes',
      ].join('\n'),
    )
  })

  test('bad filters are refused and named', async () => {
    for (const [query, name] of [
      ['visibility=secret', 'visibility'],
      ['active=yes', 'active'],
      ['group=', 'group'],
      ['search=', 'search'],
      ['sort=slug', 'sort'],
      ['tier=ward', 'tier'],
    ] as const) {
      const answer = await app.send('GET', `/api/categories?${query}`, { key: council.key })
      expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
    }
  })

  test('has the documented shape and is sorted by name', async () => {
    const body = await list(council)
    expect(Object.keys(body)).toEqual(['categories', 'pagination'])
    expect(body.pagination).toEqual({ page: 1, pageSize: 100, total: 7, totalPages: 1 })
    const names = body.categories.map(({ name }: { name: string }) => name)
    expect(names).toEqual([...names].sort())
  })

  test('is paged', async () => {
    const { body } = await app.send('GET', '/api/categories?page=3&pageSize=3', { key: council.key })
    expect(body.categories).toHaveLength(1)
    expect(body.pagination).toEqual({ page: 3, pageSize: 3, total: 7, totalPages: 3 })
  })

  test.each([
    ['group=Roads', ['Potholes', 'Street lights']],
    ['group=Road', []],
    ['visibility=hidden', ['Abuse of staff']],
    ['active=false', ['Street lights']],
    ['active=true&group=Roads', ['Potholes']],
    ['search=POT', ['Potholes']],
    ['search=50%25%20Discount', ['50% discount']],
    ['search=A_B', ['A_B']],
    ['search=nothing', []],
    ['sort=-name&group=Roads', ['Street lights', 'Potholes']],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await namesOf(council, query)).toEqual(expected)
    expect((await list(council, query)).pagination.total).toBe(expected.length)
  })

  test('sorts by group, then by name', async () => {
    expect(await namesOf(council, 'sort=group&active=true')).toEqual([
      'Abuse of staff',
      'Potholes',
      '50% discount',
      'A_B',
      'AxB',
      'Fly-tipping',
    ])
  })
})

describe('a file of categories is refused', () => {
  test.each([
    ['no categories', 'name\n', 1, /no categories/],
    ['an unknown heading', 'name,colour\nPotholes,red\n', 1, /colour/],
    ['a row without a name', 'name,group\nPotholes,Roads\n,Roads\n', 3, /no name/],
    ['a name too long', `name\n${'x'.repeat(201)}\n`, 2, /200/],
    ['a name of signs only', 'name\n!!!\n', 2, /slug/],
    ['a slug in another form', 'name,slug\nPotholes,pot holes\n', 2, /slug/],
    ['a visibility that is none', 'name,visibility\nPotholes,secret\n', 2, /secret/],
    ['active neither yes nor no', 'name,active\nPotholes,perhaps\n', 2, /yes or no/],
    ['a target of no days', 'name,targetDays\nPotholes,0\n', 2, /whole number/],
    ['a target that is no number', 'name,targetDays\nPotholes,ten\n', 2, /whole number/],
    ['a day type that is none', 'name,dayType\nPotholes,business\n', 2, /business/],
    ['a slug twice', 'name,slug\nPotholes,p\nLitter,l\nOther potholes,p\n', 4, /line 2/],
  ] as [string, string, number, RegExp][])('for %s, with its line', (_, text, line, reason) => {
    const faults = faultsOf(() => parse(text))
    expect(faults.map((fault) => fault.line)).toEqual([line])
    expect(faults[0]?.reason).toMatch(reason)
  })

  test('for every bad row at once', () => {
    const text = 'name,visibility,targetDays\nPotholes,secret,0\nLitter,public,5\n,public,\n'
    expect(faultsOf(() => parse(text)).map(({ line }) => line)).toEqual([2, 2, 4])
  })

  test('for bytes that are no UTF-8, with their line', () => {
    const text = Uint8Array.from([...bytes('name\nPotholes\nCaf'), 0xe9, 0x0a])
    expect(faultsOf(() => parseCategories(text))[0]?.line).toBe(3)
  })
})

describe('importing categories', () => {
  test('takes our field names in any order and case, and fills in the rest', async () => {
    const council = await newCouncil()
    await load(council, 'TARGETDAYS,Name\n10,Potholes\n,Street lights\n')
    expect((await list(council)).categories).toMatchObject([
      {
        name: 'Potholes',
        slug: 'potholes',
        targetDays: 10,
        visibility: 'public',
        active: true,
        dayType: 'working',
      },
      { name: 'Street lights', slug: 'street-lights', targetDays: null, group: null, description: null },
    ])
  })

  test('again changes nothing, and what differs is brought up to date by slug', async () => {
    const council = await newCouncil()
    const file = 'name,group,targetDays,description\nPotholes,Roads,10,Holes\nLitter,Waste,5,\n'
    expect(await load(council, file)).toEqual({ created: 2, updated: 0, unchanged: 0 })
    const before = await list(council)
    expect(await load(council, file)).toEqual({ created: 0, updated: 0, unchanged: 2 })
    expect(await list(council)).toEqual(before)
    const next = 'name,targetDays,group\nPotholes,12,\nLitter,5,Waste\nTrees,,Parks\n'
    expect(await previewCategories(council.ctx, parse(next))).toEqual({
      created: 1,
      updated: 1,
      unchanged: 1,
    })
    expect(await namesOf(council)).toEqual(['Litter', 'Potholes'])
    expect(await load(council, next)).toEqual({ created: 1, updated: 1, unchanged: 1 })
    const [, potholes] = (await list(council)).categories
    expect(potholes).toEqual({ ...before.categories[1], targetDays: 12, group: null })
  })

  test('is audited once for each category that changed', async () => {
    const council = await newCouncil()
    await load(council, 'name,targetDays\nPotholes,10\nLitter,5\n')
    await load(council, 'name,targetDays\nPotholes,12\nLitter,5\n')
    const entries = await app.deps.store.read
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.tenantId, council.tenant.id), eq(auditEntries.action, 'category.import')))
      .orderBy(asc(auditEntries.seq))
    expect(entries).toHaveLength(3)
    expect(entries.at(-1)?.changes).toEqual({ targetDays: { from: 10, to: 12 } })
  })

  test('tells of each category that it made or changed', async () => {
    const council = await newCouncil()
    let told = 0
    await importCategories(council.ctx, parse('name\nA\nB\n'), () => void told++)
    expect(told).toBe(2)
  })
})
