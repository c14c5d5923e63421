import { type AnyColumn, asc, count, desc, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { PageWindow } from '../lib/page'
import type { Db } from './dialect'

/** Contains the text, whatever its case; the text's own wildcards are taken literally. Only for small tables. */
export const contains = (columns: readonly AnyColumn[], text: string): SQL | undefined => {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return or(...columns.map((column) => sql`${column} LIKE ${pattern} ESCAPE '\\'`))
}

/** One of the values; no condition where none are given. */
export const anyOf = <T>(column: AnyColumn, values: readonly T[] | undefined): SQL | undefined =>
  values === undefined ? undefined : inArray(column, values as unknown[])

/** Orders by `field` or `-field`, ids last so that no two rows tie. */
export function orderBy<Name extends string>(
  sort: Name | `-${Name}`,
  columns: Record<Name, AnyColumn | readonly AnyColumn[]>,
  id: AnyColumn,
): SQL[] {
  const direction = sort.startsWith('-') ? desc : asc
  const sorted = columns[sort.replace(/^-/, '') as Name]
  return [...[sorted].flat(), id].map((column) => direction(column as AnyColumn))
}

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
  const [row] = await db.select({ total: count() }).from(matches)
  return row?.total ?? 0
}

/** A page of rows and how many match in all. For tables small enough to be counted at each request. */
export async function pageOf<T extends SQLiteTable>(
  db: Db,
  from: T,
  where: SQL | undefined,
  order: SQL[],
  { offset, pageSize }: PageWindow,
): Promise<{ rows: T['$inferSelect'][]; total: number }> {
  const rows = await db
    .select()
    .from(from)
    .where(where)
    .orderBy(...order)
    .limit(pageSize)
    .offset(offset)
  const [counted] = await db.select({ total: count() }).from(from).where(where)
  return { rows, total: counted?.total ?? 0 }
}
