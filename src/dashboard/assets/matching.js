import { foldedWords } from './fold.js'

const folded = (text) => foldedWords(text).join(' ')

/** Tells which of the texts hold what was typed, without regard to case, accents, apostrophes and hyphens. */
export function matcherOf(texts) {
  const kept = texts.map(folded)
  return (typed) => {
    const wanted = folded(typed)
    return kept.map((text) => text.includes(wanted))
  }
}
