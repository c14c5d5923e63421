import { type AnyColumn, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './dialect'

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

/** An insert of one whole row that returns it, built once a connection. */
export function preparedInsert<T extends SQLiteTable>(table: T) {
  const columns = Object.entries(getTableColumns(table) as Record<string, AnyColumn>)
  // Encoded here: a placeholder of a column would call its encoder for null too.
  const raw = Object.fromEntries(columns.map(([name]) => [name, sql`${sql.placeholder(name)}`])) as Record<
    string,
    SQL
  >
  const statement = prepared((db) =>
    db
      .insert(table as SQLiteTable)
      .values(raw)
      .returning()
      .prepare(),
  )
  return async (db: Db, row: T['$inferInsert']): Promise<T['$inferSelect']> => {
    const given = row as Record<string, unknown>
    const encoded = columns.map(([name, column]) => {
      const value = given[name] ?? column.default ?? null
      return [name, value === null ? null : column.mapToDriverValue(value)]
    })
    const [inserted] = await statement(db).execute(Object.fromEntries(encoded))
    return inserted as T['$inferSelect']
  }
}
