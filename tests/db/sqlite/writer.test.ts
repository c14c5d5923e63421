import { Database } from 'bun:sqlite'
import { afterEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Db } from '../../../src/db/dialect'
import { openConnection } from '../../../src/db/sqlite/connection'
import { SqliteWriter } from '../../../src/db/sqlite/writer'
import { systemClock } from '../../../src/lib/clock'
import { conflict } from '../../../src/lib/errors'
import { testClock } from '../../support/clock'
import { startHolder } from '../../support/holder'
import { refusalOf, temporaryDirectories } from '../../support/store'

const newDirectory = temporaryDirectories()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A store with one table, its writer and a connection that sees only what is committed. */
function openThings(clock = systemClock) {
  const path = join(newDirectory(), 'things.db')
  const connection = openConnection(path, 'writer')
  connection.run(
    'CREATE TABLE things (position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)',
  )
  const writer = new SqliteWriter(connection, clock)
  const outside = new Database(path)
  closers.push(() => outside.close())
  return {
    path,
    connection,
    writer,
    outside,
    names: () =>
      (outside.query('SELECT name FROM things ORDER BY position').all() as { name: string }[]).map(
        ({ name }) => name,
      ),
  }
}

const add = (name: string) => async (tx: Db) => {
  await tx.run(sql`INSERT INTO things (name) VALUES (${name})`)
  return name
}

const numbered = (many: number) => Array.from({ length: many }, (_, i) => `thing ${i}`)

describe('a job that fails', () => {
  test('is rolled back alone, while the others of its commit stay', async () => {
    const { writer, names } = openThings()
    const failing = async (tx: Db) => {
      await add('half done')(tx)
      throw conflict('No')
    }
    const outcomes = await Promise.allSettled([
      writer.write(add('before')),
      writer.write(failing),
      writer.write(add('after')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(names()).toEqual(['before', 'after'])
    expect(writer.commits).toBe(1)
    await writer.close()
  })

  test('gets its own error and no other', async () => {
    const { writer } = openThings()
    const own = new RangeError('mine')
    const failing = writer.write(() => Promise.reject(own))
    await expect(failing).rejects.toBe(own)
    const refusal = conflict('No')
    expect(await refusalOf(() => writer.write(() => Promise.reject(refusal)))).toBe(refusal)
    await writer.close()
  })

  test('by a constraint leaves the next one in peace', async () => {
    const { writer, names } = openThings()
    const outcomes = await Promise.allSettled(['a', 'a', 'b'].map((name) => writer.write(add(name))))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(names()).toEqual(['a', 'b'])
    await writer.close()
  })

  test('by throwing before it awaits anything is refused like any other', async () => {
    const { writer, names } = openThings()
    const throwing = () => {
      throw new RangeError('at once')
    }
    await expect(writer.write(throwing)).rejects.toThrow('at once')
    await writer.write(add('after'))
    expect(names()).toEqual(['after'])
    await writer.close()
  })

  test('on a full disk is refused as unavailable, and smaller ones go on', async () => {
    const { writer, connection, names } = openThings()
    connection.run('PRAGMA max_page_count = 10')
    const { kind, message, details } = await refusalOf(() => writer.write(add('x'.repeat(100_000))))
    expect({ kind, message, details }).toEqual({
      kind: 'unavailable',
      message: 'The disk that holds the database is full',
      details: { retryAfter: 2 },
    })
    await writer.write(add('small'))
    expect(names()).toEqual(['small'])
    await writer.close()
  })
})

describe('jobs that wait together', () => {
  test('share few commits, and all of them are kept', async () => {
    const { writer, names } = openThings()
    const wanted = numbered(64)
    expect(await Promise.all(wanted.map((name) => writer.write(add(name))))).toEqual(wanted)
    expect(names()).toEqual(wanted)
    expect(writer.commits).toBeLessThanOrEqual(2)
    await writer.close()
  })

  test('run in the order in which they came, whatever each of them awaits', async () => {
    const { writer, names } = openThings()
    const wanted = numbered(20)
    const answered: string[] = []
    await Promise.all(
      wanted.map(async (name, i) => {
        const job = async (tx: Db) => {
          for (let turn = i; turn < wanted.length; turn++) await Promise.resolve()
          return add(name)(tx)
        }
        answered.push(await writer.write(job))
      }),
    )
    expect(names()).toEqual(wanted)
    expect(answered).toEqual(wanted)
    await writer.close()
  })

  test('see what the jobs before them did', async () => {
    const { writer } = openThings()
    const count = async (tx: Db) =>
      (await tx.all<{ rows: number }>(sql`SELECT count(*) AS rows FROM things`))[0]
    const [, first, , second] = await Promise.all([
      writer.write(add('a')),
      writer.write(count),
      writer.write(add('b')),
      writer.write(count),
    ])
    expect([first, second]).toEqual([{ rows: 1 }, { rows: 2 }])
    await writer.close()
  })

  test('are answered only when others can see what they did', async () => {
    const { writer, names } = openThings()
    const seen = await Promise.all(
      numbered(5).map(async (name) => {
        await writer.write(add(name))
        return names().includes(name)
      }),
    )
    expect(seen).toEqual([true, true, true, true, true])
    await writer.close()
  })

  test('are never more than 10,000', async () => {
    const { writer } = openThings()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10_001 }, () => writer.write(async () => undefined)),
    )
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.map(({ reason }) => [reason.kind, reason.message])).toEqual([
      ['unavailable', 'Too many changes are waiting for the database'],
    ])
    await writer.close()
  })
})

describe('a lock held by another process', () => {
  test('is waited out while reads go on', async () => {
    const { path, writer, names } = openThings()
    const reader = openConnection(path, 'reader')
    closers.push(() => reader.close())
    const holder = await startHolder('hold-lock.ts', [path, '300'])
    let isWritten = false
    const written = writer.write(add('waited')).then(() => {
      isWritten = true
    })
    let reads = 0
    while (!isWritten) {
      expect(reader.query('SELECT count(*) AS rows FROM things').get()).toBeDefined()
      await Bun.sleep(5)
      reads++
    }
    await written
    // One or two, had the writer not waited, or had its wait held the thread.
    expect(reads).toBeGreaterThan(10)
    expect(names()).toEqual(['waited'])
    expect(await holder.exited).toBe(0)
    await writer.close()
  })

  test('for longer than two seconds is answered as unavailable, and later jobs go on', async () => {
    const clock = testClock()
    const { writer, outside, names } = openThings(clock)
    outside.run('BEGIN IMMEDIATE')
    const refused = Promise.all([
      refusalOf(() => writer.write(add('first'))),
      refusalOf(() => writer.write(add('second'))),
    ])
    let isRefused = false
    void refused.then(() => {
      isRefused = true
    })
    await Bun.sleep(30)
    clock.advance(1_999)
    await Bun.sleep(30)
    expect(isRefused).toBe(false)
    clock.advance(1)
    for (const { kind, message, details } of await refused) {
      expect({ kind, message, details }).toEqual({
        kind: 'unavailable',
        message: 'The database is locked by another process',
        details: { retryAfter: 2 },
      })
    }
    outside.run('ROLLBACK')
    await writer.write(add('third'))
    expect(names()).toEqual(['third'])
    await writer.close()
  })
})

describe('closing', () => {
  test('refuses new work', async () => {
    const { writer, names } = openThings()
    const closing = writer.close()
    const { kind, message } = await refusalOf(() => writer.write(add('late')))
    expect({ kind, message }).toEqual({ kind: 'unavailable', message: 'The database is closing' })
    await closing
    expect(names()).toEqual([])
  })

  test('finishes the work that waits', async () => {
    const { writer, names } = openThings()
    const wanted = numbered(300)
    const written = Promise.all(wanted.map((name) => writer.write(add(name))))
    await writer.close()
    expect(await written).toEqual(wanted)
    expect(names()).toEqual(wanted)
  })

  test('closes the connection', async () => {
    const { writer, connection } = openThings()
    await writer.close()
    expect(() => connection.run('SELECT 1')).toThrow()
  })

  test('succeeds though another process holds the lock', async () => {
    const { writer, connection, outside } = openThings()
    // Enough rows, and never analysed: closing would like to gather statistics.
    await writer.write(async (tx) => {
      for (const name of numbered(2_000)) await add(name)(tx)
    })
    outside.run('BEGIN IMMEDIATE')
    await writer.close()
    expect(() => connection.run('SELECT 1')).toThrow()
    outside.run('ROLLBACK')
  })
})
