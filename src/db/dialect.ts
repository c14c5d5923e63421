import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

// Tables are declared with these builders only, so that this file alone decides what they mean on each engine.
export { index, integer, primaryKey, real, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Always await queries, so that they also run on an asynchronous engine. */
export type Db = BunSQLiteDatabase<Record<string, never>>

export const table = sqliteTable

export const boolean = (name: string) => integer(name, { mode: 'boolean' })

/** An instant to the millisecond, a `Date` in code. */
export const timestamp = (name: string) => integer(name, { mode: 'timestamp_ms' })

/** A JSON value that is stored and loaded as a whole. */
export const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>()

/** A growing position assigned by the store: the order in which rows were written. */
export const position = (name: string) => integer(name).primaryKey({ autoIncrement: true })

/** Stored as its index in `values`, so that it sorts by rank and not alphabetically. */
export const ranked = <const T extends readonly [string, ...string[]]>(name: string, values: T) =>
  customType<{ data: T[number]; driverData: number }>({
    dataType: () => 'integer',
    toDriver: (value) => values.indexOf(value),
    fromDriver: (place) => values[place] as T[number],
  })(name)
