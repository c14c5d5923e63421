import type { AnyColumn, SQL } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Filed } from '../lib/filed-words'
import type { Term } from '../lib/sought-words'
import type { Db } from './dialect'

export type EngineName = 'sqlite' | 'postgres'

/** Everything that queries write differently for each engine. */
export type Engine = {
  /** A query's final text and parameters. */
  queryOf: (query: SQL) => { sql: string; params: unknown[] }
  /** A value supplied when a prepared query runs. */
  placeholder: (name: string) => SQL
  /** The values of a JSON list, for comparison with the column. */
  listed: (list: SQL, column: AnyColumn) => SQL
  /** Placeholder in an insert for the position that the store assigns to the new row. */
  newPosition: SQL
  /** True if an insert needs a RETURNING clause to learn the new row's position. */
  returnsPosition: boolean
  /** The new row's position, from an insert's result. */
  positionOf: (answer: unknown) => number
  /** Stops others changing the row with this id until the transaction ends. */
  lockRow: (db: Db, table: SQLiteTable, id: string) => Promise<void>
  /** Locks this name until the transaction ends; false if another transaction holds it. */
  tryAdvisoryLock: (db: Db, name: string) => Promise<boolean>
  search: SearchEngine
}

/** Groups of facets: a row matches if it has at least one facet of every group. */
export type Facets = readonly (readonly string[])[]

/** What the index stores for a row: words that both engines take unchanged. */
export type IndexEntry = Filed & { facets: readonly string[] }

/** A row matches if it holds one of the terms or has one of the facets. */
export type Clause = { terms: readonly Term[]; facets: readonly string[] }

/** A condition on the indexed rows themselves, which are joined to the index. */
export type Narrowing = { rows: SQLiteTable; position: AnyColumn; where: SQL }

/** A full-text index as one engine implements it. */
export type EngineIndex = {
  put(db: Db, at: number, entry: IndexEntry): Promise<void>
  remove(db: Db, at: number): Promise<void>
  /** Does a part of the work, with `isFirst` the first; true if nothing is left to do. */
  compact(db: Db, isFirst: boolean): Promise<boolean>
  /** Positions of the newest rows that match every clause, in a column `place`; no limit if it is `everyMatch`. */
  places(clauses: readonly Clause[], facets: Facets, limit: number, narrowing?: Narrowing): SQL
}

export type SearchEngine = (name: string) => EngineIndex

const engines = new WeakMap<Db, Engine>()

/** Registers the engine that queries of this `db` run on. */
export function runsOn(db: Db, engine: Engine): Db {
  engines.set(db, engine)
  return db
}

export function engineOf(db: Db): Engine {
  const engine = engines.get(db)
  if (!engine) throw new Error('A database was opened without its engine')
  return engine
}
