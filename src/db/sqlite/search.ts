import { eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Db } from '../dialect'
import type { EngineIndex, Facets, IndexShape } from '../engine'
import { prepared } from '../prepared'

/** Every word is quoted, so that none has a special meaning; the last one also matches as a beginning. */
export const expressionOf = (words: readonly string[]) =>
  `${words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')} *`

const quoted = (facets: readonly string[]) => facets.map((facet) => `"${facet}"`).join(' OR ')

/** Merged in some hundredths of a second. */
const mergedPages = 1_000

/** The merge command itself counts as one. */
const leastChanges = 2

async function changesOf(db: Db): Promise<number> {
  const [row] = await db.values<[number]>(sql`select total_changes()`)
  return Number(row?.[0])
}

export function fullTextIndex({ name, fields }: IndexShape): EngineIndex {
  const columns = ['facets', ...fields]
  const index = sqliteTable(name, {
    position: integer('rowid').primaryKey(),
    ...Object.fromEntries(columns.map((column) => [column, text(column)])),
  })
  const table = sql.identifier(name)
  const within = `{${fields.join(' ')}}`

  const insert = prepared((db: Db) => {
    const values = ['position', ...columns].map((column) => [column, sql.placeholder(column)])
    return db.insert(index).values(Object.fromEntries(values)).prepare()
  })
  const remove = prepared((db: Db) =>
    db
      .delete(index)
      .where(eq(index.position, sql.placeholder('position')))
      .prepare(),
  )
  const expression = (words: readonly string[], facets: Facets) =>
    [...facets.map((group) => `{facets} : (${quoted(group)})`), `${within} : (${expressionOf(words)})`].join(
      ' AND ',
    )

  return {
    put: async (db, at, { facets, texts }) => {
      await insert(db).execute({ ...texts, position: at, facets: facets.join(' ') })
    },
    remove: async (db, at) => {
      await remove(db).execute({ position: at })
    },
    // "optimize" in parts: a negative number makes one level of all segments, then any number merges them (fts5, 6.8).
    compact: async (db, isFirst) => {
      const pages = isFirst ? -mergedPages : mergedPages
      const before = await changesOf(db)
      await db.run(sql`insert into ${table} (${table}, rank) values ('merge', ${pages})`)
      return (await changesOf(db)) - before < leastChanges
    },
    places: (words, facets, limit, narrowing) => {
      const { rows, position, where } = narrowing ?? {}
      const joined = rows && sql`cross join ${rows} on ${position} = ${table}.rowid`
      return sql`select ${table}.rowid as place from ${table} ${joined}
        where ${table} match ${expression(words, facets)} ${where && sql`and ${where}`}
        order by ${table}.rowid desc limit ${limit}`
    },
  }
}
