import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { SQL } from 'bun'
import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import fc from 'fast-check'
import type { Db } from '../../../src/db/dialect'
import { rowsOf } from '../../../src/db/postgres/connection'
import { databaseOn as onServer } from '../../../src/db/postgres/engine'
import { searchIndex } from '../../../src/db/search'
import { databaseOn as inFile } from '../../../src/db/sqlite/engine'
import { fileTexts } from '../../../src/lib/filed-words'
import { soughtTerms } from '../../../src/lib/sought-words'
import { freshDatabase } from '../../support/databases'
import { onPostgres } from '../../support/engine'

const things = sqliteTable('things', {
  position: integer('position').primaryKey(),
  title: text('title').notNull(),
  body: text('body'),
})
const index = searchIndex('thing_search', things, things.position, [
  { column: things.title, weight: 5 },
  { column: things.body, weight: 1 },
])

const tableOfThings = 'CREATE TABLE things (position bigint PRIMARY KEY, title text NOT NULL, body text)'

describe.if(onPostgres)('both engines find the same', () => {
  let file: Database
  let server: SQL
  let drop: () => Promise<void>
  let dbs: Db[]
  beforeAll(async () => {
    file = new Database(':memory:')
    file.run(tableOfThings)
    file.run(
      `CREATE VIRTUAL TABLE thing_search USING fts5(words, forms, content = '', contentless_delete = 1,
        tokenize = "ascii tokenchars '='")`,
    )
    const database = await freshDatabase()
    drop = database.drop
    server = new SQL(database.url, { max: 1 })
    await server.unsafe(tableOfThings)
    await server.unsafe('CREATE TABLE thing_search (position bigint PRIMARY KEY, words tsvector NOT NULL)')
    dbs = [inFile(file), onServer(rowsOf(server))]
  })
  afterAll(async () => {
    file.close()
    await server.close()
    await drop()
  })

  async function keep(rows: readonly { title: string; body: string | null; facet: string }[]): Promise<void> {
    for (const db of dbs) {
      await db.run(sql`delete from things`)
      await db.run(sql`delete from thing_search`)
      for (const [position, { title, body, facet }] of rows.entries()) {
        // What a database takes; the index gets the texts as they are.
        const storable = (text: string) => text.toWellFormed().replaceAll('\0', ' ')
        await db.insert(things).values({ position, title: storable(title), body: body && storable(body) })
        await index.put(db, position, { facets: ['all', facet], ...fileTexts([title, body]) })
      }
    }
  }

  const clausesOf = (typed: string) => soughtTerms(typed).map((terms) => ({ terms, facets: [] }))

  const found = (typed: string, facets = [['all']], limit = 100) =>
    Promise.all(
      dbs.map(async (db) => {
        const rows = await db.values(index.matches(db, { clauses: clausesOf(typed), facets, limit }))
        return rows.map(([place]) => Number(place))
      }),
    )

  const words = [
    ...['pothole', 'Potholes', 'pot', 'hole', 'fly', 'tipping', 'flytipping', 'coop', 'co', 'op', 'a', 'the'],
    ...['Tŷ', 'ty', 'Café', 'cafe', 'O’Connor', 'oconnor', 'BS2', '9YT', 'bs29yt', '12', '012', 'CW', '2026'],
    ...['ﬁ', 'ß', 'ſt', 'Ἀθῆναι', 'αθηναι', 'ΟΔΟΣ', 'οδος', 'שָׁלוֹם', 'שלום', 'İ', '½', '①', '中文', '한국'],
    ...['\u{1e900}', '\u{1d400}', '\ud800', 'ᲀ', '\u{10fff}', 'ꟸ', '\u{1f12f}'],
  ]
  const joints = [
    ...[
      ' ',
      '-',
      '‑',
      '–',
      ', ',
      "'",
      '"',
      '’',
      ' & ',
      '&',
      '\n',
      '/',
      '.',
      ' | ',
      ':* ',
      '☂',
      '\0',
      '\u00ad',
    ],
    ...[' AND ', ' NEAR(', ' <-> ', ' ! ', ':', '*', '=', '_', '\\', '\u{1f9ff}', '\udfff'],
  ]
  const phrase = fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...joints)), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.flat().join(''))
  const row = fc.record({
    title: phrase,
    body: fc.option(phrase, { nil: null }),
    facet: fc.constantFrom('sopen', 'sclosed'),
  })

  test('whatever stands in the texts and is asked for, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.array(phrase, { minLength: 5, maxLength: 5 }),
        async (rows, asked) => {
          await keep(rows)
          for (const typed of asked) {
            if (clausesOf(typed).length === 0) continue
            for (const facets of [[['all']], [['all'], ['sopen']], [['sopen', 'sclosed']]]) {
              const [inSqlite, inPostgres] = await found(typed, facets)
              expect([typed, inPostgres]).toEqual([typed, inSqlite])
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('the newest of many, and every one where all are asked for', async () => {
    await keep(Array.from({ length: 12 }, (_, i) => ({ title: `lamp ${i}`, body: null, facet: 'sopen' })))
    expect(await found('lamp', [['all']], 3)).toEqual([
      [11, 10, 9],
      [11, 10, 9],
    ])
    const [every] = await found('lam', [['all']], -1)
    expect(every).toHaveLength(12)
  })

  test('words too long, too many and at the end of a long text', async () => {
    const long = 'x'.repeat(3_000)
    const many = `${'word '.repeat(20_000)}ending`
    await keep([
      { title: long, body: null, facet: 'sopen' },
      { title: 'many', body: many, facet: 'sopen' },
    ])
    for (const typed of [long, 'ending', 'word', many.slice(0, 100)]) {
      const [inSqlite, inPostgres] = await found(typed)
      expect([typed.slice(0, 20), inPostgres]).toEqual([typed.slice(0, 20), inSqlite])
    }
  })

  test('nothing that was removed', async () => {
    await keep([{ title: 'lamp', body: null, facet: 'sopen' }])
    for (const db of dbs) await index.remove(db, 0)
    expect(await found('lamp')).toEqual([[], []])
  })
})
