export type RandomBytes = (length: number) => Uint8Array

export const secureRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length))

/** Reproducible bytes, from SHA-256 over seed and counter. Never for secrets of a live council. */
export function seededRandom(seed: string | number): RandomBytes {
  let counter = 0
  let pool = new Uint8Array(0)
  return (length) => {
    while (pool.length < length) {
      const block = new Bun.CryptoHasher('sha256').update(`${seed}:${counter++}`).digest()
      const next = new Uint8Array(pool.length + block.length)
      next.set(pool)
      next.set(block, pool.length)
      pool = next
    }
    const bytes = pool.slice(0, length)
    pool = pool.slice(length)
    return bytes
  }
}

export const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Each character is equally likely (rejection sampling). */
export function randomString(random: RandomBytes, length: number, alphabet: string): string {
  const limit = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of random(length - text.length)) {
      if (byte < limit) text += alphabet[byte % alphabet.length]
    }
  }
  return text
}
