import { distance } from 'fastest-levenshtein'

/** At most `most` of the words, the likeliest to be meant by a mistyped one first: those that hold it, then by spelling. */
export function nearest(wanted: string, words: readonly string[], most: number): string[] {
  const ranked = words.map((word) => {
    const holds = word.includes(wanted) || (word !== '' && wanted.includes(word))
    return { word, rank: (holds ? 0 : 1_000) + distance(wanted, word) }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ word }) => word)
}
