import { describe, expect, test } from 'bun:test'
import { newId, seededIds } from '../../src/lib/id'
import { randomString, secureRandom, seededRandom } from '../../src/lib/random'

const form = /^[a-z][a-z0-9]{23}$/
const take = <T>(many: number, make: () => T) => Array.from({ length: many }, make)

describe('seeded bytes', () => {
  test('differ between seeds', () => {
    expect(seededRandom('one')(64)).not.toEqual(seededRandom('two')(64))
  })

  test('repeat for the same seed, however they are cut', () => {
    const whole = seededRandom(1)(100)
    const cut = seededRandom(1)
    expect(Buffer.concat([cut(1), cut(0), cut(31), cut(40), cut(28)])).toEqual(Buffer.from(whole))
  })

  test('do not repeat themselves', () => {
    const random = seededRandom(1)
    expect(new Set(take(1_000, () => Buffer.from(random(8)).toString('hex'))).size).toBe(1_000)
  })
})

describe('randomString', () => {
  test('uses every character of the alphabet about equally often', () => {
    const alphabet = 'abcdefghij'
    const text = randomString(seededRandom('even'), 20_000, alphabet)
    const counts = [...alphabet].map((character) => text.split(character).length - 1)
    expect(text).toHaveLength(20_000)
    expect(Math.min(...counts)).toBeGreaterThan(1_800)
    expect(Math.max(...counts)).toBeLessThan(2_200)
  })

  test('throws away bytes that would favour the first characters', () => {
    const bytes = [255, 250, 9, 251, 0]
    const random = (length: number) => new Uint8Array(bytes.splice(0, length))
    expect(randomString(random, 2, 'abcdefghij')).toBe('ja')
  })

  test('has exactly the length that was asked', () => {
    expect([0, 1, 30].map((length) => randomString(secureRandom, length, 'ab').length)).toEqual([0, 1, 30])
  })
})

describe('ids', () => {
  test('from a seed repeat and have the form of all ids', () => {
    const ids = take(200, seededIds(seededRandom('ids')))
    expect(ids).toEqual(take(200, seededIds(seededRandom('ids'))))
    expect(ids.filter((id) => !form.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(200)
  })

  test('from different seeds differ', () => {
    expect(seededIds(seededRandom(1))()).not.toBe(seededIds(seededRandom(2))())
  })

  test('of live data have the same form and never repeat', () => {
    const ids = take(200, newId)
    expect(ids.filter((id) => !form.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(200)
  })
})
