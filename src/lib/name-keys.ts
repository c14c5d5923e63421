import { foldedWords } from './fold'

/** More digits than any number in a name has. */
const digits = 15

const folded = (text: string) => foldedWords(text).join(' ')

/**
 * Sorts names without regard to case, accents and punctuation, and numbers by value: `Ŵyn` comes beside `Wyn`, `O’Neill` beside
 * `Oneill`, and `Ward 2` before `Ward 10`. Compare keys by code points, as both engines do.
 */
export const sortKey = (name: string): string =>
  folded(name).replace(/\p{Nd}+/gu, (run) => run.replace(/^0+/, '').padStart(digits, '0'))

/** The text that a search looks through: the folded words of each text, a line each. */
export const searchText = (texts: readonly (string | null)[]): string =>
  texts.flatMap((text) => (text === null ? [] : folded(text))).join('\n')

/** The columns that sort a row by its name, and find it by its name and by `others`. */
export const nameKeys = (name: string, ...others: (string | null)[]) => ({
  sortKey: sortKey(name),
  searchText: searchText([name, ...others]),
})

/** A copy, sorted by name. */
export function inNameOrder<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: sortKey(nameOf(item)) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item)
}
