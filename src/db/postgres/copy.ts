import { sql } from 'drizzle-orm'
import { type CopiedTable, columnList } from '../copied-table'
import type { Db } from '../dialect'
import { toAppError } from '../faults'
import type { StorePlace } from '../store'
import { addressOf, openPool, rowsOf } from './connection'
import { databaseOn } from './engine'

/** Runs long work in one transaction, in which rows may refer to rows inserted later. */
export async function inOneTransaction<T>(place: StorePlace, work: (db: Db) => Promise<T>): Promise<T> {
  const pool = openPool(addressOf(place), { max: 1, idleSeconds: 0 })
  try {
    await pool.unsafe('begin')
    await pool.unsafe('set constraints all deferred')
    const result = await work(databaseOn(rowsOf(pool)))
    await pool.unsafe('commit')
    return result
  } catch (error) {
    throw toAppError(error)
  } finally {
    // Closing the connection rolls back what was not committed.
    await pool.close()
  }
}

/** Of the tables that the migrations have made. */
export async function tableNames(db: Db): Promise<string[]> {
  const found = await db.values<[string]>(
    sql`select table_name from information_schema.tables where table_schema = current_schema()`,
  )
  return found.map(([name]) => name)
}

/** Inserts rows as JSON objects, which take their types from the table's columns. */
export async function insertRows(
  db: Db,
  { name, columns }: CopiedTable,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])))
  const table = sql.identifier(name)
  await db.run(
    sql`insert into ${table} (${columnList(columns)}) select ${columnList(columns)}
      from jsonb_populate_recordset(null::${table}, ${JSON.stringify(objects)}::text::jsonb)`,
  )
}

/** Identity columns continue after the highest copied number. */
export async function continueNumbering(db: Db): Promise<void> {
  const numbered = await db.values<[string, string]>(
    sql`select table_name, column_name from information_schema.columns
      where table_schema = current_schema() and is_identity = 'YES'`,
  )
  for (const [table, column] of numbered) {
    const [name, place] = [sql.identifier(table), sql.identifier(column)]
    await db.run(
      sql`select setval(pg_get_serial_sequence(${table}, ${column}), max(${place})) from ${name} having max(${place}) is not null`,
    )
  }
}
