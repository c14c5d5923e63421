import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Digest } from '../lib/digest'
import type { Condition } from './conditions'
import type { Db } from './dialect'
import {
  type Engine,
  type EngineIndex,
  engineOf,
  type Facets,
  type IndexEntry,
  type IndexShape,
} from './engine'

/** Only so many matches are ranked or counted, the newest. */
export const maxMatches = 5_000
export const everyMatch = -1

const hasText = /[\p{L}\p{N}]/u
const maxWords = 30

/**
 * The words that a person typed: what stands between spaces, of which words joined by anything else are found in this
 * order, side by side. Thirty at most.
 */
export const searchWords = (typed: string): string[] =>
  typed
    .split(/\s+/u)
    .filter((word) => hasText.test(word))
    .slice(0, maxWords)

export type Search = {
  words: readonly string[]
  facets: Facets
  /** Conditions on the rows themselves, and the order where it is not that of relevance. */
  where?: Condition | undefined
  orderBy?: readonly SQL[] | undefined
  limit?: number
}

/** A column of the rows whose words are found, and how much a word in it counts. */
export type Field = { column: AnyColumn; weight: number }

/**
 * A full-text index beside a table, whose rows it knows by their growing `position`. `fields` are its columns,
 * by name; it keeps no text of its own.
 */
export function searchIndex(
  name: string,
  rows: SQLiteTable,
  position: AnyColumn,
  fields: Record<string, Field>,
) {
  const shape: IndexShape = { name, fields: Object.keys(fields) }
  const kept = new Map<Engine, EngineIndex>()
  const on = (engine: Engine): EngineIndex => {
    const index = kept.get(engine) ?? engine.search(shape)
    kept.set(engine, index)
    return index
  }
  const texts = sql.join(
    Object.values(fields).map(({ column }) => sql`${column}`),
    sql`, `,
  )
  return {
    name,
    /** Files a row under its words and facets. */
    put: (db: Db, at: number, entry: IndexEntry) => on(engineOf(db)).put(db, at, entry),
    remove: (db: Db, at: number) => on(engineOf(db)).remove(db, at),
    /** Puts the index together anew, where the engine else only marks what is removed. */
    compact: (db: Db) => on(engineOf(db)).compact(db),
    /** How matches are ranked that are asked for in no other order. */
    rankingOf: (words: readonly string[]): Digest => ({
      kind: 'relevance',
      words,
      weights: Object.values(fields).map(({ weight }) => weight),
    }),
    /** Positions of the newest matches in the order that is asked for; where none is, with the texts to rank them by. */
    matches: (db: Db, { words, facets, where, orderBy, limit = maxMatches }: Search): SQL => {
      const engine = engineOf(db)
      const narrowing = where && {
        rows,
        position,
        where: where.build(
          where.values.map((value) => sql`${value}`),
          engine,
        ),
      }
      const found = sql`with found as materialized (${on(engine).places(words, facets, limit, narrowing)})`
      const isFound = sql`${position} in (select place from found)`
      if (orderBy) {
        const order = sql.join([...orderBy], sql`, `)
        return sql`${found} select ${position} from ${rows} where ${isFound} order by ${order}`
      }
      return sql`${found} select ${position}, ${texts} from ${rows} where ${isFound} order by ${position} desc`
    },
  }
}
