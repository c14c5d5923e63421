import { base62, type RandomBytes, randomString } from './random'

export type KeyEnvironment = 'live' | 'test'

const form = /^rv_(live|test)_[0-9A-Za-z]{36}$/
const checksumLength = 6

function checksum(text: string): string {
  let value = Bun.hash.crc32(text)
  let digits = ''
  for (let i = 0; i < checksumLength; i++) {
    digits = base62[value % 62] + digits
    value = Math.floor(value / 62)
  }
  return digits
}

/** Environment, 30 random base62 characters, and 6 of a CRC-32 over everything before. */
export function newApiKey(environment: KeyEnvironment, random: RandomBytes): string {
  const body = `rv_${environment}_${randomString(random, 30, base62)}`
  return body + checksum(body)
}

/** Checks form and checksum without asking the store. */
export function looksLikeApiKey(text: string, environment: KeyEnvironment): boolean {
  if (form.exec(text)?.[1] !== environment) return false
  return checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength)
}

/** Environment and first four characters, which may be shown and logged. */
export const keyPrefix = (key: string) => key.slice(0, 'rv_live_'.length + 4)

export const keyLastFour = (key: string) => key.slice(-4)
