import { type AnyColumn, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Condition } from './conditions'
import type { Db } from './dialect'
import { engineOf } from './engine'

/** Query forms cached for each connection; beyond that the oldest is dropped. */
const maxForms = 500

/** A placeholder in a prepared query of this `db`. */
export const bound = (db: Db, name: string): SQL => engineOf(db).placeholder(name)

/** Builds a query once for each connection; for queries of every request or every change. */
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

/** For queries with varying conditions and order: each form is built once for each connection, up to a limit. */
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
      if (queries.size >= maxForms) queries.delete(queries.keys().next().value as string)
      const places = where.values.map((_, i) => bound(db, `value${i}`))
      query = build(db, {
        where: where.build(places, engineOf(db)),
        orderBy: order.orderBy,
        // The builder accepts SQL here too, but its types only allow numbers.
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
 * Inserts one whole row and returns it as stored. Does not use RETURNING, for which SQLite would look through the tables that
 * refer to this one and write a statement journal.
 */
export function preparedInsert<T extends SQLiteTable>(table: T) {
  const columns = Object.entries(getTableColumns(table) as Record<string, AnyColumn>)
  const numbered = columns.find(
    ([, column]) => 'autoIncrement' in column && column.autoIncrement === true,
  )?.[0]
  const statement = prepared((db) => {
    const { newPosition, returnsPosition } = engineOf(db)
    // Encoded below, because a column's own placeholder would call its encoder for null too.
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
