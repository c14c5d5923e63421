import { text } from './dialect'

/** What a row is sorted and searched by: its names as `lib/name-keys.ts` makes them, kept by the store with every write. */
export const nameColumns = () => ({
  sortKey: text('sort_key').notNull().default(''),
  searchText: text('search_text').notNull().default(''),
})

export type NameKey = keyof ReturnType<typeof nameColumns>
