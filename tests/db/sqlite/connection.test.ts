import { Database, SQLiteError } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { isUniqueViolation, storeFault } from '../../../src/db/faults'
import { isBusy, openConnection } from '../../../src/db/sqlite/connection'
import { AppError } from '../../../src/lib/errors'
import { startHolder } from '../../support/holder'
import { temporaryDirectories } from '../../support/store'

const newDirectory = temporaryDirectories()
const newPath = () => join(newDirectory(), 'test.db')

const pragma = (database: Database, name: string) =>
  Object.values(database.query(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]

/** The error that SQLite itself gives. */
function errorOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('Expected an error')
}

describe('a connection', () => {
  test('for reading refuses every change', () => {
    const path = newPath()
    const writer = openConnection(path, 'writer')
    writer.run('CREATE TABLE things (id INTEGER)')
    const reader = openConnection(path, 'reader')
    for (const statement of [
      'INSERT INTO things VALUES (1)',
      'DELETE FROM things',
      'CREATE TABLE more (id)',
    ]) {
      expect(storeFault(errorOf(() => reader.run(statement)))).toBe('The database is read-only')
    }
    expect(writer.query('SELECT count(*) AS rows FROM things').get()).toEqual({ rows: 0 })
    reader.close()
    writer.close()
  })

  test.each(['reader', 'writer'] as const)('of a %s has every pragma set', (role) => {
    const connection = openConnection(newPath(), role)
    const names = [
      'journal_mode',
      'synchronous',
      'foreign_keys',
      'journal_size_limit',
      'temp_store',
      'trusted_schema',
    ]
    expect(Object.fromEntries(names.map((name) => [name, pragma(connection, name)]))).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      journal_size_limit: 209_715_200,
      temp_store: 2,
      trusted_schema: 0,
    })
    connection.close()
  })

  test('for writing never waits inside SQLite, one for reading but briefly', () => {
    const path = newPath()
    const [writer, reader] = [openConnection(path, 'writer'), openConnection(path, 'reader')]
    expect([pragma(writer, 'busy_timeout'), pragma(reader, 'busy_timeout')]).toEqual([0, 250])
    expect([pragma(writer, 'query_only'), pragma(reader, 'query_only')]).toEqual([0, 1])
    writer.close()
    reader.close()
  })

  test('is refused where a pragma does not take, such as WAL without a file', () => {
    const error = errorOf(() => openConnection(':memory:', 'writer'))
    expect(error).toBeInstanceOf(AppError)
    expect(String(error)).toContain('The database refused PRAGMA journal_mode = WAL: it is memory')
  })
})

describe('storeFault', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code })

  test.each([
    ['SQLITE_BUSY', 'The database is locked by another process'],
    ['SQLITE_BUSY_SNAPSHOT', 'The database is locked by another process'],
    ['SQLITE_LOCKED', 'The database is locked by another process'],
    ['SQLITE_FULL', 'The disk that holds the database is full'],
    ['SQLITE_IOERR_WRITE', 'The database could not be read or written'],
    ['SQLITE_READONLY_DBMOVED', 'The database is read-only'],
    ['SQLITE_CORRUPT_INDEX', 'The database is damaged'],
    ['SQLITE_NOTADB', 'The file is not a Reeve database'],
    ['SQLITE_CANTOPEN', 'The database could not be opened'],
    ['ERR_POSTGRES_CONNECTION_CLOSED', 'The database server cannot be reached'],
    [
      'ERR_POSTGRES_SASL_ITERATION_COUNT_OUT_OF_RANGE',
      'The password of the database user is stored with too few iterations: set it again with scram_iterations at 4096',
    ],
  ])('says what %s means, also where it is the cause of a cause', (code, sentence) => {
    expect(storeFault(withCode(code))).toBe(sentence)
    expect(storeFault(new Error('outer', { cause: new Error('inner', { cause: withCode(code) }) }))).toBe(
      sentence,
    )
  })

  test.each([
    ['a constraint', withCode('SQLITE_CONSTRAINT_UNIQUE')],
    ['a mistake in a statement', withCode('SQLITE_ERROR')],
    ['a code that only begins alike', withCode('SQLITE_FULLER')],
    ['an error without a code', new Error('SQLITE_BUSY')],
    ['nothing', undefined],
    ['a text', 'SQLITE_BUSY'],
  ])('finds no fault of the store in %s', (_, error) => {
    expect(storeFault(error)).toBeUndefined()
  })

  test('ends where an error is its own cause', () => {
    const error = new Error('round')
    error.cause = error
    expect(storeFault(error)).toBeUndefined()
    expect(isUniqueViolation(error)).toBe(false)
  })
})

test('a store is opened although another process has the file for itself at that moment', async () => {
  const path = newPath()
  openConnection(path, 'writer').close()
  const holder = await startHolder('hold-lock.ts', [path, '300', 'alone'])
  const writer = openConnection(path, 'writer')
  expect(writer.query('PRAGMA busy_timeout').values()).toEqual([[0]])
  writer.close()
  expect(await holder.exited).toBe(0)
})

describe('errors as SQLite gives them', () => {
  test('a unique index and a primary key count as the same violation; other constraints do not', () => {
    const database = new Database(':memory:')
    database.run('CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL)')
    database.run("INSERT INTO things VALUES ('1', 'one')")
    const violation = (values: string) => errorOf(() => database.run(`INSERT INTO things VALUES ${values}`))
    expect(isUniqueViolation(violation("('2', 'one')"))).toBe(true)
    expect(isUniqueViolation(violation("('1', 'two')"))).toBe(true)
    expect(isUniqueViolation(violation("('2', NULL)"))).toBe(false)
    expect(isUniqueViolation(new Error('failed', { cause: violation("('2', 'one')") }))).toBe(true)
    database.close()
  })

  test('a lock held elsewhere counts as busy', () => {
    const path = newPath()
    const [one, two] = [openConnection(path, 'writer'), openConnection(path, 'writer')]
    one.run('BEGIN IMMEDIATE')
    const error = errorOf(() => two.run('BEGIN IMMEDIATE'))
    expect(error).toBeInstanceOf(SQLiteError)
    expect(isBusy(error)).toBe(true)
    expect(isBusy(new Error('busy'))).toBe(false)
    one.close()
    two.close()
  })
})
