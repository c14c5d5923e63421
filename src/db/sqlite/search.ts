import { eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Term } from '../../lib/sought-words'
import type { Db } from '../dialect'
import type { Clause, EngineIndex, Facets, IndexEntry } from '../engine'
import { prepared } from '../prepared'

/** Words are letters and digits, which the index splits at spaces alone; the `=` tells facets from them. */
const facetWord = (facet: string) => `=${facet}`
/** No word that anybody types. */
const gap = '='

/** The two columns of a row. */
export const columnsOf = ({ facets, words, forms }: IndexEntry): { words: string; forms: string } => ({
  words: words.map((word) => word || gap).join(' '),
  forms: [...facets.map(facetWord), ...forms].join(' '),
})

const termOf = ({ words, isBeginning }: Term) =>
  `${words.length > 1 ? 'words : ' : ''}"${words.join(' ')}"${isBeginning ? ' *' : ''}`

const either = (choices: readonly string[]) => `(${choices.join(' OR ')})`
const quoted = (facets: readonly string[]) => facets.map((facet) => `"${facetWord(facet)}"`)

const expressionOf = (clauses: readonly Clause[], groups: Facets) =>
  [
    ...groups.map((facets) => either(quoted(facets))),
    ...clauses.map(({ terms, facets }) => either([...terms.map(termOf), ...quoted(facets)])),
  ].join(' AND ')

/** Merged in some hundredths of a second. */
const mergedPages = 1_000

/** The merge command itself counts as one. */
const leastChanges = 2

async function changesOf(db: Db): Promise<number> {
  const [row] = await db.values<[number]>(sql`select total_changes()`)
  return Number(row?.[0])
}

export function fullTextIndex(name: string): EngineIndex {
  const index = sqliteTable(name, {
    position: integer('rowid').primaryKey(),
    words: text('words'),
    forms: text('forms'),
  })
  const table = sql.identifier(name)

  const insert = prepared((db: Db) => {
    const [position, words, forms] = ['position', 'words', 'forms'].map((column) => sql.placeholder(column))
    return db.insert(index).values({ position, words, forms }).prepare()
  })
  const remove = prepared((db: Db) =>
    db
      .delete(index)
      .where(eq(index.position, sql.placeholder('position')))
      .prepare(),
  )

  return {
    put: async (db, at, entry) => {
      await insert(db).execute({ position: at, ...columnsOf(entry) })
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
    places: (clauses, facets, limit, narrowing) => {
      const { rows, position, where } = narrowing ?? {}
      const joined = rows && sql`cross join ${rows} on ${position} = ${table}.rowid`
      return sql`select ${table}.rowid as place from ${table} ${joined}
        where ${table} match ${expressionOf(clauses, facets)} ${where && sql`and ${where}`}
        order by ${table}.rowid desc limit ${limit}`
    },
  }
}
