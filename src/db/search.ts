import { type AnyColumn, eq, type SQL, sql } from 'drizzle-orm'
import { integer, type SQLiteTable, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Ranking } from '../lib/relevance'
import type { Condition } from './conditions'
import type { Db } from './dialect'
import { prepared } from './prepared'

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

/** The words as an expression that can only be right: every one quoted, the last one also as a beginning. */
export const expressionOf = (words: readonly string[]) =>
  `${words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')} *`

/** What a row is filed under besides its words: it is found where it has one facet of each group. */
export type Facets = readonly (readonly string[])[]

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
  const names = Object.keys(fields)
  const columns = {
    facets: text('facets'),
    ...Object.fromEntries(names.map((field) => [field, text(field)])),
  }
  const index = sqliteTable(name, { position: integer('rowid').primaryKey(), ...columns })
  const table = sql.identifier(name)
  const within = `{${names.join(' ')}}`

  const insert = prepared((db: Db) =>
    db
      .insert(index)
      .values(
        Object.fromEntries(
          ['position', ...Object.keys(columns)].map((column) => [column, sql.placeholder(column)]),
        ),
      )
      .prepare(),
  )
  const remove = prepared((db: Db) =>
    db
      .delete(index)
      .where(eq(index.position, sql.placeholder('position')))
      .prepare(),
  )

  const quoted = (facets: readonly string[]) => facets.map((facet) => `"${facet}"`).join(' OR ')

  const expression = ({ words, facets }: Search) =>
    [...facets.map((group) => `{facets} : (${quoted(group)})`), `${within} : (${expressionOf(words)})`].join(
      ' AND ',
    )

  return {
    name,
    /** Files a row under its words and facets. */
    put: async (
      db: Db,
      at: number,
      facets: readonly string[],
      texts: Record<string, string | null>,
    ): Promise<void> => {
      await insert(db).execute({ ...texts, position: at, facets: facets.join(' ') })
    },
    remove: async (db: Db, at: number): Promise<void> => {
      await remove(db).execute({ position: at })
    },
    /** Puts the index together anew: until then it only marks what is removed. */
    compact: async (db: Db): Promise<void> => {
      await db.run(sql`insert into ${table} (${table}) values ('optimize')`)
    },
    /** How matches are ranked that are asked for in no other order. */
    rankingOf: (words: readonly string[]): Ranking => ({
      words,
      weights: Object.values(fields).map(({ weight }) => weight),
    }),
    /** Positions of the newest matches in the order that is asked for; where none is, with the texts to rank them by. */
    matches: (search: Search): SQL => {
      const { where, orderBy, limit = maxMatches } = search
      const rest = where?.build(where.values.map((value) => sql`${value}`))
      const joined = rest && sql`cross join ${rows} on ${position} = ${table}.rowid`
      const found = sql`with found as materialized (
        select ${table}.rowid as place from ${table} ${joined}
        where ${table} match ${expression(search)} ${rest && sql`and ${rest}`}
        order by ${table}.rowid desc limit ${limit})`
      if (orderBy) {
        const order = sql.join([...orderBy], sql`, `)
        return sql`${found} select ${position} from ${rows} where ${position} in found order by ${order}`
      }
      const texts = sql.join(
        Object.values(fields).map(({ column }) => sql`${column}`),
        sql`, `,
      )
      return sql`${found} select ${position}, ${texts} from ${rows} where ${position} in found
        order by ${position} desc`
    },
  }
}
