import { type AnyColumn, getTableName, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../dialect'
import { type Engine, runsOn } from '../engine'
import { fullTextIndex } from './search'
import { databaseThrough, dialect, type Rows } from './session'

const listed = (list: SQL, { dataType }: AnyColumn) =>
  sql`select value${sql.raw(dataType === 'number' ? '::bigint' : '')} from jsonb_array_elements_text(${list}::text::jsonb)`

/** Many writers at a time, kept in order by locks. */
const postgres: Engine = {
  queryOf: (query) => dialect.sqlToQuery(query),
  placeholder: (name) => sql`${sql.placeholder(name)}`,
  listed,
  newPosition: sql`default`,
  returnsPosition: true,
  positionOf: (answer) => (answer as { position: number }[])[0]?.position as number,
  lockRow: async (db, table, id) => {
    await db.run(sql`select 1 from ${sql.identifier(getTableName(table))} where id = ${id} for no key update`)
  },
  tryAdvisoryLock: async (db, name) => {
    const rows = await db.values(sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0))`)
    return rows[0]?.[0] === true
  },
  search: fullTextIndex,
}

export const databaseOn = (rows: Rows): Db => runsOn(databaseThrough(rows), postgres)
