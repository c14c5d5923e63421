import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** For the owner of the directory alone. */
const privateFile = 0o600
const privateDirectory = 0o700

/**
 * Files that are small and precious, such as keys: after a power cut there is the whole file or the one before it. Commands
 * that root runs leave files that belong to whoever owns the directory, so that the service can still read them.
 */

/** Creates a missing directory and those above it, for their owner alone. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: privateDirectory })
  if (first === undefined) return
  giveToOwner(path)
  syncDirectory(dirname(first))
}

/**
 * Creates a missing empty file that nobody else may read, even for a moment. One that is there is not opened: closing it
 * would release every lock that this process has on it.
 */
export function makeFile(path: string): void {
  if (existsSync(path)) return
  closeSync(openSync(path, 'a', privateFile))
  giveToOwner(path)
}

/** Writes a new file; does nothing if there is one. False if there was. */
export function writeNewFile(path: string, content: string): boolean {
  const draft = writeDraft(path, content)
  return placeNew(draft, path)
}

/** Replaces a file. */
export function replaceFile(path: string, content: string): void {
  place(writeDraft(path, content), path)
}

/** Moves a finished file to its place, over what is there. */
export function place(draft: string, path: string): void {
  syncFile(draft)
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

/** Moves a finished file to its place unless there is one already, in which case the draft is dropped. False if there was. */
export function placeNew(draft: string, path: string): boolean {
  syncFile(draft)
  try {
    // Unlike a rename, this replaces nothing: of two at the same time, the first wins.
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
  syncDirectory(dirname(path))
  return true
}

/** Files made by root belong to whoever owns their directory. */
export function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  const own = statSync(path)
  if (own.uid !== uid || own.gid !== gid) chownSync(path, uid, gid)
}

function writeDraft(path: string, content: string): string {
  const draft = `${path}.${process.pid}`
  const file = openSync(draft, 'w', privateFile)
  try {
    writeSync(file, content)
  } catch (error) {
    rmSync(draft)
    throw error
  } finally {
    closeSync(file)
  }
  giveToOwner(draft)
  return draft
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Without this, a power cut can forget the name of a file whose content is on the disk. */
export function syncDirectory(path: string): void {
  // Windows has no such call for directories, and needs none.
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
