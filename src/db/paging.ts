import { type AnyColumn, asc, desc, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { CursorValue } from '../lib/cursor'
import type { Found, Slice } from '../lib/page'
import { all, beyond, type Condition } from './conditions'
import type { Db } from './dialect'
import { preparedByForm } from './prepared'

type Row = Record<string, unknown>

/** A total order: no two rows tie. */
export type Ordering = {
  form: string
  orderBy: SQL[]
  after: (place: readonly CursorValue[]) => Condition
  placeOf: (row: Row) => CursorValue[]
}

/** Null sorts first, as in the store's own order. */
const empty = (column: AnyColumn): CursorValue => (column.dataType === 'string' ? '' : -1)

const comparable = (column: AnyColumn): SQL =>
  column.notNull
    ? sql`${column}`
    : sql`coalesce(${column}, ${sql.raw(column.dataType === 'string' ? "''" : '-1')})`

/** `fields` lists the columns of each sort field; ids break ties. */
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
    form: sort,
    orderBy: sorted.map((column) => direction(comparable(column))),
    after: (place) => beyond(sorted.map(comparable), isDescending ? 'before' : 'after', sort, place),
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
  where: Condition
  select: (asked: { where: Condition; order: Ordering; limit: number; offset: number }) => Promise<R[]>
  /** Picks the ordered table's row out of a joined one. */
  rowOf: (selected: R) => Row
  count: () => Promise<number>
}

/** For a page: rows and total. For a cursor: rows after a place, and the place where the next part starts. */
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
    const rows = await select({ where, order, limit: pageSize, offset: slice.offset })
    return { rows, total: await count(), next: null }
  }
  const rest = slice.after === null ? where : all([where, order.after(slice.after)])
  // One extra row shows whether anything follows.
  const rows = await select({ where: rest, order, limit: pageSize + 1, offset: 0 })
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined
  return { rows: rows.slice(0, pageSize), total: null, next: last ? order.placeOf(rowOf(last)) : null }
}

/** Lists whole rows of a table, and counts them at each request up to `limit`. */
export function listOf<T extends SQLiteTable>(table: T, limit?: number) {
  const from = table as SQLiteTable
  const select = preparedByForm<T['$inferSelect']>((db, { where, orderBy, limit, offset }) =>
    db
      .select()
      .from(from)
      .where(where)
      .orderBy(...orderBy)
      .limit(limit)
      .offset(offset),
  )
  const count = countOf(table, limit)
  return (db: Db, where: Condition, order: Ordering, slice: Slice): Promise<Found<T['$inferSelect']>> =>
    findSlice<T['$inferSelect']>({
      slice,
      order,
      where,
      select: (asked) => select(db, asked),
      rowOf: (row) => row as Row,
      count: () => count(db, where),
    })
}

/** Stops counting at `limit`. */
export function countOf(table: SQLiteTable, limit = Number.MAX_SAFE_INTEGER) {
  const count = preparedByForm<{ total: number }>((db, parts) => {
    const matches = db
      .select({ one: sql`1`.as('one') })
      .from(table)
      .where(parts.where)
      .limit(parts.limit)
      .as('matches')
    return db.select({ total: sql<number>`count(*)` }).from(matches)
  })
  return async (db: Db, where: Condition): Promise<number> => {
    const [row] = await count(db, { where, limit })
    return Number(row?.total ?? 0)
  }
}
