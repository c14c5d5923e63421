import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from './errors'
import type { RandomBytes } from './random'

const keyBytes = 32

/** 32 bytes in base64. */
export const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text)

const lineOf = (key: Uint8Array) => `${Buffer.from(key).toString('base64')}\n`

/** One key on each line, newest first; a missing file is created with a new key. */
export function readKeyFile(path: string, random: RandomBytes): string[] {
  if (!existsSync(path)) makeKeyFile(path, random(keyBytes))
  const lines = readFileSync(path, 'utf8').trim().split(/\s+/)
  if (lines.every(isKey)) return lines
  throw new AppError('unavailable', `The key file ${path} must have 32 bytes in base64 on each line`)
}

/** The older keys stay in the file, to open what they sealed. */
export function addKey(path: string, random: RandomBytes): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, lineOf(random(keyBytes)) + readFileSync(path, 'utf8'), { mode: 0o600 })
  renameSync(draft, path)
}

/** Written separately and linked into place, so that two first starts at the same time read the same whole key. */
function makeKeyFile(path: string, key: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, lineOf(key), { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    rmSync(draft)
  }
}
