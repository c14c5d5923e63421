import { describe, expect, test } from 'bun:test'
import { keyLastFour, keyPrefix, looksLikeApiKey, newApiKey } from '../../src/lib/api-key'
import { secureRandom, seededRandom } from '../../src/lib/random'

const key = newApiKey('live', seededRandom('api-key'))
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('looksLikeApiKey', () => {
  test('refuses a key in which any one character was replaced by any other', () => {
    const accepted: string[] = []
    for (let at = 0; at < key.length; at++) {
      for (const character of `${base62}_- `) {
        const changed = key.slice(0, at) + character + key.slice(at + 1)
        if (changed !== key && looksLikeApiKey(changed, 'live')) accepted.push(changed)
      }
    }
    expect(accepted).toEqual([])
  })

  test('refuses a key in which two neighbouring characters changed places', () => {
    const swapped = [...key].slice(0, -1).map((character, at) => {
      return key.slice(0, at) + key.charAt(at + 1) + character + key.slice(at + 2)
    })
    expect(swapped.filter((text) => text !== key && looksLikeApiKey(text, 'live'))).toEqual([])
  })

  test('refuses a key of the other environment', () => {
    expect(looksLikeApiKey(key, 'test')).toBe(false)
    expect(looksLikeApiKey(newApiKey('test', secureRandom), 'live')).toBe(false)
  })

  test.each([
    ['nothing', ''],
    ['a key cut short', key.slice(0, -1)],
    ['a key with more behind it', `${key}0`],
    ['a key with a space before it', ` ${key}`],
    ['a key with a line break behind it', `${key}\n`],
    ['two keys', key + key],
    ['a prefix alone', 'rv_live_'],
  ])('refuses %s', (_, text) => {
    expect(looksLikeApiKey(text, 'live')).toBe(false)
  })

  test('accepts every key that was made, of either environment', () => {
    for (let i = 0; i < 200; i++) {
      expect(looksLikeApiKey(newApiKey('live', secureRandom), 'live')).toBe(true)
      expect(looksLikeApiKey(newApiKey('test', secureRandom), 'test')).toBe(true)
    }
  })
})

describe('newApiKey', () => {
  test('has the environment, 30 random characters and 6 of checksum', () => {
    expect(key).toMatch(/^rv_live_[0-9A-Za-z]{36}$/)
    expect(newApiKey('test', secureRandom)).toMatch(/^rv_test_[0-9A-Za-z]{36}$/)
  })

  test('ends in the CRC-32 of what precedes, in base62', () => {
    const value = [...key.slice(-6)].reduce((sum, digit) => sum * 62 + base62.indexOf(digit), 0)
    expect(value).toBe(Bun.hash.crc32(key.slice(0, -6)))
  })

  test('never repeats', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newApiKey('live', secureRandom))).size).toBe(1_000)
  })

  test('shows of itself the environment, the first four and the last four characters', () => {
    expect(keyPrefix(key)).toBe(key.slice(0, 12))
    expect(keyPrefix(key)).toMatch(/^rv_live_[0-9A-Za-z]{4}$/)
    expect(keyLastFour(key)).toBe(key.slice(-4))
    expect(keyLastFour(key)).toHaveLength(4)
  })
})
