import { sql } from 'drizzle-orm'
import { type CopiedTable, columnList } from '../copied-table'
import type { Db } from '../dialect'
import { toAppError } from '../faults'
import type { StorePlace } from '../store'
import { addressOf, openPool, rowsOf } from './connection'
import { databaseOn } from './engine'

/**
 * Runs the work in one transaction, however long it takes: all of it is kept or nothing. Rows may refer to others that
 * come later.
 */
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
    // What was not committed goes with the connection.
    await pool.close()
  }
}

/** Puts rows in as JSON objects, to which the table's own columns give their types. */
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

/** Lets every table that numbers its rows go on after the last number that was given. */
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
