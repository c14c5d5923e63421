import { stemmer } from 'stemmer'

const mostKept = 50_000
const kept = new Map<string, string>()

/** `0504` means the same as `504`. */
export const withoutZeros = (word: string): string => (word[0] === '0' ? word.replace(/^0+(?=\d)/, '') : word)

/**
 * The form in which a folded word is indexed and searched for: English words without their ending (Porter, 1980), numbers
 * without leading zeros, every other word unchanged.
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
