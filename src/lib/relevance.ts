import { fold } from './fold'
import { soughtRuns } from './sought-words'
import { stem, withoutZeros } from './stem'

/** What was typed; `weights` says how much a word counts in each text. */
export type Ranking = { typed: string; weights: readonly number[] }

/** Words beyond these must occur, but do not affect the order. */
const weighedWords = 8

const [before, after] = ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])']
const hyphen = /(?<=\p{L})[-\u2010\u2012\u2013](?=\p{L})/gu

/** How often folded text holds what was typed. */
type Counter = (folded: string) => number

/**
 * Words of the same stem; the last may be only a beginning. A stem may differ from its words in its last letter; few words share
 * the rest, and only those are stemmed.
 */
function wordCounter(word: string, isLast: boolean): Counter {
  const key = stem(word)
  const common = key.length > 2 ? key.slice(0, -1) : key
  const candidates = new RegExp(`${before}0*${common}[\\p{L}\\p{N}]*`, 'gu')
  const isMeant = (found: string) => stem(found) === key || (isLast && found.startsWith(word))
  const count = (folded: string) =>
    folded.includes(common) ? (folded.match(candidates)?.filter(isMeant).length ?? 0) : 0
  return (folded) => count(folded) || (folded.search(hyphen) < 0 ? 0 : count(folded.replace(hyphen, '')))
}

/** Words in a row, with whatever between them; the last may be only a beginning. */
function runCounter(parts: readonly string[], isLast: boolean): Counter {
  const words = parts.map((part) => `0*${withoutZeros(part)}`).join('[^\\p{L}\\p{N}]*')
  const found = new RegExp(`${before}${words}${isLast ? '' : after}`, 'gu')
  return (folded) => folded.match(found)?.length ?? 0
}

/** Scores texts: a word counts by its text's weight, and further occurrences count less and less. */
export function relevance({ typed, weights }: Ranking): (texts: readonly unknown[]) => number {
  const runs = soughtRuns(typed)
  const counters = runs.slice(0, weighedWords).map((parts, i) => {
    const isLast = i === runs.length - 1
    return parts.length === 1 ? wordCounter(parts[0] as string, isLast) : runCounter(parts, isLast)
  })
  return (texts) => {
    let total = 0
    for (const [i, text] of texts.entries()) {
      if (typeof text !== 'string') continue
      const folded = fold(text)
      for (const count of counters) {
        const times = count(folded)
        total += ((weights[i] ?? 0) * times) / (times + 1)
      }
    }
    return total
  }
}
