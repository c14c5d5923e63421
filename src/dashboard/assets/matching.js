import { foldedWords } from './fold.js'

const folded = (text) => foldedWords(text).join(' ')

/** Finds the texts that contain what was typed, whatever its case, accents, apostrophes and hyphens. */
export function matcherOf(texts) {
  const kept = texts.map(folded)
  return (typed) => {
    const wanted = folded(typed)
    return kept.map((text) => text.includes(wanted))
  }
}
