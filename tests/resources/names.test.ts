import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createUser } from '../../src/core/users/service'
import { createDeps } from '../../src/deps'
import { inNameOrder } from '../../src/lib/name-keys'
import { patchWard } from '../../src/resources/wards/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { runBeside } from '../support/beside'
import { createTestCategories, createTestWards } from '../support/casework'
import { unlimited } from '../support/http'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `names-${++fresh}`)

type Kind = 'users' | 'wards' | 'categories' | 'news' | 'events'
const kinds: Kind[] = ['users', 'wards', 'categories', 'news', 'events']
const nameField: Record<Kind, string> = {
  users: 'name',
  wards: 'name',
  categories: 'name',
  news: 'title',
  events: 'title',
}

let people = 0

/** Makes one of the kind for each name. */
async function make(council: Council, kind: Kind, names: string[]): Promise<void> {
  if (kind === 'wards') await createTestWards(app, council, names)
  else if (kind === 'categories') await createTestCategories(app, council, names)
  else
    for (const name of names) {
      if (kind === 'users') {
        const given = { name, email: `user-${++people}@example.org`, role: 'caseworker' as const }
        await createUser(council.ctx, {
          ...given,
          wardIds: [],
          password: 'three random words',
          mustChangePassword: false,
        })
        continue
      }
      const body = { title: name, body: 'x', startAt: '2027-01-01T10:00:00Z' }
      const { title, startAt, ...rest } = body
      const sent = kind === 'news' ? { title, ...rest } : { title, startAt }
      const { status, text } = await app.send('POST', `/api/${kind}`, { key: council.key, body: sent })
      if (status !== 201) throw new Error(text)
    }
}

async function listed(council: Council, kind: Kind, query: Record<string, string>): Promise<string[]> {
  const path = `/api/${kind}?${new URLSearchParams({ pageSize: '100', ...query })}`
  const { status, body } = await app.send('GET', path, { key: council.key })
  expect([path, status]).toEqual([path, 200])
  return body[kind].map((row: Record<string, string>) => row[nameField[kind]])
}

describe.each(kinds)('a list of %s', (kind) => {
  test('is searched without regard to case, accents, apostrophes and hyphens', async () => {
    const council = await newCouncil()
    await make(council, kind, ['Siân O’Neill', 'Ŵyn', 'Stoke-on-Trent', 'Other'])
    for (const [search, name] of [
      ['SIÂN', 'Siân O’Neill'],
      ['sian', 'Siân O’Neill'],
      ["o'neill", 'Siân O’Neill'],
      ['ONEILL', 'Siân O’Neill'],
      ['siân oneill', 'Siân O’Neill'],
      ['wyn', 'Ŵyn'],
      ['stoke on trent', 'Stoke-on-Trent'],
      ['Stoke–On–Trent', 'Stoke-on-Trent'],
      ['\u200bsto', 'Stoke-on-Trent'],
    ] as const) {
      expect([search, await listed(council, kind, { search })]).toEqual([search, [name]])
    }
    for (const search of ['%', '_', 'absent', 'trent on'])
      expect(await listed(council, kind, { search })).toEqual([])
  })

  test('is in the order of people, forwards and backwards, by page and by cursor', async () => {
    const council = await newCouncil()
    const order = ['Émile', 'O’Neill', 'Onslow', 'Ward 1', 'Ward 2', 'Ward 10', 'Wym', 'Ŵyn', 'Wyo']
    await make(
      council,
      kind,
      [4, 7, 0, 8, 5, 2, 6, 1, 3].map((i) => order[i] as string),
    )
    const sort = nameField[kind]
    expect(await listed(council, kind, { sort })).toEqual(order)
    expect(await listed(council, kind, { sort: `-${sort}` })).toEqual(order.toReversed())
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ sort, pageSize: '2', cursor })
      const { body } = await app.send('GET', `/api/${kind}?${query}`, { key: council.key })
      seen.push(...body[kind].map((row: Record<string, string>) => row[sort]))
      cursor = body.pagination.nextCursor
    }
    expect(seen).toEqual(order)
  })
})

test('any names stand in the same order as everywhere else, and each is found by itself', async () => {
  const name = fc
    .stringMatching(/^[a-zA-ZŵÉâ’'0-9][a-zA-ZŵÉâ’' 0-9-]{0,11}$/)
    .filter((text) => /[a-z0-9]/i.test(text))
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, {
        minLength: 2,
        maxLength: 8,
        selector: (text) => text.toLowerCase().replace(/\W/g, ''),
      }),
      async (names) => {
        const council = await newCouncil()
        const titles = names.map((one) => one.trim())
        await make(council, 'news', titles)
        const found = await listed(council, 'news', { sort: 'title' })
        expect(inNameOrder(found, (one) => one)).toEqual(found)
        for (const title of titles) expect(await listed(council, 'news', { search: title })).toContain(title)
      },
    ),
    { numRuns: 12 },
  )
})

test('a name that changes is found and sorted by what it is now', async () => {
  const council = await newCouncil()
  const [id = ''] = await createTestWards(app, council, ['Ashley', 'Brook'])
  await patchWard(council.ctx, id, { name: 'Ĉedar', nameCy: 'Y Gedrwydden' })
  expect(await listed(council, 'wards', {})).toEqual(['Brook', 'Ĉedar'])
  for (const search of ['cedar', 'gedr'])
    expect(await listed(council, 'wards', { search })).toEqual(['Ĉedar'])
  expect(await listed(council, 'wards', { search: 'ashley' })).toEqual([])
})

test('rows of an earlier version are found and sorted after the next start', async () => {
  const own = await createTestApp(unlimited)
  const council = await createCouncil(own, 'old')
  await createTestWards(own, council, ['Ward 10', 'Ŵyn', 'Ward 2'])
  await runBeside(own, `UPDATE wards SET sort_key = '', search_text = ''`)
  await runBeside(own, `DELETE FROM store_facts WHERE name = 'name-keys'`)
  const again = await createDeps(own.config, { wanted: 'live', clock: own.clock, log: own.deps.log })
  await again.store.close()
  const names = async (query: string) =>
    (await own.send('GET', `/api/wards?${query}`, { key: council.key })).body.wards.map(
      (ward: { name: string }) => ward.name,
    )
  expect(await names('search=wyn')).toEqual(['Ŵyn'])
  expect(await names('')).toEqual(['Ward 2', 'Ward 10', 'Ŵyn'])
  await own.close()
})
