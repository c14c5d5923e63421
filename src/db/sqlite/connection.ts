import { Database, type SQLQueryBindings } from 'bun:sqlite'
import { AppError } from '../../lib/errors'
import { codesOf } from '../faults'

type Pragma = [name: string, set: string, expected: number | string]

/** How long a statement may block the thread while another process holds the lock. */
const readerBusyMs = 250

/**
 * The same while a server or command opens the store to write, when nobody waits for the thread yet: whoever closes it at that
 * moment, as a command does that ends, has the file for itself.
 */
const openingBusyMs = 5_000

/**
 * Upper limits of a connection's page cache. A busy server fills both as its store grows, and keeps them: they decide how much
 * memory it takes in the end. The slices of long changes fit into the writer's.
 */
const writerCacheKib = 64 * 1024
const migrationCacheKib = 256 * 1024
const readerCacheKib = 32 * 1024

const minimumVersion = [3, 51, 3] as const

/** Set in this order and read back, because SQLite ignores unknown or refused settings silently. */
const pragmas = (busyMs: number, cacheKib: number): Pragma[] => [
  ['journal_mode', 'WAL', 'wal'],
  ['busy_timeout', String(busyMs), busyMs],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['journal_size_limit', String(200 * 1024 * 1024), 200 * 1024 * 1024],
  // Negative means KiB. Larger changes spill to disk, and spilled pages are written repeatedly.
  ['cache_size', String(-cacheKib), -cacheKib],
  ['temp_store', 'MEMORY', 2],
  ['trusted_schema', 'OFF', 0],
  // Overwrites deleted data, so that erased personal data cannot be found in the file.
  ['secure_delete', 'ON', 1],
]

export function openConnection(path: string, role: 'reader' | 'writer'): Database {
  const database = new Database(path, { create: true, readwrite: true, strict: true })
  try {
    database.run(`PRAGMA busy_timeout = ${role === 'writer' ? openingBusyMs : readerBusyMs}`)
    assertVersion(database)
    // The writer waits with a timer instead: a wait inside SQLite would freeze every client.
    const [busyMs, cacheKib] = role === 'writer' ? [0, writerCacheKib] : [readerBusyMs, readerCacheKib]
    for (const [name, set, expected] of pragmas(busyMs, cacheKib)) {
      database.run(`PRAGMA ${name} = ${set}`)
      const row = database.query(`PRAGMA ${name}`).get() as Record<string, unknown>
      const actual = Object.values(row)[0]
      if (actual !== expected) {
        throw new AppError(
          'unavailable',
          `The database refused PRAGMA ${name} = ${set}: it is ${String(actual)}`,
        )
      }
    }
    if (role === 'reader') database.run('PRAGMA query_only = ON')
    reuseStatements(database)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** A migration changes much in one transaction, which would spill to disk from the usual cache. */
export function withLargeCache<T>(database: Database, work: () => T): T {
  database.run(`PRAGMA cache_size = ${-migrationCacheKib}`)
  try {
    return work()
  } finally {
    database.run(`PRAGMA cache_size = ${-writerCacheKib}`)
  }
}

/** Runs a query on a connection of its own; rows as lists of values. */
export function openSlowReader(path: string) {
  const connection = openConnection(path, 'reader')
  return async (sql: string, params: unknown[]): Promise<unknown[][]> =>
    connection.query(sql).values(...(params as SQLQueryBindings[]))
}

/** Compiled statements kept for each connection. */
const keptStatements = 500

/** Drizzle compiles every query again; `query` reuses a compiled statement with the same text. */
function reuseStatements(database: Database): void {
  Database.MAX_QUERY_CACHE_SIZE = keptStatements
  database.prepare = database.query.bind(database) as Database['prepare']
}

/** Older versions can corrupt a WAL database with several connections (sqlite.org/wal.html, "WAL-reset bug"). */
function assertVersion(database: Database): void {
  const { version } = database.query('SELECT sqlite_version() AS version').get() as { version: string }
  const parts = version.split('.').map(Number)
  const difference = minimumVersion.map((part, i) => (parts[i] ?? 0) - part).find((d) => d !== 0) ?? 0
  if (difference < 0)
    throw new AppError('unavailable', `SQLite ${version} is too old; ${minimumVersion.join('.')} is needed`)
}

export const isBusy = (error: unknown) => codesOf(error).some((code) => code.startsWith('SQLITE_BUSY'))
