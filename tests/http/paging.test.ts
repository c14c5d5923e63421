import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { importWards } from '../../src/resources/wards/import.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '1000000' })
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

const post = (key: string, body: unknown) => app.send('POST', '/api/cases', { key, body })
const freshCouncil = () => createCouncil(app, `c${app.deps.newId().slice(0, 12)}`)

/** Follows a list from its start; `between` runs after each part. */
async function follow(key: string, query: string, between = async () => {}): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = ''
  for (let parts = 0; cursor !== null; parts++) {
    expect(parts).toBeLessThan(200)
    const { status, body } = await app.send('GET', `/api/cases?${query}&cursor=${cursor}`, { key })
    expect(status).toBe(200)
    ids.push(...body.cases.map(({ id }: { id: string }) => id))
    cursor = body.pagination.nextCursor
    await between()
  }
  return ids
}

describe('a cursor is refused', () => {
  test('tampered with, of another council, for other filters or beside a page number: 400', async () => {
    const other = await freshCouncil()
    for (const { key } of [council, other]) for (const summary of ['a', 'b']) await post(key, { summary })
    const cursorOf = async (key: string, query: string) =>
      (await app.send('GET', `/api/cases?${query}&cursor=`, { key })).body.pagination.nextCursor as string
    const own = await cursorOf(council.key, 'pageSize=1')
    const bad = [
      `pageSize=1&cursor=${own.slice(0, -1)}${own.endsWith('A') ? 'B' : 'A'}`,
      `pageSize=1&cursor=${await cursorOf(other.key, 'pageSize=1')}`,
      `pageSize=1&status=open&cursor=${own}`,
      `pageSize=1&sort=reference&cursor=${own}`,
      `page=1&cursor=${own}`,
      'cursor=%00',
      `cursor=${'A'.repeat(3_000)}`,
    ]
    for (const query of bad) {
      const { status, body } = await app.send('GET', `/api/cases?${query}`, { key: council.key })
      expect([query, status]).toEqual([query, 400])
      expect(body.details.issues[0]).toMatchObject({ in: 'query', path: 'cursor' })
    }
    expect((await app.send('GET', `/api/wards?cursor=${own}`, { key: council.key })).status).toBe(400)
  })
})

describe('links', () => {
  const linksOf = async (path: string) => {
    const { headers } = await app.send('GET', path, { key: council.key })
    const links = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="([^"]+)"/g)]
    return Object.fromEntries(links.map(([, target, relation]) => [relation, target]))
  }

  test('lead to the other pages and keep every filter', async () => {
    const { key } = council
    while ((await app.send('GET', '/api/cases', { key })).body.pagination.total < 5)
      await post(key, { summary: 'x' })
    const total = (await app.send('GET', '/api/cases', { key })).body.pagination.total
    expect(await linksOf('/api/cases?status=open,closed&pageSize=2&page=2')).toEqual({
      first: '/api/cases?status=open%2Cclosed&pageSize=2&page=1',
      prev: '/api/cases?status=open%2Cclosed&pageSize=2&page=1',
      next: '/api/cases?status=open%2Cclosed&pageSize=2&page=3',
      last: `/api/cases?status=open%2Cclosed&pageSize=2&page=${Math.ceil(total / 2)}`,
    })
  })

  test('of an empty list and beyond its end lead back', async () => {
    expect(await linksOf('/api/wards')).toEqual({ first: '/api/wards?page=1', last: '/api/wards?page=1' })
    expect(await linksOf('/api/wards?page=9')).toEqual({
      first: '/api/wards?page=1',
      prev: '/api/wards?page=1',
      last: '/api/wards?page=1',
    })
  })

  test('by cursor lead to the start and to what follows, and can be followed to the end', async () => {
    const ids: string[] = []
    let path: string | undefined = '/api/cases?pageSize=2&cursor='
    while (path !== undefined) {
      const { body } = await app.send('GET', path, { key: council.key })
      ids.push(...body.cases.map(({ id }: { id: string }) => id))
      path = (await linksOf(path)).next
    }
    expect(new Set(ids).size).toBe(
      (await app.send('GET', '/api/cases', { key: council.key })).body.pagination.total,
    )
  })
})

describe('following a list', () => {
  test('gives what the pages give, in every order', async () => {
    const { key } = await freshCouncil()
    const priorities = ['low', 'normal', 'high', 'urgent']
    for (let i = 0; i < 23; i++) {
      await post(key, { summary: `${i}`, priority: priorities[i % 4] })
      if (i % 3 === 0) app.clock.advance(1_000)
    }
    for (const sort of ['createdAt', 'updatedAt', 'priority', 'reference'].flatMap((field) => [
      field,
      `-${field}`,
    ])) {
      const { body } = await app.send('GET', `/api/cases?sort=${sort}&pageSize=100`, { key })
      const pages = body.cases.map(({ id }: { id: string }) => id)
      expect([sort, await follow(key, `sort=${sort}&pageSize=4`)]).toEqual([sort, pages])
    }
  })

  test('works where the field of the order is empty', async () => {
    const { key, ctx } = await freshCouncil()
    const wards = ['A', 'B', 'C', 'D', 'E'].map((name, i) => ({
      name,
      slug: name.toLowerCase(),
      electorate: i % 2 ? i * 100 : null,
      gssCode: i % 2 ? null : `E0500000${i}`,
    }))
    await importWards(ctx, wards)
    for (const sort of ['electorate', '-electorate', 'gssCode', '-gssCode', 'name']) {
      const whole = (await app.send('GET', `/api/wards?sort=${sort}`, { key })).body.wards
      const parts = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await app.send('GET', `/api/wards?sort=${sort}&pageSize=2&cursor=${cursor}`, { key })
        parts.push(...body.wards)
        cursor = body.pagination.nextCursor
      }
      expect(parts).toEqual(whole)
    }
  })

  test('skips and repeats nothing while others create, change and move cases', async () => {
    const action = fc.record({
      kind: fc.constantFrom('create', 'patch', 'tick'),
      which: fc.nat(40),
      priority: fc.constantFrom('low', 'high'),
    })
    const query = fc.record({
      sort: fc.constantFrom('createdAt', '-createdAt', 'reference', '-reference'),
      pageSize: fc.integer({ min: 1, max: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }),
        query,
        fc.array(action),
        async (count, { sort, pageSize }, actions) => {
          const { key } = await freshCouncil()
          const present: string[] = []
          for (let i = 0; i < count; i++) present.push((await post(key, { summary: `${i}` })).body.id)
          const queue = [...actions]
          const seen = await follow(key, `sort=${sort}&pageSize=${pageSize}`, async () => {
            for (const { kind, which, priority } of queue.splice(0, 3)) {
              if (kind === 'tick') app.clock.advance(1)
              else if (kind === 'create') await post(key, { summary: 'new' })
              else if (present.length > 0) {
                const id = present[which % present.length]
                await app.send('PATCH', `/api/cases/${id}`, { key, body: { priority } })
              }
            }
          })
          expect(new Set(seen).size).toBe(seen.length)
          expect(present.filter((id) => !seen.includes(id))).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })
})
