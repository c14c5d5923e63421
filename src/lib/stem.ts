import { stemmer } from 'stemmer'

const mostKept = 50_000
const kept = new Map<string, string>()

/** Leading zeros say nothing: `0504` is `504`. */
export const withoutZeros = (word: string): string => (word[0] === '0' ? word.replace(/^0+(?=\d)/, '') : word)

/**
 * The form under which a folded word is filed and looked for: English words without their ending (Porter, 1980), numbers without
 * leading zeros, and every other word as it is.
 */
export function stem(word: string): string {
  let known = kept.get(word)
  if (known === undefined) {
    if (kept.size >= mostKept) kept.clear()
    known = /^[a-z]{3,30}$/.test(word) ? stemmer(word) : withoutZeros(word)
    kept.set(word, known)
  }
  return known
}
