import { foldedWords } from './fold'

/** As many digits as any number in a name has. */
const digits = 15

const folded = (text: string) => foldedWords(text).join(' ')

/**
 * The order of names: without case, accents and punctuation, and numbers by their value. `Ŵyn` stands beside `Wyn`, `O’Neill`
 * beside `Oneill`, and `Ward 2` before `Ward 10`. Compared by code points, as both engines do.
 */
export const sortKey = (name: string): string =>
  folded(name).replace(/\p{Nd}+/gu, (run) => run.replace(/^0+/, '').padStart(digits, '0'))

/** What a search looks into: the folded words of each text. */
export const searchText = (texts: readonly (string | null)[]): string =>
  texts.flatMap((text) => (text === null ? [] : folded(text))).join('\n')

/** The columns of a row: sorted by its name, and found by that and by `others`. */
export const nameKeys = (name: string, ...others: (string | null)[]) => ({
  sortKey: sortKey(name),
  searchText: searchText([name, ...others]),
})

/** A copy in the order of names. */
export function inNameOrder<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: sortKey(nameOf(item)) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item)
}
