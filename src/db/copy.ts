import { type SQL, sql } from 'drizzle-orm'
import { AppError, conflict } from '../lib/errors'
import { sha256 } from '../lib/hash'
import { type CopiedTable, columnList } from './copied-table'
import type { Db } from './dialect'
import { insertRows } from './postgres/copy'

/** What a table held: how many rows, and SHA-256 over them in the order of their key. */
export type TableSum = { table: string; rows: number; checksum: string }

type Row = readonly unknown[]

const rowsAtOnce = 1_000

/** Throws where a table holds a row. */
export async function assertEmpty(db: Db, tables: readonly CopiedTable[]): Promise<void> {
  for (const { name } of tables) {
    const found = await db.values(sql`select 1 from ${sql.identifier(name)} limit 1`)
    if (found.length > 0) throw conflict(`The target is not empty: there are rows in ${name}`)
  }
}

/** Copies a table and compares what then stands there with what was read. */
export async function copyTable(from: Db, to: Db, table: CopiedTable): Promise<TableSum> {
  const given = await sumOf(from, table, (rows) => insertRows(to, table, rows))
  const kept = await sumOf(to, table, async () => {})
  if (given.rows !== kept.rows || given.checksum !== kept.checksum) {
    throw new AppError(
      'internal',
      `${table.name} differs after the copy: ${given.rows} rows (${given.checksum}) became ${kept.rows} (${kept.checksum}); nothing was kept`,
    )
  }
  return kept
}

async function sumOf(
  db: Db,
  table: CopiedTable,
  onRows: (rows: readonly Row[]) => Promise<void>,
): Promise<TableSum> {
  let [total, sum] = [0, '']
  for await (const rows of partsOf(db, table)) {
    total += rows.length
    // As text: an engine may tell a large number as one.
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
      sql`select ${columnList(columns)} from ${sql.identifier(name)} ${after} order by ${columnList(key)} limit ${rowsAtOnce}`,
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
