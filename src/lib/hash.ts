/** SHA-256 as lower-case hexadecimal. */
export const sha256 = (data: string | Uint8Array) => new Bun.CryptoHasher('sha256').update(data).digest('hex')

/** HMAC-SHA-256 as lower-case hexadecimal. */
export const hmacSha256 = (key: Uint8Array, data: string) =>
  new Bun.CryptoHasher('sha256', key).update(data).digest('hex')

/** SHA-256 over texts one after another, each ended by a NUL, in hexadecimal. */
export function hashOfTexts(texts: Iterable<string>): string {
  const hasher = new Bun.CryptoHasher('sha256')
  for (const text of texts) hasher.update(text).update('\0')
  return hasher.digest('hex')
}
