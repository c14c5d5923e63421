/** How texts are ranked: the words that were looked for, and how much a word in each text counts. */
export type Ranking = { words: readonly string[]; weights: readonly number[] }

/** Further words must be there, but do not change the order. */
const weighedWords = 8

const isPlain = (text: string) => /^[\x20-\x7e\s]*$/.test(text)

/** Without case and accents, as the index knows words. */
const fold = (text: string) =>
  isPlain(text) ? text.toLowerCase() : text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The words of a text, without case and accents: what stands between anything but letters and digits. */
export const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Finds a word in a folded text, or several side by side whatever stands between them; the last one by its beginning too. */
function finder(word: string, isLast: boolean): RegExp {
  const parts = wordsOf(word)
  const end = isLast ? '' : '(?![\\p{L}\\p{N}])'
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[^\\p{L}\\p{N}]+')}${end}`, 'gu')
}

/**
 * Says how well texts answer: each word counts by the weight of the text it stands in, more where it stands there
 * often, but ever less so.
 */
export function relevance({ words, weights }: Ranking): (texts: readonly unknown[]) => number {
  const finders = words.slice(0, weighedWords).map((word, i) => finder(word, i === words.length - 1))
  return (texts) => {
    let total = 0
    for (const [i, text] of texts.entries()) {
      if (typeof text !== 'string') continue
      const folded = fold(text)
      for (const each of finders) {
        const times = folded.match(each)?.length ?? 0
        total += ((weights[i] ?? 0) * times) / (times + 1)
      }
    }
    return total
  }
}
