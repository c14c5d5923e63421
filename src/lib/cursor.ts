import { timingSafeEqual } from 'node:crypto'

export type CursorValue = string | number

const macLength = 22

const mac = (key: Uint8Array, binding: string, payload: string) =>
  new Bun.CryptoHasher('sha256', key).update(`${binding}\0${payload}`).digest('base64url').slice(0, macLength)

/** A signed place in a list, which opens only with the same `binding`. */
export function sealCursor(key: Uint8Array, binding: string, values: readonly CursorValue[]): string {
  const payload = Buffer.from(JSON.stringify(values)).toString('base64url')
  return payload + mac(key, binding, payload)
}

/** Undefined if the cursor was altered or belongs to another list. */
export function openCursor(key: Uint8Array, binding: string, text: string): CursorValue[] | undefined {
  const payload = text.slice(0, -macLength)
  const given = Buffer.from(text.slice(-macLength))
  const expected = Buffer.from(mac(key, binding, payload))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as CursorValue[]
}
