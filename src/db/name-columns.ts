import { text } from './dialect'

/** What sorts and finds a row by its names, as `lib/name-keys.ts` makes it; written with every change of the row. */
export const nameColumns = () => ({
  sortKey: text('sort_key').notNull().default(''),
  searchText: text('search_text').notNull().default(''),
})

export type NameKey = keyof ReturnType<typeof nameColumns>
