import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { seededRandom } from '../../src/lib/random'
import { type KeyRing, keyIdOf, matchHashes, type NamedKey, seal, unseal } from '../../src/lib/seal'

const named = (id: string): NamedKey => ({ id, key: seededRandom(`key ${id}`)(32) })
const [old, young, other] = [named('0ld00000'), named('y0ung000'), named('0ther000')]
const ring: KeyRing = [young, old]

const text = '["Zinnia","z@example.org",null]'
const binding = '["resident","avon","one"]'

const bytesOf = (sealed: string) => Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64url')
const withBytes = (sealed: string, bytes: Buffer) => `${keyIdOf(sealed)}.${bytes.toString('base64url')}`

describe('a sealed text does not open', () => {
  const sealed = seal(ring, text, binding)

  test('with any single bit of it changed', () => {
    const bytes = bytesOf(sealed)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(unseal(ring, withBytes(sealed, changed), binding)).toBeNull()
    }
    expect(unseal(ring, withBytes(sealed, bytes), binding)).toBe(text)
  })

  test('where it was cut, at either end, or something was put after it', () => {
    const bytes = bytesOf(sealed)
    for (let length = 0; length < bytes.length; length++) {
      expect(unseal(ring, withBytes(sealed, bytes.subarray(0, length)), binding)).toBeNull()
      expect(unseal(ring, withBytes(sealed, bytes.subarray(bytes.length - length)), binding)).toBeNull()
    }
    expect(unseal(ring, withBytes(sealed, Buffer.concat([bytes, Buffer.of(0)])), binding)).toBeNull()
  })

  test('for what it does not belong to', () => {
    for (const wrong of ['', '["resident","avon","two"]', `${binding} `, binding.toUpperCase()]) {
      expect(unseal(ring, sealed, wrong)).toBeNull()
    }
  })

  test('without its key', () => {
    expect(unseal([other, old], sealed, binding)).toBeNull()
    // A key of the same name is not yet the same key.
    expect(unseal([{ id: young.id, key: other.key }], sealed, binding)).toBeNull()
  })

  test('where it is none', () => {
    for (const nonsense of ['', '.', 'text', 'y0ung000', 'y0ung000.', 'y0ung000.????', `.${sealed}`]) {
      expect(unseal(ring, nonsense, binding)).toBeNull()
    }
  })
})

describe('a sealed text', () => {
  test('opens as it was, whatever it is and belongs to', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(anything, anything, (plain, belongs) => {
        const sealed = seal(ring, plain, belongs)
        expect(sealed).toMatch(/^y0ung000\.[A-Za-z0-9_-]+$/)
        expect(unseal(ring, sealed, belongs)).toBe(plain)
      }),
    )
  })

  test('is never the same twice, and does not show what it holds', () => {
    const many = new Set(Array.from({ length: 1_000 }, () => seal(ring, text, binding)))
    expect(many.size).toBe(1_000)
    const starts = new Set([...many].map((sealed) => bytesOf(sealed).subarray(0, 12).toString('hex')))
    expect(starts.size).toBe(1_000)
    for (const sealed of many) expect(bytesOf(sealed).includes('Zinnia')).toBe(false)
  })

  test('is sealed with the newest key, and opens wherever that one stands on the ring', () => {
    const before = seal([old], text, binding)
    expect([keyIdOf(before), keyIdOf(seal(ring, text, binding))]).toEqual([old.id, young.id])
    expect(unseal(ring, before, binding)).toBe(text)
    expect(unseal([other, young, old], before, binding)).toBe(text)
  })
})

describe('hashes to match by', () => {
  test('are one a key, the newest first, each under its key’s name', () => {
    const hashes = matchHashes(ring, 'z@example.org')
    expect(hashes.map(keyIdOf)).toEqual([young.id, old.id])
    for (const hash of hashes) expect(hash).toMatch(/^[a-z0-9]{8}\.[0-9a-f]{64}$/)
    expect(new Set(hashes.map((hash) => hash.split('.')[1])).size).toBe(2)
  })

  test('are equal for what is equal and for nothing else, and tell nothing without the key', () => {
    const hash = (plain: string, by: NamedKey = young) => matchHashes([by], plain)[0]
    expect(hash('z@example.org')).toBe(hash('z@example.org'))
    expect(hash('z@example.org')).toBe(matchHashes(ring, 'z@example.org')[0])
    for (const plain of ['', 'Z@example.org', 'z@example.org ', 'y@example.org']) {
      expect(hash(plain)).not.toBe(hash('z@example.org'))
    }
    const plainHash = new Bun.CryptoHasher('sha256').update('z@example.org').digest('hex')
    expect(hash('z@example.org')).not.toContain(plainHash)
    expect(hash('z@example.org', { ...other, id: young.id })).not.toBe(hash('z@example.org'))
  })
})
