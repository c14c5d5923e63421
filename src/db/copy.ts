import { type SQL, sql } from 'drizzle-orm'
import { AppError, conflict } from '../lib/errors'
import { sha256 } from '../lib/hash'
import { type CopiedTable, columnList } from './copied-table'
import type { Db } from './dialect'
import { insertRows } from './postgres/copy'

/** Row count, and SHA-256 over the rows in key order. */
export type TableSum = { table: string; rows: number; checksum: string }

type Row = readonly unknown[]

const perRead = 1_000

export async function assertEmpty(db: Db, tables: readonly CopiedTable[]): Promise<void> {
  for (const { name } of tables) {
    const found = await db.values(sql`select 1 from ${sql.identifier(name)} limit 1`)
    if (found.length > 0) throw conflict(`The target is not empty: there are rows in ${name}`)
  }
}

/** Reads the copy back and throws if it differs. */
export async function copyTable(from: Db, to: Db, table: CopiedTable): Promise<TableSum> {
  const source = await sumOf(from, table, (rows) => insertRows(to, table, rows))
  const target = await sumOf(to, table, async () => {})
  if (source.rows !== target.rows || source.checksum !== target.checksum) {
    throw new AppError(
      'internal',
      `${table.name} differs after the copy: ${source.rows} rows (${source.checksum}) became ${target.rows} (${target.checksum}); nothing was copied`,
    )
  }
  return target
}

async function sumOf(
  db: Db,
  table: CopiedTable,
  onRows: (rows: readonly Row[]) => Promise<void>,
): Promise<TableSum> {
  let [total, sum] = [0, '']
  for await (const rows of partsOf(db, table)) {
    total += rows.length
    // As text, because an engine may return large numbers as text.
    sum = sha256(
      sum + JSON.stringify(rows.map((row) => row.map((value) => (value === null ? null : String(value))))),
    )
    await onRows(rows)
  }
  return { table: table.name, rows: total, checksum: sum }
}

async function* partsOf(db: Db, { name, columns, key }: CopiedTable): AsyncGenerator<Row[]> {
  const places = key.map((column) => columns.indexOf(column))
  let after: SQL | undefined
  for (;;) {
    const rows: Row[] = await db.values(
      sql`select ${columnList(columns)} from ${sql.identifier(name)} ${after} order by ${columnList(key)} limit ${perRead}`,
    )
    const last = rows.at(-1)
    if (!last) return
    yield rows
    const values = sql.join(
      places.map((place) => sql`${last[place]}`),
      sql`, `,
    )
    after = sql`where (${columnList(key)}) > (${values})`
  }
}
