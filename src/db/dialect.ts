import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

// The only builders a table is declared with: what they mean on another engine is decided here and nowhere else.
export { index, integer, primaryKey, real, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Queries are only ever awaited, so that they run unchanged on an asynchronous engine. */
export type Db = BunSQLiteDatabase<Record<string, never>>

export const table = sqliteTable

export const boolean = (name: string) => integer(name, { mode: 'boolean' })

/** An instant to the millisecond, a `Date` in code. */
export const timestamp = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** A JSON value that is only stored and loaded whole. */
export const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>()

/** A growing position given by the store: the order in which rows were written. */
export const position = (name: string) => integer(name).primaryKey({ autoIncrement: true })

/** One of a list of words stored as its place in the list, so that it sorts by rank and not by alphabet. */
export const ranked = <const T extends readonly [string, ...string[]]>(name: string, values: T) =>
  customType<{ data: T[number]; driverData: number }>({
    dataType: () => 'integer',
    toDriver: (value) => values.indexOf(value),
    fromDriver: (place) => values[place] as T[number],
  })(name)
