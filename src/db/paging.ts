import { type AnyColumn, and, asc, count, desc, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { CursorValue } from '../lib/cursor'
import type { Found, Slice } from '../lib/page'
import type { Db } from './dialect'

type Row = Record<string, unknown>

/** An order in which no two rows tie, and the place of a row in it. */
export type Ordering = {
  orderBy: SQL[]
  /** What comes after a place. */
  after: (place: readonly CursorValue[]) => SQL
  placeOf: (row: Row) => CursorValue[]
}

/** Rows without a value come first, as they do in the store's own order. */
const empty = (column: AnyColumn): CursorValue => (column.dataType === 'string' ? '' : -1)

const comparable = (column: AnyColumn): SQL =>
  column.notNull ? sql`${column}` : sql`coalesce(${column}, ${empty(column)})`

/** Orders a table by `field` or `-field`, which stands for these columns; ids break ties. */
export function ordering<Field extends string>(
  table: SQLiteTable,
  sort: Field | `-${Field}`,
  fields: Record<Field, readonly string[]>,
): Ordering {
  const columns = getTableColumns(table) as Record<string, AnyColumn>
  const names = [...fields[sort.replace(/^-/, '') as Field], 'id']
  const sorted = names.map((name) => columns[name] as AnyColumn)
  const isDescending = sort.startsWith('-')
  const direction = isDescending ? desc : asc
  return {
    orderBy: sorted.map((column) => direction(comparable(column))),
    after: (place) => {
      const left = sql.join(sorted.map(comparable), sql`, `)
      const right = sql.join(
        place.map((value) => sql`${value}`),
        sql`, `,
      )
      return isDescending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`
    },
    placeOf: (row) =>
      names.map((name, i) => {
        const column = sorted[i] as AnyColumn
        const value = row[name] ?? null
        return value === null ? empty(column) : (column.mapToDriverValue(value) as CursorValue)
      }),
  }
}

type Parts<R> = {
  slice: Slice
  order: Ordering
  where: SQL | undefined
  /** Selects the rows of a condition in an order, `limit` of them from `offset`. */
  select: (where: SQL | undefined, orderBy: SQL[], limit: number, offset: number) => Promise<R[]>
  /** The ordered table's row within a selected one. */
  rowOf: (selected: R) => Row
  count: () => Promise<number>
}

/** A page with its total, or what follows a place and the place where the next part starts. */
export async function findSlice<R>({
  slice,
  order,
  where,
  select,
  rowOf,
  count,
}: Parts<R>): Promise<Found<R>> {
  const { pageSize } = slice
  if (slice.kind === 'page') {
    const rows = await select(where, order.orderBy, pageSize, slice.offset)
    return { rows, total: await count(), next: null }
  }
  const beyond = slice.after === null ? where : and(where, order.after(slice.after))
  // One row more than asked for tells whether anything follows.
  const rows = await select(beyond, order.orderBy, pageSize + 1, 0)
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined
  return { rows: rows.slice(0, pageSize), total: null, next: last ? order.placeOf(rowOf(last)) : null }
}

/** The same for a table small enough to be selected whole and counted at each request. */
export const findRows = <T extends SQLiteTable>(
  db: Db,
  table: T,
  where: SQL | undefined,
  order: Ordering,
  slice: Slice,
): Promise<Found<T['$inferSelect']>> =>
  findSlice<T['$inferSelect']>({
    slice,
    order,
    where,
    select: (condition, orderBy, limit, offset) =>
      db
        .select()
        .from(table as SQLiteTable)
        .where(condition)
        .orderBy(...orderBy)
        .limit(limit)
        .offset(offset),
    rowOf: (row) => row as Row,
    count: async () => {
      const [counted] = await db
        .select({ total: count() })
        .from(table as SQLiteTable)
        .where(where)
      return counted?.total ?? 0
    },
  })
