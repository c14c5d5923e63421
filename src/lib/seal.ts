import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { hmacSha256 } from './hash'

/** `id` is stored with everything the key seals. */
export type NamedKey = { id: string; key: Uint8Array }

/** Newest first: the first key seals, all of them open. */
export type KeyRing = readonly [NamedKey, ...NamedKey[]]

const cipher = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16

/** AES-256-GCM: `keyId.base64url(iv, ciphertext, tag)`. Opens only with the same `binding`, which says what the text belongs to. */
export function seal([newest]: KeyRing, text: string, binding: string): string {
  const iv = randomBytes(ivLength)
  const sealing = createCipheriv(cipher, newest.key, iv, { authTagLength: tagLength })
  sealing.setAAD(Buffer.from(binding))
  const bytes = Buffer.concat([iv, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()])
  return `${newest.id}.${bytes.toString('base64url')}`
}

/** Works for sealed texts and for match hashes. */
export const keyIdOf = (sealed: string) => sealed.slice(0, sealed.indexOf('.'))

/**
 * Null if it does not open: it was altered, belongs elsewhere, or was sealed under a key that is not on the ring. Disks fail,
 * and one such value must stop nothing else, so every caller says what its reader is told instead.
 */
export function unseal(ring: KeyRing, sealed: string, binding: string): string | null {
  const id = keyIdOf(sealed)
  const known = ring.find((key) => key.id === id)
  const bytes = Buffer.from(sealed.slice(id.length + 1), 'base64url')
  if (!known || bytes.length < ivLength + tagLength) return null
  const opening = createDecipheriv(cipher, known.key, bytes.subarray(0, ivLength), {
    authTagLength: tagLength,
  })
  opening.setAAD(Buffer.from(binding))
  opening.setAuthTag(bytes.subarray(-tagLength))
  const text = opening.update(bytes.subarray(ivLength, -tagLength), undefined, 'utf8')
  try {
    return text + opening.final('utf8')
  } catch {
    return null
  }
}

/** `keyId.hash` for each key: equal texts have equal hashes, which reveal nothing without the key. */
export const matchHashes = (ring: KeyRing, text: string): [string, ...string[]] =>
  ring.map(({ id, key }) => `${id}.${hmacSha256(key, text)}`) as [string, ...string[]]
