import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { lockDirectory } from '../../../src/db/sqlite/lock'
import { migrations } from '../../../src/db/sqlite/migrations'
import {
  createStore,
  ensureDirectory,
  migrateStore,
  openStore,
  readMigrationStatus,
  storeFile,
} from '../../../src/db/sqlite/open'
import { testClock } from '../../support/clock'
import { startHolder } from '../../support/holder'
import { refusalOf, temporaryDirectories } from '../../support/store'

const newDirectory = temporaryDirectories()
const clock = testClock()
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('opening is refused', () => {
  test('where there is no store, and none is made', async () => {
    const directory = newDirectory()
    const { kind, message } = await refusalOf(() => openStore(directory, clock))
    expect(kind).toBe('not_found')
    expect(message).toBe(
      `There is no store in ${directory}: "reeve serve" or "reeve tenant create" makes one`,
    )
    for (const work of [migrateStore, readMigrationStatus]) {
      expect((await refusalOf(() => work(directory, clock))).kind).toBe('not_found')
    }
    expect((await refusalOf(() => lockDirectory(directory, 'alone'))).kind).toBe('not_found')
    expect(readdirSync(directory)).toEqual([])
  })

  test('where the file is no database, which stays as it was', async () => {
    const directory = newDirectory()
    const path = storeFile(directory)
    const text = 'This is a shopping list. '.repeat(400)
    writeFileSync(path, text)
    for (const open of [openStore, migrateStore, readMigrationStatus]) {
      const { kind, message } = await refusalOf(() => open(directory, clock))
      expect({ kind, message }).toEqual({
        kind: 'unavailable',
        message: 'The file is not a Reeve database',
      })
    }
    expect(await Bun.file(path).text()).toBe(text)
  })

  test.each([
    ['secret.key', 'missing, but secret.key is there'],
    ['reeve.db-wal', 'missing, but reeve.db-wal is there'],
    ['backups', 'missing, but backups is there'],
    ['reeve.db', 'empty'],
  ])('where the store is gone or empty and only %s is left, which stays', async (left, found) => {
    const directory = newDirectory()
    writeFileSync(join(directory, left), '')
    for (const work of [createStore, openStore, migrateStore, readMigrationStatus]) {
      const { kind, message } = await refusalOf(() => work(directory, clock))
      expect({ kind, message }).toEqual({
        kind: 'unavailable',
        message: `The database ${storeFile(directory)} is ${found}: put it back from a backup. For a new one, use an empty directory. Nothing was changed`,
      })
    }
    expect((await refusalOf(() => lockDirectory(directory))).message).toContain(found)
    expect(readdirSync(directory)).toEqual([left])
  })

  test.each([
    ['a blank one', 'VACUUM'],
    ['that of another program', 'CREATE TABLE a (b)'],
  ])('where the database is %s, which stays as it was', async (_, statement) => {
    const directory = newDirectory()
    const other = new Database(storeFile(directory))
    other.run(statement)
    other.close()
    const before = readFileSync(storeFile(directory))
    for (const work of [openStore, migrateStore, readMigrationStatus]) {
      expect((await refusalOf(() => work(directory, clock))).message).toBe('The file is not a Reeve database')
    }
    expect(readFileSync(storeFile(directory)).subarray(100)).toEqual(before.subarray(100))
  })

  test('where migrations are pending', async () => {
    const directory = newDirectory()
    createStore(directory, clock, migrations.slice(0, 1))
    const { kind, message } = await refusalOf(() => openStore(directory, clock))
    expect({ kind, message }).toEqual({
      kind: 'unavailable',
      message: 'The database is older than this version of Reeve: run "reeve migrate" first',
    })
  })

  test('where a newer version made the store', async () => {
    const directory = newDirectory()
    createStore(directory, clock)
    const connection = new Database(storeFile(directory))
    connection.run("INSERT INTO schema_migrations VALUES ('9999_future', 'x', 0)")
    connection.close()
    for (const open of [openStore, migrateStore, readMigrationStatus]) {
      const { kind, message } = await refusalOf(() => open(directory, clock))
      expect(kind).toBe('unavailable')
      expect(message).toContain('newer version of Reeve (migration 9999_future)')
    }
    expect(readdirSync(join(directory, 'backups'))).toEqual([])
  })

  test('where the data directory cannot be made', async () => {
    const file = join(newDirectory(), 'file')
    writeFileSync(file, '')
    const { kind, message } = await refusalOf(() => ensureDirectory(join(file, 'data')))
    expect({ kind, message }).toEqual({
      kind: 'unavailable',
      message: `The data directory ${join(file, 'data')} cannot be created`,
    })
  })
})

describe('a store', () => {
  test('is readable by its owner alone, with all its files', async () => {
    const directory = join(newDirectory(), 'deep', 'data')
    createStore(directory, clock)
    const store = openStore(directory, clock)
    await store.write((tx) => Promise.resolve(tx.run(sql`INSERT INTO store_facts VALUES ('a', 'b')`)))
    const modes = readdirSync(directory).map((file) => [file, modeOf(join(directory, file))])
    expect(Object.fromEntries(modes)).toEqual({
      backups: '700',
      'reeve.db': '600',
      'reeve.db-wal': '600',
      'reeve.db-shm': '600',
    })
    expect(modeOf(directory)).toBe('700')
    await store.close()
  })

  test('takes changes through write alone and shows them once they are committed', async () => {
    const directory = newDirectory()
    createStore(directory, clock)
    const store = openStore(directory, clock)
    const facts = () => store.read.all(sql`SELECT name, value FROM store_facts`)
    const insert = sql`INSERT INTO store_facts VALUES ('a', 'b')`
    expect(() => store.read.run(insert)).toThrow()
    const seenInside = await store.write(async (tx) => {
      await tx.run(insert)
      return facts()
    })
    expect(seenInside).toEqual([])
    expect(facts()).toEqual([{ name: 'a', value: 'b' }])
    expect(store.commits()).toBe(1)
    await store.ping()
    renameSync(storeFile(directory), join(directory, 'moved.db'))
    expect((await refusalOf(() => store.ping())).message).toBe('The database file was moved or replaced')
    renameSync(join(directory, 'moved.db'), storeFile(directory))
    await store.close()
    await expect(store.ping()).rejects.toThrow()
  })

  test.if(existsSync('/proc/locks'))(
    'is locked against other programs, which could take its log away when they close it',
    async () => {
      const directory = newDirectory()
      createStore(directory, clock)
      const path = storeFile(directory)
      const store = openStore(directory, clock)
      await store.write(async (tx) => tx.run(sql`INSERT INTO store_facts VALUES ('a', 'b')`))
      const { ino } = statSync(path)
      const isLocked = () => readFileSync('/proc/locks', 'utf8').includes(`:${ino} `)
      expect(isLocked()).toBe(true)
      await store.close()
      expect(isLocked()).toBe(false)
    },
  )

  test('keeps what was written when it is opened again', async () => {
    const directory = newDirectory()
    createStore(directory, clock)
    const store = openStore(directory, clock)
    await store.write(async (tx) => tx.run(sql`INSERT INTO store_facts VALUES ('a', 'b')`))
    await store.close()
    const again = openStore(directory, clock)
    expect(again.read.all(sql`SELECT value FROM store_facts`)).toEqual([{ value: 'b' }])
    await again.close()
  })
})

describe('migrating a store', () => {
  const names = migrations.map(({ name }) => name)

  test('is done when it is made, without a backup, and does nothing the second time', () => {
    const directory = newDirectory()
    // What a start that was cut off left behind.
    writeFileSync(`${storeFile(directory)}.new`, 'half')
    expect(createStore(directory, clock)).toEqual({ applied: names, backup: null })
    expect(readdirSync(directory)).toEqual(['backups', 'reeve.db'])
    expect(createStore(directory, clock)).toEqual({ applied: [], backup: null })
    expect(migrateStore(directory, clock)).toEqual({ applied: [], backup: null })
    expect(readdirSync(join(directory, 'backups'))).toEqual([])
    expect(readMigrationStatus(directory)).toEqual(names.map((name) => ({ name, appliedAt: clock.now() })))
  })

  test('copies one that holds data first, as it was before', () => {
    const directory = newDirectory()
    createStore(directory, clock)
    const next = { name: '9000_next', sql: "INSERT INTO store_facts VALUES ('new', 'yes')" }
    const { applied, backup } = migrateStore(directory, clock, [...migrations, next])
    expect(applied).toEqual(['9000_next'])
    expect(backup).toBe(join(directory, 'backups', 'before-migration-2026-03-13T09-30-00-000Z.db'))
    expect([modeOf(join(directory, 'backups')), modeOf(backup ?? '')]).toEqual(['700', '600'])
    expect(readdirSync(join(directory, 'backups'))).toEqual([backup?.split('/').at(-1) ?? ''])
    const copy = new Database(backup ?? '', { readonly: true })
    expect(copy.query('SELECT name FROM schema_migrations').all()).toEqual(names.map((name) => ({ name })))
    expect(copy.query('SELECT * FROM store_facts').all()).toEqual([])
    expect(copy.query('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    copy.close()
  })

  test('leaves store and backup as they were when the migration fails', () => {
    const directory = newDirectory()
    createStore(directory, clock)
    const broken = { name: '9000_broken', sql: 'NOT SQL' }
    expect(() => migrateStore(directory, clock, [...migrations, broken])).toThrow('syntax error')
    expect(readdirSync(join(directory, 'backups'))).toHaveLength(1)
    expect(readMigrationStatus(directory).map(({ name }) => name)).toEqual(names)
  })
})

describe('the lock of a data directory', () => {
  test('is refused to a second server until the first gives it back', async () => {
    const directory = newDirectory()
    const lock = lockDirectory(directory)
    const { kind, message } = await refusalOf(() => lockDirectory(directory))
    expect({ kind, message }).toEqual({
      kind: 'conflict',
      message: `Another copy of Reeve is using the data directory ${directory}: stop it first`,
    })
    lock.release()
    lockDirectory(directory).release()
  })

  test('is one a directory', () => {
    const locks = [lockDirectory(newDirectory()), lockDirectory(newDirectory())]
    for (const lock of locks) lock.release()
    expect(locks).toHaveLength(2)
  })

  test('goes with a process that is killed', async () => {
    const directory = newDirectory()
    const holder = await startHolder('hold-directory.ts', [directory])
    expect((await refusalOf(() => lockDirectory(directory))).kind).toBe('conflict')
    await holder.kill()
    lockDirectory(directory).release()
  })

  test('does not keep a command beside the server from the store', async () => {
    const directory = newDirectory()
    const lock = lockDirectory(directory)
    createStore(directory, clock)
    const [server, command] = [openStore(directory, clock), openStore(directory, clock)]
    await command.write(async (tx) => tx.run(sql`INSERT INTO store_facts VALUES ('a', 'b')`))
    expect(server.read.all(sql`SELECT name FROM store_facts`)).toEqual([{ name: 'a' }])
    await command.close()
    await server.close()
    lock.release()
  })
})
