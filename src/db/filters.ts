import { type AnyColumn, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './dialect'

/** Contains the text, whatever its case; the text's own wildcards are taken literally. Only for small tables. */
export const contains = (columns: readonly AnyColumn[], text: string): SQL | undefined => {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return or(...columns.map((column) => sql`${column} LIKE ${pattern} ESCAPE '\\'`))
}

/** One of the values; no condition where none are given. */
export const anyOf = <T>(column: AnyColumn, values: readonly T[] | undefined): SQL | undefined =>
  values === undefined ? undefined : inArray(column, values as unknown[])

/** Counts what matches, but no further than `limit`. */
export async function boundedCount(
  db: Db,
  from: SQLiteTable,
  where: SQL | undefined,
  limit: number,
): Promise<number> {
  const matches = db
    .select({ one: sql`1`.as('one') })
    .from(from)
    .where(where)
    .limit(limit)
    .as('matches')
  const [row] = await db.select({ total: sql<number>`count(*)` }).from(matches)
  return Number(row?.total ?? 0)
}
