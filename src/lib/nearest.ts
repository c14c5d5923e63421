import { distance } from 'fastest-levenshtein'

/** One letter is nearer than a part of the word, two are not. */
const partOf = 1.5

/** At most `most` of the words, the likeliest to be meant by a mistyped one first: by spelling, or as a part of each other. */
export function nearest(wanted: string, words: readonly string[], most: number): string[] {
  const ranked = words.map((word) => {
    const holds = word.includes(wanted) || (word !== '' && wanted.includes(word))
    const letters = distance(wanted, word)
    return { word, rank: holds ? Math.min(partOf, letters) : letters }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ word }) => word)
}
