import { fold } from './fold'
import { soughtRuns } from './sought-words'
import { stem, withoutZeros } from './stem'

/** What was typed; `weights` says how much a word counts in each text. */
export type Ranking = { typed: string; weights: readonly number[] }

/** Words beyond these must occur, but do not affect the order. */
const weighedWords = 8

const before = '(?<![\\p{L}\\p{N}])'

/** How often folded text holds a word, or words in a row. */
type Counter = (folded: string) => number

/** A beginning counts for less than the whole: who types `CW-2026-504` wants that case before `CW-2026-5040`. */
const ofBeginning = 0.5

const isLetter = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  if (code < 128) return (code > 96 && code < 123) || (code > 47 && code < 58)
  const isSecondHalf = code >= 0xdc00 && code <= 0xdfff
  return /^[\p{L}\p{N}]/u.test(text.slice(isSecondHalf ? at - 1 : at))
}

/**
 * Words of the same stem; the last may be only a beginning. A stem may differ from its words in its last letter; few words share
 * the rest, and only those are looked at. By hand, as an expression took twice as long for thousands of texts.
 */
function wordCounter(word: string, isLast: boolean): Counter {
  const key = stem(word)
  const common = key.length > 2 ? key.slice(0, -1) : key
  const isNumber = /^\d/.test(common)
  const worth = (found: string) =>
    stem(found) === key ? 1 : isLast && found.startsWith(word) ? ofBeginning : 0
  return (folded) => {
    let times = 0
    let next = 0
    for (let at = folded.indexOf(common); at >= 0; at = folded.indexOf(common, next)) {
      let [start, end] = [at, at + common.length]
      while (isNumber && start > 0 && folded[start - 1] === '0') start--
      while (end < folded.length && isLetter(folded, end)) end++
      next = end
      if (start > 0 && isLetter(folded, start - 1)) continue
      times += worth(folded.slice(at, end))
    }
    return times
  }
}

/**
 * Words in a row, with whatever between them; the last may be only a beginning. Each word is taken whole or not at all: zeros
 * shared out among words in every way would take years.
 */
function runCounter(parts: readonly string[], isLast: boolean): Counter {
  const words = parts.map((part, i) => `(?=(0*${withoutZeros(part)}))\\${i + 1}`).join('[^\\p{L}\\p{N}]*')
  const found = new RegExp(`${before}${words}[\\p{L}\\p{N}]?`, 'gu')
  const whole = new RegExp(`^${words}$`, 'u')
  const worth = (text: string) => (whole.test(text) ? 1 : isLast ? ofBeginning : 0)
  return (folded) => (folded.match(found) ?? []).reduce((times, text) => times + worth(text), 0)
}

/** Scores texts: a word counts by its text's weight, and further occurrences count less and less. */
export function relevance({ typed, weights }: Ranking): (texts: readonly unknown[]) => number {
  const runs = soughtRuns(typed)
  const counters = runs.slice(0, weighedWords).map((parts, i) => {
    const isLast = i === runs.length - 1
    return parts.length === 1 ? wordCounter(parts[0] as string, isLast) : runCounter(parts, isLast)
  })
  const weigh = (folded: readonly string[], count: Counter) => {
    let total = 0
    for (let i = 0; i < folded.length; i++) {
      const times = count(folded[i] as string)
      if (times > 0) total += ((weights[i] ?? 0) * times) / (times + 1)
    }
    return total
  }
  return (texts) => {
    const folded = texts.map((text) => (typeof text === 'string' ? fold(text) : ''))
    let unhyphened: string[] | undefined
    return counters.reduce((total, count) => {
      const weight = weigh(folded, count)
      if (weight > 0) return total + weight
      // Only then, as it is rare and would take as long again: `coop` stands in the text as `co-op`.
      unhyphened ??= folded.map((text) => text.replaceAll('-', ''))
      return total + weigh(unhyphened, count)
    }, 0)
  }
}
