import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from '../../../src/db/migrations'
import { isBusy, openConnection } from '../../../src/db/sqlite/connection'
import { migrate, migrationStatus } from '../../../src/db/sqlite/migrate'
import { migrations as released } from '../../../src/db/sqlite/migrations'
import { AppError } from '../../../src/lib/errors'
import { refusalOf, temporaryDirectories } from '../../support/store'

const newDirectory = temporaryDirectories()
const now = () => new Date('2026-03-13T09:30:00.000Z')

const statements = (...parts: string[]) => parts.join('\n--> statement-breakpoint\n')

const first: Migration = {
  name: '0000_first',
  sql: statements(
    'CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)',
    'CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents(id) ON DELETE CASCADE)',
    "INSERT INTO parents VALUES (1, 'one'), (2, 'two')",
    'INSERT INTO children VALUES (10, 1), (11, 1), (20, 2)',
  ),
}
const second: Migration = { name: '0001_second', sql: 'ALTER TABLE parents ADD COLUMN note TEXT' }

let path: string
let database: Database
beforeEach(() => {
  path = join(newDirectory(), 'test.db')
  database = openConnection(path, 'writer')
})
afterEach(() => database.close())

const apply = (...migrations: Migration[]) => migrate(database, { migrations, now })
const rows = (query: string) => database.query(query).all()
const tables = () =>
  (rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") as { name: string }[]).map(
    ({ name }) => name,
  )
const foreignKeys = () => rows('PRAGMA foreign_keys')

describe('a migration is refused', () => {
  test('as a whole when one of its statements fails', () => {
    const broken = { name: '0001_broken', sql: statements(second.sql, 'CREATE TABLE more (id)', 'NOT SQL') }
    apply(first)
    expect(() => apply(first, broken)).toThrow('syntax error')
    expect(tables()).toEqual(['children', 'parents', 'schema_migrations'])
    expect(rows('SELECT name FROM schema_migrations')).toEqual([{ name: first.name }])
    expect(rows('SELECT * FROM parents WHERE id = 1')).toEqual([{ id: 1, name: 'one' }])
    expect(database.inTransaction).toBe(false)
    expect(foreignKeys()).toEqual([{ foreign_keys: 1 }])
  })

  test('together with all that were to be applied with it', () => {
    expect(() => apply(first, { name: '0001_broken', sql: 'NOT SQL' })).toThrow('syntax error')
    expect(tables()).toEqual([])
    expect(apply(first)).toEqual([first.name])
  })

  test('when it would lose rows', async () => {
    apply(first)
    const losing = { name: '0001_losing', sql: 'DELETE FROM children WHERE parent = 1' }
    const { kind, message } = await refusalOf(() => apply(first, losing))
    expect({ kind, message }).toEqual({
      kind: 'internal',
      message: 'The migration would lose 2 of 3 rows of children',
    })
    expect(rows('SELECT count(*) AS rows FROM children')).toEqual([{ rows: 3 }])
  })

  test('when it would leave rows without what they refer to', async () => {
    apply(first)
    const replaced = statements('DELETE FROM parents WHERE id = 2', "INSERT INTO parents VALUES (3, 'three')")
    const { kind, message } = await refusalOf(() => apply(first, { name: '0001_orphans', sql: replaced }))
    expect(kind).toBe('internal')
    expect(message).toContain('would leave 1 rows that refer to missing rows')
    expect(rows('SELECT id FROM parents')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('on a store that a newer version made', async () => {
    apply(first, second)
    const refusal = await refusalOf(() => apply(first))
    expect(refusal.kind).toBe('unavailable')
    expect(refusal.message).toContain(
      'made by a newer version of Reeve (migration 0001_second); nothing was changed',
    )
    expect((await refusalOf(() => migrationStatus(database, [first]))).message).toBe(refusal.message)
  })

  test('on a store in which an earlier one was another text', async () => {
    apply(first)
    const altered = { ...first, sql: `${first.sql} ` }
    const { kind, message } = await refusalOf(() => apply(altered, second))
    expect(kind).toBe('unavailable')
    expect(message).toContain('Migration 0000_first of the database differs')
    expect(rows("SELECT name FROM pragma_table_info('parents')")).toEqual([{ name: 'id' }, { name: 'name' }])
  })

  test('while another process writes, and foreign keys are on again', () => {
    apply(first)
    const other = new Database(path)
    other.run('BEGIN IMMEDIATE')
    let error: unknown
    try {
      apply(first, second)
    } catch (caught) {
      error = caught
    }
    other.close()
    expect(isBusy(error)).toBe(true)
    expect(foreignKeys()).toEqual([{ foreign_keys: 1 }])
  })
})

describe('migrations', () => {
  test('are applied in order, and their time is kept', () => {
    expect(migrationStatus(database, [first, second])).toEqual([
      { name: first.name, appliedAt: null },
      { name: second.name, appliedAt: null },
    ])
    expect(apply(first, second)).toEqual([first.name, second.name])
    expect(migrationStatus(database, [first, second])).toEqual([
      { name: first.name, appliedAt: now() },
      { name: second.name, appliedAt: now() },
    ])
  })

  test('do nothing the second time', () => {
    apply(first)
    const before = rows('SELECT * FROM schema_migrations')
    expect(apply(first)).toEqual([])
    expect(rows('SELECT * FROM schema_migrations')).toEqual(before)
    expect(rows('SELECT count(*) AS rows FROM parents')).toEqual([{ rows: 2 }])
  })

  test('apply only what is pending', () => {
    apply(first)
    expect(apply(first, second)).toEqual([second.name])
  })

  test('keep the children of a parent table that is built anew', () => {
    apply(first)
    const rebuild = statements(
      'PRAGMA foreign_keys = OFF',
      'CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
      'INSERT INTO new_parents SELECT id, name FROM parents',
      'DROP TABLE parents',
      'ALTER TABLE new_parents RENAME TO parents',
      'PRAGMA foreign_keys = ON',
    )
    expect(apply(first, { name: '0001_rebuild', sql: rebuild })).toEqual(['0001_rebuild'])
    expect(rows('SELECT id, parent FROM children')).toEqual([
      { id: 10, parent: 1 },
      { id: 11, parent: 1 },
      { id: 20, parent: 2 },
    ])
    expect(foreignKeys()).toEqual([{ foreign_keys: 1 }])
    database.run('DELETE FROM parents WHERE id = 1')
    expect(rows('SELECT id FROM children')).toEqual([{ id: 20 }])
  })
})

describe('the released migrations', () => {
  const directory = join(import.meta.dir, '..', '..', '..', 'drizzle', 'sqlite')

  test('are the files of drizzle/sqlite, in the order of the journal', () => {
    const files = readdirSync(directory)
      .filter((file) => file.endsWith('.sql'))
      .sort()
    expect(files.length).toBeGreaterThan(0)
    expect(released.map(({ name }) => `${name}.sql`)).toEqual(files)
    for (const { name, sql } of released)
      expect(sql).toBe(readFileSync(join(directory, `${name}.sql`), 'utf8'))
    const journal = JSON.parse(readFileSync(join(directory, 'meta', '_journal.json'), 'utf8'))
    expect(journal.entries.map(({ tag }: { tag: string }) => tag)).toEqual(released.map(({ name }) => name))
  })

  test('apply to an empty store, leave it sound and can be read back', () => {
    expect(migrate(database, { now })).toEqual(released.map(({ name }) => name))
    expect(rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(rows('PRAGMA foreign_key_check')).toEqual([])
    expect(tables()).toEqual(
      expect.arrayContaining(['api_keys', 'audit_entries', 'cases', 'tenants', 'users']),
    )
    expect(migrationStatus(database).every(({ appliedAt }) => appliedAt !== null)).toBe(true)
  })

  test('a refusal is an AppError and no bare one', () => {
    database.run('CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, hash TEXT, applied_at INTEGER)')
    database.run("INSERT INTO schema_migrations VALUES ('9999_future', 'x', 0)")
    expect(() => migrationStatus(database)).toThrow(AppError)
  })
})
