import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Digest } from '../lib/digest'
import type { Condition } from './conditions'
import type { Db } from './dialect'
import { type Clause, type Engine, type EngineIndex, engineOf, type Facets, type IndexEntry } from './engine'

/** Only the newest matches are ranked or counted. */
export const maxMatches = 5_000
export const everyMatch = -1

export type Search = {
  clauses: readonly Clause[]
  facets: Facets
  /** On the rows themselves. */
  where?: Condition | undefined
  /** Default: by relevance. */
  orderBy?: readonly SQL[] | undefined
  limit?: number
}

/** `weight` is how much a word in the column counts for relevance. */
export type RankedField = { column: AnyColumn; weight: number }

/**
 * A full-text index of a table’s rows, by their growing `position`. It stores no copy of the texts: to rank matches, it reads
 * the rows’ own texts in `fields`.
 */
export function searchIndex(
  name: string,
  rows: SQLiteTable,
  position: AnyColumn,
  fields: readonly RankedField[],
) {
  const indexes = new Map<Engine, EngineIndex>()
  const on = (engine: Engine): EngineIndex => {
    const index = indexes.get(engine) ?? engine.search(name)
    indexes.set(engine, index)
    return index
  }
  const texts = sql.join(
    fields.map(({ column }) => sql`${column}`),
    sql`, `,
  )
  return {
    name,
    put: (db: Db, at: number, entry: IndexEntry) => on(engineOf(db)).put(db, at, entry),
    remove: (db: Db, at: number) => on(engineOf(db)).remove(db, at),
    /** Rebuilds an index in which the engine has only marked removals, part by part: true if nothing is left to do. */
    compact: (db: Db, isFirst: boolean) => on(engineOf(db)).compact(db, isFirst),
    /** Ranks the rows that `matches` returns without `orderBy`. */
    rankingOf: (typed: string): Digest => ({
      kind: 'relevance',
      typed,
      weights: fields.map(({ weight }) => weight),
    }),
    /** Positions of the newest matches, in the order of `orderBy`; without it, with the texts to rank them by. */
    matches: (db: Db, { clauses, facets, where, orderBy, limit = maxMatches }: Search): SQL => {
      const engine = engineOf(db)
      const narrowing = where && {
        rows,
        position,
        where: where.build(
          where.values.map((value) => sql`${value}`),
          engine,
        ),
      }
      const found = sql`with found as materialized (${on(engine).places(clauses, facets, limit, narrowing)})`
      const isFound = sql`${position} in (select place from found)`
      if (orderBy) {
        const order = sql.join([...orderBy], sql`, `)
        return sql`${found} select ${position} from ${rows} where ${isFound} order by ${order}`
      }
      return sql`${found} select ${position}, ${texts} from ${rows} where ${isFound} order by ${position} desc`
    },
  }
}
