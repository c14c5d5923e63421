import { joined, runsOf } from './filed-words'
import { fold } from './fold'
import { stem } from './stem'

const mostRuns = 30
const leastBeginning = 2
const [leastSplit, mostSplit, leastPart] = [6, 16, 3]

/** One word, or several of which each follows directly on the one before; the last may be only a beginning. */
export type Term = { words: readonly string[]; isBeginning: boolean }

/** Words that a person typed, split as those of texts are; at most thirty, and each but the last once. */
export function soughtRuns(typed: string): string[][] {
  const all = runsOf(fold(typed)).slice(0, mostRuns)
  if (looksLikeReference(all)) return [all.flat()]
  const runs = new Map(all.slice(0, -1).map((parts) => [parts.join(' '), parts]))
  return [...runs.values(), ...all.slice(-1)]
}

/** `CW 2026 0504` is meant like `CW-2026-0504`. */
const looksLikeReference = (runs: readonly string[][]) =>
  runs.length === 3 && /^[a-z][a-z\d]{0,9} (?:19|20)\d\d \d{1,9}$/.test(runs.join(' '))

/**
 * For each word that was typed, what a text may hold to be found by it. The last word is also looked for as a beginning, and
 * words are found however they are joined: `fly-tipping`, `fly tipping` and `flytipping` find the same.
 */
export function soughtTerms(typed: string): Term[][] {
  const runs = soughtRuns(typed)
  return runs.map((parts, i) => {
    const isLast = i === runs.length - 1
    if (parts.length > 1) return joinedTerms(parts, isLast)
    const word = parts[0] as string
    const pairs = [i - 1, i].flatMap((at) => pairTerms(runs, at))
    return [...wordTerms(word, isLast), ...splitTerms(word, isLast), ...pairs]
  })
}

const exactly = (word: string): Term => ({ words: [word], isBeginning: false })

/** A word as the beginning of others: very many begin with one letter, so that alone it is a whole word. */
function wordTerms(word: string, isLast: boolean, key = stem(word)): Term[] {
  if (!isLast || word.length < leastBeginning) return [exactly(key)]
  const beginning = { words: [word], isBeginning: true }
  return key === word ? [beginning] : [exactly(key), beginning]
}

function joinedTerms(parts: string[], isLast: boolean): Term[] {
  const { plain, key } = joined(parts)
  return [...wordTerms(plain, isLast, key), { words: parts, isBeginning: isLast }]
}

/** Two words side by side may be one in the text. */
function pairTerms(runs: readonly string[][], at: number): Term[] {
  const [first, second] = [runs[at], runs[at + 1]]
  if (first?.length !== 1 || second?.length !== 1) return []
  const pair = `${first}${second}`
  return /^[\p{L}]{4,}$/u.test(pair) ? wordTerms(pair, at + 2 === runs.length) : []
}

/** One word may be two in the text. */
function splitTerms(word: string, isLast: boolean): Term[] {
  if (!/^[a-z]+$/.test(word) || word.length < leastSplit || word.length > mostSplit) return []
  return Array.from({ length: word.length - 2 * leastPart + 1 }, (_, i) => ({
    words: [word.slice(0, leastPart + i), word.slice(leastPart + i)],
    isBeginning: isLast,
  }))
}

/** True if the words of texts, as they were filed, hold all of the term's one directly after another. */
export function holdsRun(words: readonly string[], { words: sought, isBeginning }: Term): boolean {
  const last = sought.length - 1
  return words.some((_, at) =>
    sought.every((wanted, i) =>
      isBeginning && i === last ? words[at + i]?.startsWith(wanted) : words[at + i] === wanted,
    ),
  )
}
