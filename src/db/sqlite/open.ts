import { Database } from 'bun:sqlite'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../lib/clock'
import { AppError } from '../../lib/errors'
import { toAppError } from '../faults'
import { assertCurrent, type Migration } from '../migrations'
import { SlowReads } from '../slow-reads'
import type { Lock, MigrationResult, MigrationStatus, Store } from '../store'
import { withSnapshot } from './check'
import { isBusy, openConnection } from './connection'
import { databaseOn } from './engine'
import { migrate, migrationStatus } from './migrate'
import { SqliteWriter } from './writer'

export const storeFile = (directory: string) => join(directory, 'reeve.db')

/** Creates a missing data directory, readable only by its owner. */
export function ensureDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('unavailable', `The data directory ${directory} cannot be created`, {}, cause)
  }
}

/** Applies pending migrations; an existing store is first copied to `backups/`. */
export function migrateStore(
  directory: string,
  clock: Clock,
  migrations?: readonly Migration[],
): MigrationResult {
  ensureDirectory(directory)
  const connection = open(storeFile(directory), 'writer')
  try {
    return guarded(() => {
      const status = migrationStatus(connection, migrations)
      const pending = status.filter(({ appliedAt }) => appliedAt === null)
      if (pending.length === 0) return { applied: [], backup: null }
      const backup = pending.length < status.length ? backUp(connection, directory, clock.now()) : null
      return { applied: migrate(connection, { migrations, now: clock.now }), backup }
    })
  } finally {
    connection.close()
  }
}

export function ensureStore(directory: string, clock: Clock): void {
  if (!existsSync(storeFile(directory))) migrateStore(directory, clock)
}

export function readMigrationStatus(directory: string): MigrationStatus[] {
  const path = storeFile(directory)
  if (!existsSync(path)) throw new AppError('not_found', `There is no store in ${directory}`)
  const connection = open(path, 'reader')
  try {
    return guarded(() => migrationStatus(connection))
  } finally {
    connection.close()
  }
}

export function openStore(directory: string, clock: Clock): Store {
  const path = storeFile(directory)
  if (!existsSync(path)) {
    throw new AppError(
      'not_found',
      `There is no store in ${directory}: run "reeve migrate" or "reeve serve" first`,
    )
  }
  const reader = open(path, 'reader')
  let writer: SqliteWriter
  try {
    assertCurrent(guarded(() => migrationStatus(reader)))
    writer = new SqliteWriter(open(path, 'writer'), clock)
  } catch (error) {
    reader.close()
    throw error
  }
  const alive = reader.query('SELECT 1')
  const read = databaseOn(reader)
  const slowReads = new SlowReads(read, { engine: 'sqlite', path })
  return {
    engine: 'sqlite',
    read,
    write: (job) => writer.write(job),
    slowRead: slowReads.read,
    snapshot: (work) => withSnapshot(path, work),
    // Only one copy can serve a directory.
    leads: async () => true,
    windows: null,
    commits: () => writer.commits,
    ping: async () => void guarded(() => alive.get()),
    close: async () => {
      await slowReads.close()
      await writer.close()
      alive.finalize()
      reader.close()
    },
  }
}

export function lockDirectory(directory: string): Lock {
  ensureDirectory(directory)
  const path = join(directory, 'lock.db')
  let lock: Database | undefined
  try {
    makePrivate(path)
    lock = new Database(path, { create: true, readwrite: true })
    lock.run('PRAGMA busy_timeout = 0')
    lock.run('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    if (isBusy(cause))
      throw new AppError('conflict', `Another copy of Reeve is using the data directory ${directory}`)
    throw new AppError('unavailable', `The data directory ${directory} cannot be locked`, {}, cause)
  }
  return {
    release: async () => {
      lock.run('ROLLBACK')
      lock.close()
    },
  }
}

function backUp(connection: Database, directory: string, now: Date): string {
  const folder = join(directory, 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `before-migration-${now.toISOString().replace(/[:.]/g, '-')}.db`)
  connection.query('VACUUM INTO ?').run(path)
  chmodSync(path, 0o600)
  return path
}

/** Created before SQLite does, so that nobody else can read it even for a moment. */
function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

function open(path: string, role: 'reader' | 'writer'): Database {
  return guarded(() => {
    makePrivate(path)
    return openConnection(path, role)
  })
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw toAppError(cause)
  }
}
