import { Database } from 'bun:sqlite'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { Clock } from '../lib/clock'
import { AppError, unavailable } from '../lib/errors'
import { type Aside, AsideReader } from './aside'
import type { Db } from './dialect'
import { type MigrationStatus, migrate, migrationStatus } from './migrate'
import type { Migration } from './migrations'
import { isBusy, openConnection, storeFault } from './sqlite'
import { SqliteWriter, type WriteJob } from './writer'

/** A council's data, open. Reads see what is committed; changes go through `write`. */
export type Store = {
  engine: 'sqlite'
  read: Db
  write<T>(job: WriteJob<T>): Promise<T>
  /** Reads what may take long on a thread of its own. */
  aside: Aside
  /** Commits made since the store was opened. */
  commits(): number
  /** Throws where the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export const storeFile = (directory: string) => join(directory, 'reeve.db')

/** Makes the data directory where it is missing, readable by its owner alone. */
export function ensureDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('unavailable', `The data directory ${directory} cannot be made`, {}, cause)
  }
}

/**
 * Applies pending migrations; a store that already holds data is copied to `backups/` first.
 * Returns what was applied and the backup's path, if one was made.
 */
export function migrateStore(
  directory: string,
  clock: Clock,
  migrations?: readonly Migration[],
): { applied: string[]; backup: string | null } {
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

/** Makes the store where there is none; one that is there is left as it is, for `migrate` or `serve` to bring up. */
export function ensureStore(directory: string, clock: Clock): void {
  if (!existsSync(storeFile(directory))) migrateStore(directory, clock)
}

/** The state of each migration, without changing anything. */
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

/** Opens a store whose migrations are all applied. */
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
    if (guarded(() => migrationStatus(reader)).some(({ appliedAt }) => appliedAt === null)) {
      throw new AppError('unavailable', 'The store is older than this Reeve: run "reeve migrate" first')
    }
    writer = new SqliteWriter(open(path, 'writer'), clock)
  } catch (error) {
    reader.close()
    throw error
  }
  const alive = reader.query('SELECT 1')
  const aside = new AsideReader(path)
  return {
    engine: 'sqlite',
    read: drizzle(reader),
    write: (job) => writer.write(job),
    aside: aside.read,
    commits: () => writer.commits,
    ping: async () => void guarded(() => alive.get()),
    close: async () => {
      aside.close()
      await writer.close()
      alive.finalize()
      reader.close()
    },
  }
}

/** Holds the data directory for one server; the lock goes with the process, however it ends. */
export function lockDirectory(directory: string): { release(): void } {
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
    if (isBusy(cause)) throw new AppError('conflict', `Another Reeve serves the data directory ${directory}`)
    throw new AppError('unavailable', `The data directory ${directory} cannot be locked`, {}, cause)
  }
  return {
    release: () => {
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

/** Made here and not by SQLite, so that nobody else could read it even for a moment. */
function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

function open(path: string, role: 'reader' | 'writer'): Database {
  return guarded(() => {
    makePrivate(path)
    return openConnection(path, role)
  })
}

/** A fault of the store itself becomes a sentence that an operator can act on. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const fault = cause instanceof AppError ? undefined : storeFault(cause)
    throw fault ? unavailable(fault, cause) : cause
  }
}
