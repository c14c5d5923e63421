import { join } from 'node:path'
import { makeKeyFile, readKeyFile } from './key-file'
import type { RandomBytes } from './random'
import { commaSeparated } from './setting'

/** Keys in the environment come before those in a file. */
type KeyPlace = { data: string; secretKeyFile: string | null; secretKey: string | null }

/** Null if the keys come from the environment. */
export const keyFileOf = ({ data, secretKeyFile, secretKey }: KeyPlace): string | null =>
  secretKey ? null : (secretKeyFile ?? join(data, 'secret.key'))

/** What to say and do if the keys belong to another database. */
export function notItsKey(place: KeyPlace): string {
  const path = keyFileOf(place)
  return path === null
    ? 'REEVE_SECRET_KEY is not the secret key of this database: set it to the right one'
    : `${path} is not the secret key of this database: put the right one back (after "reeve rotate-key", your newest copy)`
}

/** 32 bytes each, newest first. */
export function loadSecretKeys(place: KeyPlace): Uint8Array[] {
  const path = keyFileOf(place)
  const keys = path === null ? commaSeparated(place.secretKey ?? '') : readKeyFile(path)
  return keys.map((key) => Buffer.from(key, 'base64'))
}

/** For a new store: makes the key file, unless there is a key. */
export function makeSecretKey(place: KeyPlace, random: RandomBytes): void {
  const path = keyFileOf(place)
  if (path !== null) makeKeyFile(path, random)
}
