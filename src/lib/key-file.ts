import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeDirectory, replaceFile, writeNewFile } from './durable-file'
import { AppError } from './errors'
import type { RandomBytes } from './random'

const keyBytes = 32

/** 32 bytes in base64. */
export const isKey = (text: string) => /^[A-Za-z0-9+/]{43}=$/.test(text)

const lineOf = (key: Uint8Array) => `${Buffer.from(key).toString('base64')}\n`

/** One key on each line, newest first. */
export function readKeyFile(path: string): string[] {
  const lines = textOf(path).trim().split(/\s+/)
  if (lines.every(isKey)) return lines
  throw new AppError('unavailable', `The key file ${path} must have 32 bytes in base64 on each line`)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const message = existsSync(path)
      ? `The key file ${path} cannot be read`
      : `The secret key ${path} is missing: put it back from where you keep a copy. Nothing was changed`
    throw new AppError('unavailable', message, {}, cause)
  }
}

/** Makes a new key, unless there is a file: of two first starts at the same time, both read the same whole key. */
export function makeKeyFile(path: string, random: RandomBytes): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  writeNewFile(path, lineOf(random(keyBytes)))
}

/** The older keys stay in the file, to open what they sealed. */
export function addKey(path: string, random: RandomBytes): void {
  replaceFile(path, lineOf(random(keyBytes)) + readFileSync(path, 'utf8'))
}

/** What is wrong with who may read the file; null if only its owner may. */
export function exposureOf(path: string): string | null {
  const mode = statSync(path).mode & 0o777
  const isExposed = process.platform !== 'win32' && (mode & 0o007) !== 0
  return isExposed
    ? `Everybody on this machine may read the secret key (mode ${mode.toString(8)}): run "chmod 600 ${path}"`
    : null
}
