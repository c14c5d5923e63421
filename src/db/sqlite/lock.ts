import { Database } from 'bun:sqlite'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFile, replaceFile } from '../../lib/durable-file'
import { AppError } from '../../lib/errors'
import type { Lock, LockMode } from '../store'
import { isBusy } from './connection'
import { ensureDirectory, hasStore, missing } from './open'

/** Exists while a process holds the lock; one that is left over shows that its process was killed. */
const markerOf = (directory: string) => join(directory, 'in-use')

/** Only one process at a time may hold it. Work that is done `alone` needs a store, a server can make one. */
export function lockDirectory(directory: string, mode: LockMode = 'serve'): Lock {
  if (!hasStore(directory) && mode === 'alone') throw missing(directory)
  ensureDirectory(directory)
  const marker = markerOf(directory)
  const lock = take(directory)
  let leftBehind: string | null
  try {
    leftBehind = existsSync(marker) ? readFileSync(marker, 'utf8') : null
    // Else it stays until it has been looked into: this process may be killed too.
    if (leftBehind === null) replaceFile(marker, '')
  } catch (cause) {
    lock.close()
    throw unusable(directory, cause)
  }
  return {
    leftBehind,
    note: (text) => writeFileSync(marker, text),
    release: async () => {
      // Who works alone does not look into it, and leaves it to the next server.
      if (mode === 'serve' || leftBehind === null) rmSync(marker, { force: true })
      lock.run('ROLLBACK')
      lock.close()
    },
  }
}

function take(directory: string): Database {
  const path = join(directory, 'lock.db')
  let lock: Database | undefined
  try {
    makeFile(path)
    lock = new Database(path, { create: true, readwrite: true })
    lock.run('PRAGMA busy_timeout = 0')
    lock.run('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    if (isBusy(cause))
      throw new AppError(
        'conflict',
        `Another copy of Reeve is using the data directory ${directory}: stop it first`,
      )
    throw unusable(directory, cause)
  }
}

const unusable = (directory: string, cause: unknown) =>
  new AppError('unavailable', `The data directory ${directory} cannot be locked`, {}, cause)
