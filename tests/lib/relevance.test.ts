import { describe, expect, test } from 'bun:test'
import { relevance } from '../../src/lib/relevance'
import { growthOf } from '../support/cost'

const weigh = (typed: string, ...texts: (string | null)[]) => relevance({ typed, weights: [5, 1] })(texts)

describe('relevance', () => {
  test.each([
    ['the word is not there', 'lamp', ['road', null]],
    ['it is only the end of a word', 'lamp', ['streetlamp', null]],
    ['it is only the beginning of a word that is not the last', 'la road', ['lamp', null]],
  ])('is nothing where %s', (_, typed, texts) => {
    expect(weigh(typed, ...texts)).toBe(0)
  })

  test('of the heavier text counts for more', () => {
    expect(weigh('lamp', 'lamp', null)).toBeGreaterThan(weigh('lamp', null, 'lamp lamp lamp lamp'))
  })

  test('grows with how often a word is there, but ever less', () => {
    const [once, twice, thrice] = ['lamp', 'lamp lamp', 'lamp lamp lamp'].map((text) => weigh('lamp', text))
    expect([once, twice, thrice]).toEqual([2.5, 10 / 3, 3.75])
  })

  test.each([
    ['case', 'LAMP', 'a lamp'],
    ['accents', 'nwr', 'Nŵr'],
    ['accents of the word', 'làmpa', 'lampa'],
    ['what joins words', 'mina-road', 'Mina Road'],
    ['quotation marks', '"lamp"', 'the lamp'],
    ['the English ending', 'potholes', 'a pothole: here'],
    ['the English ending where it changes the word', 'parties', 'party'],
    ['hyphens', 'coop', 'the co-op'],
    ['hyphens of the word', 'co-op', 'the coop'],
    ['apostrophes', 'oconnor', 'O’Connor'],
    ['leading zeros', '504', 'CW-2026-0504'],
    ['leading zeros of a reference', 'CW-2026-504', 'CW-2026-0504'],
    ['how a reference is split', 'cw 2026 0504', 'CW-2026-0504'],
  ])('does not look at %s', (_, typed, text) => {
    expect(weigh(typed, text)).toBe(2.5)
  })

  test.each([
    ['lamp', 'lamp', 'lampshade'],
    ['CW-2026-504', 'CW-2026-0504', 'CW-2026-5040'],
    ['504', 'CW-2026-0504', 'CW-2026-5040'],
  ])('of %s where it is whole counts for more than where it is a beginning', (typed, whole, longer) => {
    expect(weigh(typed, longer)).toBeGreaterThan(0)
    expect(weigh(typed, whole)).toBeGreaterThan(weigh(typed, longer))
  })

  test('adds up over words, of which the first eight count', () => {
    expect(weigh('broken lamp', 'broken lamp')).toBe(5)
    const words = 'a b c d e f g h i j'
    expect(weigh(words, words)).toBe(8 * 2.5)
  })

  test('takes a long hostile text in its stride', () => {
    const text = 'la-'.repeat(20_000)
    expect(weigh('la-la-la lamp', text)).toBeGreaterThan(0)
  })
})

describe('relevance in a hostile text', () => {
  test.each([
    ['zeros that many words could share', '0-0-0-0-0-0-0-1', (size: number) => '0'.repeat(size)],
    ['zeros behind a letter', '0', (size: number) => `a${'0'.repeat(size)}`],
    ['zeros alone', '0', (size: number) => '0'.repeat(size)],
    ['one word over and over', 'lamp-lamp', (size: number) => 'lamp '.repeat(size / 5)],
  ])('takes no longer than the text is long: %s', async (_, typed, text) => {
    const score = relevance({ typed, weights: [1] })
    expect(score([text(20)])).toBeGreaterThanOrEqual(0)
    expect(await growthOf((size) => score([text(size)]), 5_000)).toBeLessThan(9)
  })
})
