import type { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { SlowReads } from '../../../src/db/slow-reads'
import { openConnection } from '../../../src/db/sqlite/connection'
import { databaseOn } from '../../../src/db/sqlite/engine'
import type { AppError } from '../../../src/lib/errors'
import { refusalOf, temporaryDirectories } from '../../support/store'

const newDirectory = temporaryDirectories()

let writer: Database
let path: string
let slowReads: SlowReads
beforeEach(() => {
  path = join(newDirectory(), 'test.db')
  writer = openConnection(path, 'writer')
  writer.run('CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)')
  writer.run("INSERT INTO things VALUES (1, 'one'), (2, NULL), (3, 'Tŷ 🛠')")
  slowReads = readerOf(path)
})
afterEach(async () => {
  await slowReads.close()
  writer.close()
})

const readerOf = (file: string) => new SlowReads(databaseOn(writer), { engine: 'sqlite', path: file })

/** A query that takes as long as it counts. */
const counting = (to: number) =>
  sql`with recursive steps(n) as (select 1 union all select n + 1 from steps where n < ${to}) select max(n) from steps`

const all = sql`select id, name from things order by id`

describe('a slow read is refused', () => {
  test.each([
    ['with bad SQL', sql`select nothing from nowhere`],
    ['that writes', sql`insert into things values (9, 'nine')`],
    ['that writes and gives rows', sql`delete from things returning id`],
  ])('%s, as our own fault, with the reason for the log alone; the next is answered', async (_, query) => {
    const { kind, message, details, cause } = await refusalOf(() => slowReads.read(query))
    expect([kind, details]).toEqual(['internal', {}])
    expect(message).not.toMatch(/nowhere|readonly|read-only|query_only/)
    expect(cause).toBeTruthy()
    expect(await slowReads.read(sql`select count(*) from things`)).toEqual([[3]])
  })

  test('where there is no store, and where it is none', async () => {
    const nowhere = readerOf(join(newDirectory(), 'not', 'there.db'))
    expect((await refusalOf(() => nowhere.read(all))).kind).toBe('unavailable')
    await nowhere.close()
    const wrong = join(newDirectory(), 'test.db')
    await Bun.write(wrong, 'This is no database at all, but long enough to be one. '.repeat(100))
    const other = readerOf(wrong)
    expect((await refusalOf(() => other.read(all))).kind).toBe('unavailable')
    await other.close()
  })

  test('where a hundred wait already; those are answered', async () => {
    const waiting = Array.from({ length: 100 }, (_, i) => slowReads.read(sql`select ${i}`))
    const refused = await refusalOf(() => slowReads.read(sql`select 'late'`))
    expect(refused.kind).toBe('unavailable')
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 100 }, (_, i) => [[i]]))
    expect(await slowReads.read(sql`select 'after'`)).toEqual([['after']])
  })

  test('while it runs, where the reader is closed: at once, not when it would have ended', async () => {
    const reads = [slowReads.read(counting(8_000_000)), slowReads.read(all)]
    const refusals = Promise.all(reads.map((read) => refusalOf(() => read)))
    await Bun.sleep(20)
    let isClosed = false
    const closing = slowReads.close().then(() => {
      isClosed = true
    })
    expect((await refusals).map(({ kind }: AppError) => kind)).toEqual(['unavailable', 'unavailable'])
    expect(isClosed).toBe(false)
    await closing
  })
})

describe('a slow read', () => {
  test('gives rows as lists of values, and none where there are none', async () => {
    expect(await slowReads.read(all)).toEqual([
      [1, 'one'],
      [2, null],
      [3, 'Tŷ 🛠'],
    ])
    expect(await slowReads.read(sql`select id from things where id > 5`)).toEqual([])
  })

  test('takes its values apart from its text', async () => {
    const name = "'; DROP TABLE things; --"
    writer.query('INSERT INTO things VALUES (4, ?)').run(name)
    expect(await slowReads.read(sql`select id from things where name = ${name} or id = ${1}`)).toEqual([
      [1],
      [4],
    ])
  })

  test('sees what was committed before, and nothing that was not', async () => {
    const count = async () => (await slowReads.read(sql`select count(*) from things`))[0]?.[0]
    expect(await count()).toBe(3)
    writer.run('BEGIN IMMEDIATE')
    writer.run("INSERT INTO things VALUES (4, 'four')")
    expect(await count()).toBe(3)
    writer.run('COMMIT')
    expect(await count()).toBe(4)
  })

  test('gives each of many at once its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => slowReads.read(sql`select ${i}, ${`name ${i}`}`)),
    )
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => [[i, `name ${i}`]]))
  })

  test('does not stop this thread, however long it takes', async () => {
    await slowReads.read(all)
    let ticks = 0
    const timer = setInterval(() => void ticks++, 5)
    const [[result]] = (await slowReads.read(counting(1_500_000))) as [[number]]
    clearInterval(timer)
    expect(result).toBe(1_500_000)
    expect(ticks).toBeGreaterThan(3)
  })

  test('can be made again after a close', async () => {
    await slowReads.read(all)
    await slowReads.close()
    await slowReads.close()
    expect(await slowReads.read(sql`select 1`)).toEqual([[1]])
  })

  test.skipIf(process.platform !== 'linux')(
    'holds no file of the store once the close is done, even one cut short',
    async () => {
      const file = join(newDirectory(), 'other.db')
      openConnection(file, 'writer').close()
      const openFiles = () =>
        readdirSync('/proc/self/fd').filter((name) => {
          const link = join('/proc/self/fd', name)
          return existsSync(link) && readlinkSync(link).startsWith(file)
        })
      const other = readerOf(file)
      await other.read(sql`select 1`)
      const refusal = refusalOf(() => other.read(counting(1_500_000)))
      expect(openFiles()).not.toEqual([])
      await Bun.sleep(20)
      await other.close()
      expect(openFiles()).toEqual([])
      expect((await refusal).kind).toBe('unavailable')
    },
  )
})
