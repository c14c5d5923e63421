import { Column, is, type Query } from 'drizzle-orm'
import {
  BaseSQLiteDatabase,
  type SelectedFieldsOrdered,
  SQLiteAsyncDialect,
  type SQLiteExecuteMethod,
} from 'drizzle-orm/sqlite-core'
import { RemotePreparedQuery, SQLiteRemoteSession } from 'drizzle-orm/sqlite-proxy'
import type { Db } from '../dialect'

/** Runs a statement; rows as lists of values. */
export type Rows = (statement: string, params: readonly unknown[]) => Promise<unknown[][]>

/** Both engines store columns in the same form and understand the same statements, except for how parameters are written. */
class Dialect extends SQLiteAsyncDialect {
  override escapeParam(index: number): string {
    return `$${index + 1}`
  }
}

export const dialect = new Dialect()

class Prepared extends RemotePreparedQuery {
  /** Drizzle would put values into error messages, and so personal data into logs. */
  queryWithCache<T>(_statement: string, _params: unknown[], query: () => Promise<T>): Promise<T> {
    return query()
  }
}

class Session extends SQLiteRemoteSession<Record<string, never>, Record<string, never>> {
  readonly #rows: Rows

  constructor(rows: Rows) {
    super(async () => ({ rows: [] }), dialect, undefined)
    this.#rows = rows
  }

  override prepareQuery(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    method: SQLiteExecuteMethod,
    isArray: boolean,
  ) {
    // The driver returns 64-bit integers as text.
    const wide = (fields ?? []).flatMap(({ field }, i) =>
      is(field, Column) && (field.dataType === 'number' || field.dataType === 'date') ? [i] : [],
    )
    const run = async (statement: string, params: unknown[]) => {
      const rows = await this.#rows(statement, params)
      for (const row of rows) for (const i of wide) if (typeof row[i] === 'string') row[i] = Number(row[i])
      return { rows: method === 'get' ? (rows[0] as unknown[]) : rows }
    }
    const { logger, cache } = this as unknown as { logger: never; cache: never }
    // biome-ignore lint/suspicious/noExplicitAny: the result's type is known only where the query is built.
    return new Prepared(run, query, logger, cache, undefined, undefined, fields, method, isArray) as any
  }
}

export const databaseThrough = (rows: Rows): Db =>
  new BaseSQLiteDatabase('async', dialect, new Session(rows), undefined) as unknown as Db
