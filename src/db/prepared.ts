import { type AnyColumn, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Condition } from './conditions'
import type { Db } from './dialect'
import { engineOf } from './engine'

/** Query forms kept a connection; beyond them the oldest is built anew when it comes again. */
const keptForms = 500

/** A placeholder in a query of this `db` that is prepared once and run with many values. */
export const bound = (db: Db, name: string): SQL => engineOf(db).placeholder(name)

/** A query built once a connection and then only executed, for what every request or every change does. */
export function prepared<T>(build: (db: Db) => T): (db: Db) => T {
  const built = new WeakMap<Db, T>()
  return (db) => {
    let query = built.get(db)
    if (!query) {
      query = build(db)
      built.set(db, query)
    }
    return query
  }
}

type Parts = { where: SQL; orderBy: SQL[]; limit: number; offset: number }
type Preparable<R> = { prepare(): { execute(values: Record<string, unknown>): R[] | Promise<R[]> } }
type Asked = { where: Condition; order?: { form: string; orderBy: SQL[] }; limit?: number; offset?: number }

/** Queries that differ in conditions and order: each form is built once a connection, bounded in number. */
export function preparedByForm<R>(build: (db: Db, parts: Parts) => Preparable<R>) {
  const kept = prepared(() => new Map<string, ReturnType<Preparable<R>['prepare']>>())
  return async (
    db: Db,
    { where, order = { form: '', orderBy: [] }, limit = 1, offset = 0 }: Asked,
  ): Promise<R[]> => {
    const queries = kept(db)
    const form = `${where.form} ${order.form}`
    let query = queries.get(form)
    if (!query) {
      if (queries.size >= keptForms) queries.delete(queries.keys().next().value as string)
      const places = where.values.map((_, i) => bound(db, `value${i}`))
      query = build(db, {
        where: where.build(places, engineOf(db)),
        orderBy: order.orderBy,
        // The builder takes SQL here too; only its types know numbers alone.
        limit: bound(db, 'limit') as unknown as number,
        offset: bound(db, 'offset') as unknown as number,
      }).prepare()
      queries.set(form, query)
    }
    const values = where.values.map((value, i) => [`value${i}`, value])
    return query.execute({ ...Object.fromEntries(values), limit, offset })
  }
}

/**
 * An insert of one whole row, built once a connection; gives the row as it now stands. The store is not asked to return
 * it: for that it looks through the tables that refer to this one, and keeps what it would need to take it back.
 */
export function preparedInsert<T extends SQLiteTable>(table: T) {
  const columns = Object.entries(getTableColumns(table) as Record<string, AnyColumn>)
  const numbered = columns.find(
    ([, column]) => 'autoIncrement' in column && column.autoIncrement === true,
  )?.[0]
  const statement = prepared((db) => {
    const { newPosition, returnsPosition } = engineOf(db)
    // Encoded below: a placeholder of a column would call its encoder for null too.
    const raw = columns.map(([name]) => [
      name,
      name === numbered ? newPosition : sql`${sql.placeholder(name)}`,
    ])
    const insert = db.insert(table as SQLiteTable).values(Object.fromEntries(raw))
    const position = columns.find(([name]) => name === numbered)?.[1] as SQLiteColumn
    return numbered !== undefined && returnsPosition
      ? insert.returning({ position }).prepare()
      : insert.prepare()
  })
  return async (db: Db, row: T['$inferInsert']): Promise<T['$inferSelect']> => {
    const given = row as Record<string, unknown>
    const whole: Record<string, unknown> = {}
    const encoded: Record<string, unknown> = {}
    for (const [name, column] of columns) {
      const value = given[name] ?? column.default ?? null
      whole[name] = value
      encoded[name] = value === null ? null : column.mapToDriverValue(value)
    }
    const answer: unknown = await statement(db).execute(encoded)
    if (numbered !== undefined) whole[numbered] = engineOf(db).positionOf(answer)
    return whole as T['$inferSelect']
  }
}
