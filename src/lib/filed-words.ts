import { fold } from './fold'
import { stem, withoutZeros } from './stem'

/** As many as both engines can hold in order. */
const mostWords = 16_000
/** The engine that keeps fewer places of one word keeps this many. */
const mostTimes = 255
const longestWord = 100
const mostJoined = 8

const joints = '[-\u2010\u2012\u2013./&]'
const run = new RegExp(`[\\p{L}\\p{N}]+(?:${joints}[\\p{L}\\p{N}]+)*`, 'gu')
const joint = new RegExp(joints, 'u')
/** A British postcode, with or without its space. */
const postcode = /(?<![\p{L}\p{N}])([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})(?![\p{L}\p{N}])/gu

const cut = (word: string) =>
  word.length > longestWord ? Array.from(word).slice(0, longestWord).join('') : word

/**
 * Words of a folded text, in order. Words joined by a hyphen or the like, such as `co-op`, are one list of at most eight.
 */
export const runsOf = (folded: string): string[][] =>
  (folded.match(run) ?? []).flatMap((found) => {
    const parts = found.split(joint).map(cut)
    if (parts.length <= mostJoined) return [parts]
    return Array.from({ length: Math.ceil(parts.length / mostJoined) }, (_, i) =>
      parts.slice(i * mostJoined, (i + 1) * mostJoined),
    )
  })

/** A run as one word: as written, and without leading zeros in its numbers. */
export const joined = (parts: readonly string[]): { plain: string; key: string } => ({
  plain: cut(parts.join('')),
  key: cut(stem(parts.map(withoutZeros).join(''))),
})

/**
 * What an index holds of texts. `words` are as written and in order; an empty one is a gap that no phrase crosses. `forms` are
 * the other ways to find them: stems, joined words, numbers without zeros, postcodes.
 */
export type Filed = { words: string[]; forms: string[] }

/** The index entry of texts, the most important first; the end of very long ones is left out. */
export function fileTexts(texts: readonly (string | null)[]): Filed {
  const words: string[] = []
  const forms = new Set<string>()
  for (const text of texts) {
    if (text === null || words.length >= mostWords) continue
    if (words.length > 0) words.push('')
    const folded = fold(text)
    for (const parts of runsOf(folded)) {
      for (const part of parts) {
        words.push(part)
        forms.add(stem(part))
      }
      if (parts.length > 1) {
        const { plain, key } = joined(parts)
        forms.add(plain).add(stem(plain)).add(key)
      }
    }
    for (const [, outward = '', inward = ''] of folded.matchAll(postcode)) {
      forms
        .add(outward + inward)
        .add(outward)
        .add(inward)
    }
  }
  if (words.length > mostWords) words.length = mostWords
  for (const word of words) forms.delete(word)
  return { words: words.length > mostTimes ? withoutRepetition(words) : words, forms: [...forms] }
}

function withoutRepetition(words: readonly string[]): string[] {
  const times = new Map<string, number>()
  return words.map((word) => {
    const count = (times.get(word) ?? 0) + 1
    times.set(word, count)
    return count > mostTimes ? '' : word
  })
}
