import type { AnyColumn, SQL } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './dialect'
import type { SearchEngine } from './search'

export type EngineName = 'sqlite' | 'postgres'

/** What queries say differently on each engine. All else they say alike. */
export type Engine = {
  /** A query as the engine is given it. */
  queryOf: (query: SQL) => { sql: string; params: unknown[] }
  /** A value that is given when the query runs. */
  placeholder: (name: string) => SQL
  /** The values of a list that is given as JSON, to compare the column with. */
  listed: (list: SQL, column: AnyColumn) => SQL
  /** Compares with a pattern, whatever the case of plain letters. */
  like: SQL
  /** Stands for the position that the store gives a new row. */
  newPosition: SQL
  /** Whether an insert is asked to return the position that its row was given. */
  returnsPosition: boolean
  /** The position that an insert's answer tells. */
  positionOf: (answer: unknown) => number
  /** Keeps others from changing the row with this id until the transaction ends. */
  lockRow: (db: Db, table: SQLiteTable, id: string) => Promise<void>
  /** Takes this word for the transaction; false where another transaction has it. */
  tryWord: (db: Db, word: string) => Promise<boolean>
  search: SearchEngine
}

const engines = new WeakMap<Db, Engine>()

/** Says on which engine queries of this `db` run. */
export function runsOn(db: Db, engine: Engine): Db {
  engines.set(db, engine)
  return db
}

export function engineOf(db: Db): Engine {
  const engine = engines.get(db)
  if (!engine) throw new Error('A database was opened without its engine')
  return engine
}
