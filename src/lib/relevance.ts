import { fold, foldedWords } from './fold'

/** `weights` says how much a word counts in each text. */
export type Ranking = { words: readonly string[]; weights: readonly number[] }

/** Words beyond these must occur, but do not affect the order. */
const weighedWords = 8

/** Matches a word in folded text, or several in a row with any punctuation between; the last may be only a beginning. */
function finder(word: string, isLast: boolean): RegExp {
  const parts = foldedWords(word)
  const end = isLast ? '' : '(?![\\p{L}\\p{N}])'
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[^\\p{L}\\p{N}]+')}${end}`, 'gu')
}

/** Scores texts: a word counts by its text's weight, and further occurrences count less and less. */
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
