import type { Database } from 'bun:sqlite'
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Clock } from '../../lib/clock'
import { makeDirectory, makeFile, placeNew } from '../../lib/durable-file'
import { AppError, unavailable } from '../../lib/errors'
import { toAppError } from '../faults'
import { assertCurrent, type Migration } from '../migrations'
import { SlowReads } from '../slow-reads'
import type { MigrationResult, MigrationStatus, Store } from '../store'
import { backUp, backupsIn } from './backup'
import { withSnapshot } from './check'
import { openConnection } from './connection'
import { databaseOn } from './engine'
import { migrate, migrationStatus } from './migrate'
import { SqliteWriter } from './writer'

export const storeFile = (directory: string) => join(directory, 'reeve.db')

/** Creates a missing data directory, readable only by its owner. */
export function ensureDirectory(directory: string): void {
  try {
    makeDirectory(directory)
  } catch (cause) {
    throw new AppError('unavailable', `The data directory ${directory} cannot be created`, {}, cause)
  }
}

export const missing = (directory: string) =>
  new AppError(
    'not_found',
    `There is no store in ${directory}: "reeve serve" or "reeve tenant create" makes one`,
  )

/** What only a store leaves behind. */
const relics = ['secret.key', 'reeve.db-wal', 'backups']

/** A directory that may not be read would look like one that holds nothing. */
function assertReadable(directory: string): void {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') return
    throw new AppError(
      'unavailable',
      `You may not read the data directory ${directory}: run this as the user that owns it`,
      {},
      cause,
    )
  }
}

/** False if the directory never held a store; throws if its store is gone or empty, which must not be taken for a first start. */
export function hasStore(directory: string): boolean {
  assertReadable(directory)
  const path = storeFile(directory)
  const isThere = existsSync(path)
  const relic = relics.find((name) => existsSync(join(directory, name)))
  if (isThere ? statSync(path).size > 0 : relic === undefined) return isThere
  const found = isThere ? 'empty' : `missing, but ${relic} is there`
  throw new AppError(
    'unavailable',
    `The database ${path} is ${found}: put it back from a backup. For a new one, use an empty directory. Nothing was changed`,
  )
}

/**
 * Makes a store in a directory that never had one; the file takes its place only when it is complete. An existing store is
 * left as it is.
 */
export function createStore(
  directory: string,
  clock: Clock,
  migrations?: readonly Migration[],
): MigrationResult {
  if (hasStore(directory)) return { applied: [], backup: null }
  const path = storeFile(directory)
  ensureDirectory(directory)
  const draft = `${path}.new`
  for (const file of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(file, { force: true })
  const connection = open(draft, 'writer')
  let applied: string[]
  try {
    applied = guarded(() => migrate(connection, { migrations, now: clock.now }))
  } finally {
    connection.close()
  }
  guarded(() => placeNew(draft, path))
  makeDirectory(backupsIn(directory))
  return { applied, backup: null }
}

/** Throws where another program made the database, or somebody put an empty one there. */
function statusOfStore(connection: Database, migrations?: readonly Migration[]): MigrationStatus[] {
  const status = migrationStatus(connection, migrations)
  if (status.some(({ appliedAt }) => appliedAt !== null)) return status
  throw unavailable('The file is not a Reeve database')
}

/** Applies pending migrations; the store is first copied to `backups/`. */
export function migrateStore(
  directory: string,
  clock: Clock,
  migrations?: readonly Migration[],
): MigrationResult {
  const connection = openExisting(directory, 'writer')
  try {
    return guarded(() => {
      const status = statusOfStore(connection, migrations)
      // So that a database that is deleted is missed, wherever its key is kept.
      makeDirectory(backupsIn(directory))
      if (status.every(({ appliedAt }) => appliedAt !== null)) return { applied: [], backup: null }
      const backup = backUp(connection, directory, clock.now())
      return { applied: migrate(connection, { migrations, now: clock.now }), backup }
    })
  } finally {
    connection.close()
  }
}

export function readMigrationStatus(directory: string): MigrationStatus[] {
  const connection = openExisting(directory, 'reader')
  try {
    return guarded(() => statusOfStore(connection))
  } finally {
    connection.close()
  }
}

export function openStore(directory: string, clock: Clock): Store {
  const path = storeFile(directory)
  const reader = openExisting(directory, 'reader')
  let writer: SqliteWriter
  try {
    assertCurrent(guarded(() => statusOfStore(reader)))
    writer = new SqliteWriter(
      guarded(() => openConnection(path, 'writer')),
      clock,
    )
  } catch (error) {
    reader.close()
    throw error
  }
  const alive = reader.query('SELECT 1')
  const read = databaseOn(reader)
  const slowReads = new SlowReads(read, { engine: 'sqlite', path })
  const inode = statSync(path).ino
  let damage: string | null = null
  const assertSound = () => {
    if (damage !== null) throw unavailable(damage)
  }
  return {
    engine: 'sqlite',
    read,
    write: async (job) => {
      assertSound()
      return writer.write(job)
    },
    slowRead: slowReads.read,
    quickCheck: () => quickCheck(slowReads),
    refuseChanges: (cause) => {
      damage ??= cause
    },
    snapshot: (work) => withSnapshot(path, work),
    // Only one copy can serve a directory.
    leads: async () => true,
    windows: null,
    commits: () => writer.commits,
    ping: async () => {
      assertSound()
      assertInPlace(path, inode)
      guarded(() => alive.get())
      assertRoom(directory)
    },
    close: async () => {
      await slowReads.close()
      await writer.close()
      alive.finalize()
      reader.close()
    },
  }
}

/** A file that was moved away under the server still takes changes, which the next start would not find. */
function assertInPlace(path: string, inode: number): void {
  if (!existsSync(path) || statSync(path).ino !== inode)
    throw unavailable('The database file was moved or replaced')
}

/** Bytes without which the next changes would fail. */
const leastRoom = 1024 * 1024

function assertRoom(directory: string): void {
  const { bavail, bsize } = statfsSync(directory)
  if (bavail * bsize < leastRoom) throw unavailable('The disk that holds the database is full')
}

const shownFaults = 20

/** May take minutes, on a thread of its own. */
async function quickCheck(slowReads: SlowReads): Promise<string[]> {
  const rows = await slowReads.readAlone(sql.raw(`PRAGMA quick_check(${shownFaults})`))
  return rows.map(([fault]) => String(fault)).filter((fault) => fault !== 'ok')
}

function open(path: string, role: 'reader' | 'writer'): Database {
  return guarded(() => {
    makeFile(path)
    return openConnection(path, role)
  })
}

function openExisting(directory: string, role: 'reader' | 'writer'): Database {
  if (!hasStore(directory)) throw missing(directory)
  return guarded(() => openConnection(storeFile(directory), role))
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw toAppError(cause)
  }
}
