import type { Database } from 'bun:sqlite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import type { Db } from '../dialect'
import { type Engine, runsOn } from '../engine'
import { fullTextIndex } from './search'

const dialect = new SQLiteSyncDialect()

/** One writer at a time, so there is nothing to lock. */
const sqlite: Engine = {
  queryOf: (query) => dialect.sqlToQuery(query),
  // A subquery, because with a bare placeholder in a join or limit SQLite plans the query again for each value, which takes
  // five times as long as the look-up itself.
  placeholder: (name) => sql`(select ${sql.placeholder(name)})`,
  listed: (list) => sql`select value from json_each(${list})`,
  newPosition: sql`null`,
  returnsPosition: false,
  positionOf: (answer) => Number((answer as { lastInsertRowid: number | bigint }).lastInsertRowid),
  lockRow: async () => {},
  tryAdvisoryLock: async () => true,
  search: fullTextIndex,
}

export const databaseOn = (connection: Database): Db => runsOn(drizzle(connection), sqlite)
