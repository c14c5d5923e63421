import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type SQL, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import fc from 'fast-check'
import { below } from '../../../src/db/conditions'
import type { Db } from '../../../src/db/dialect'
import { everyMatch, maxMatches, type Search, searchIndex } from '../../../src/db/search'
import { databaseOn } from '../../../src/db/sqlite/engine'
import { digestRows } from '../../../src/lib/digest'
import { fileTexts } from '../../../src/lib/filed-words'
import { foldedWords } from '../../../src/lib/fold'
import { soughtTerms } from '../../../src/lib/sought-words'

const things = sqliteTable('things', {
  position: integer('position').primaryKey(),
  size: integer('size').notNull(),
  title: text('title').notNull(),
  body: text('body'),
})
const index = searchIndex('thing_search', things, things.position, [
  { column: things.title, weight: 5 },
  { column: things.body, weight: 1 },
])

let connection: Database
let db: Db
beforeAll(() => {
  connection = new Database(':memory:')
  db = databaseOn(connection)
  connection.run(
    'CREATE TABLE things (position INTEGER PRIMARY KEY, size INTEGER NOT NULL, title TEXT NOT NULL, body TEXT)',
  )
  connection.run(
    `CREATE VIRTUAL TABLE thing_search USING fts5(words, forms, content = '', contentless_delete = 1,
      tokenize = "ascii tokenchars '='")`,
  )
})
afterAll(() => connection.close())

beforeEach(() => {
  connection.run('DELETE FROM things')
  connection.run('DELETE FROM thing_search WHERE rowid > 0')
})

type Thing = { title: string; body?: string; facets?: string[]; size?: number }

async function put(at: number, { title, body, facets = ['all'], size = 1 }: Thing): Promise<void> {
  await db.insert(things).values({ position: at, size, title, body: body ?? null })
  await index.put(db, at, { facets, ...fileTexts([title, body ?? null]) })
}

const run = (query: SQL): unknown[][] => db.values(query)

const clausesOf = (typed: string) => soughtTerms(typed).map((terms) => ({ terms, facets: [] }))

/** Positions in the order in which the thread for long reads gives them. */
const find = (typed: string, rest: Partial<Search> = {}): number[] => {
  const clauses = clausesOf(typed)
  if (clauses.length === 0) return []
  const rows = run(index.matches(db, { clauses, facets: [['all']], ...rest }))
  const found = rest.orderBy ? rows : digestRows(rows, index.rankingOf(typed))
  return found.map(([place]) => Number(place))
}

/** Any text that a client can send. */
const anyText = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replaceAll('\0', ''))
/** Texts made of what means something in a search, and of what people write. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['"', '""', "'", '*', '-', '+', '^', ':', '(', ')', '{', '}', '[', ']', ',', '\\', ';', '%', '?'],
        ...['AND', 'OR', 'NOT', 'NEAR', 'NEAR(', 'NEAR/2', 'title', 'title:', 'facets', 'rowid', 'rank'],
        ...[
          'ŵ',
          'Tŷ',
          'làmpa',
          'e\u0301',
          'ß',
          'İ',
          '½',
          '①',
          '😀',
          '👩‍🚒',
          '\u200b',
          '\u202e',
          '中文',
          '\ufeff',
        ],
      ),
      fc.stringMatching(/^[a-z0-9]{1,8}$/),
      fc.constantFrom(' ', '  ', '\t', '\n', '\u00a0', '\u3000'),
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''))

describe('what a person typed', () => {
  test.each([[''], [' \n\t'], ['"'], ['* - ^ : ( ) { }'], ['😀 👩‍🚒'], ['\u0301']])(
    '%j holds no word',
    (typed) => {
      expect(soughtTerms(typed)).toEqual([])
    },
  )

  test.each([
    ['anything', anyText],
    ['hostile', hostileText],
  ])('never is a wrong expression: %s', async (_, texts) => {
    await put(1, { title: 'A lamp and not a bin', body: 'near the road' })
    await fc.assert(
      fc.asyncProperty(texts, async (typed) => {
        expect(find(typed).length).toBeLessThanOrEqual(1)
        expect(clausesOf(typed).length > 0).toBe(foldedWords(typed).length > 0)
      }),
      { numRuns: 500 },
    )
  })

  test('finds the text that it was copied from, and the text that goes on after it', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (typed) => {
        if (clausesOf(typed).length === 0) return
        connection.run('DELETE FROM things')
        connection.run('DELETE FROM thing_search WHERE rowid > 0')
        await put(1, { title: typed })
        await put(2, { title: 'nothing', body: `before ${typed}` })
        expect(find(typed).sort()).toEqual([1, 2])
      }),
      { numRuns: 200 },
    )
  })

  test('is looked for in the fields alone, not among the facets', async () => {
    await put(1, { title: 'lamp', facets: ['all', 'secret'] })
    for (const typed of ['all', 'secret', 'facets', 'facets:secret', '{facets} : secret']) {
      expect([typed, find(typed)]).toEqual([typed, []])
    }
  })
})

describe('the index', () => {
  test('finds rows that have one facet of each group', async () => {
    await put(1, { title: 'lamp', facets: ['all', 'red', 'big'] })
    await put(2, { title: 'lamp', facets: ['all', 'blue', 'big'] })
    await put(3, { title: 'lamp', facets: ['all', 'red', 'small'] })
    const by = (...facets: string[][]) => find('lamp', { facets }).sort()
    expect(by(['all'])).toEqual([1, 2, 3])
    expect(by(['red'])).toEqual([1, 3])
    expect(by(['red'], ['big'])).toEqual([1])
    expect(by(['red', 'blue'], ['big'])).toEqual([1, 2])
    expect(by(['all'], ['green'])).toEqual([])
    // A facet is a whole one.
    expect(by(['re'])).toEqual([])
  })

  test('ranks by the weight of the field, equals from the newest', async () => {
    await put(1, { title: 'bin', body: 'lamp' })
    await put(2, { title: 'lamp', body: 'bin' })
    await put(3, { title: 'bin', body: 'lamp' })
    for (let at = 4; at < 10; at++) await put(at, { title: 'road', body: 'kerb' })
    expect(find('lamp')).toEqual([2, 3, 1])
  })

  test('takes conditions on the rows and another order', async () => {
    for (const [at, size] of [5, 3, 9, 1].entries()) await put(at + 1, { title: 'lamp', size })
    const orderBy = [sql`${things.size}`]
    expect(find('lamp', { where: below(things.size, 6) }).sort()).toEqual([1, 2, 4])
    expect(find('lamp', { orderBy })).toEqual([4, 2, 1, 3])
    expect(find('lamp', { orderBy, where: below(things.size, 6) })).toEqual([4, 2, 1])
    expect(find('lamp', { where: below(things.size, 0) })).toEqual([])
  })

  test('forgets what was removed and takes what is put in its place', async () => {
    await put(1, { title: 'lamp' })
    await index.remove(db, 1)
    expect(find('lamp')).toEqual([])
    await index.put(db, 1, { facets: ['all'], ...fileTexts(['bin']) })
    expect([find('lamp'), find('bin')]).toEqual([[], [1]])
    await index.remove(db, 2)
    expect(find('bin')).toEqual([1])
  })

  test(`finds the newest ${maxMatches} where more match, in either order`, async () => {
    const many = maxMatches + 50
    const numbers = `WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < ${many})`
    const title = "iif(at <= 40, 'lamp lamp', 'lamp')"
    connection.run(`INSERT INTO things ${numbers} SELECT at, -at, ${title}, NULL FROM n`)
    // Those with the word twice are the most relevant, and too old.
    connection.run(`INSERT INTO thing_search (rowid, forms, words)
      ${numbers} SELECT at, '=all', ${title} FROM n`)
    const newest = Array.from({ length: maxMatches }, (_, i) => many - i)
    expect(find('lamp')).toEqual(newest)
    expect(find('lamp', { orderBy: [sql`${things.size} desc`] })).toEqual(newest.toReversed())
    expect(find('lamp', { where: below(things.size, -100) })).toEqual(newest.slice(0, many - 100))
    expect(find('lamp', { limit: 3 })).toEqual(newest.slice(0, 3))
    const every = find('lamp', { limit: everyMatch })
    expect(every).toHaveLength(many)
    expect(every.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i))
  })
})
