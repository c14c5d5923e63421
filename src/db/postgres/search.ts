import { sql } from 'drizzle-orm'
import { wordsOf } from '../../lib/relevance'
import type { EngineIndex, Facets, IndexEntry, IndexShape } from '../engine'

/** PostgreSQL refuses longer lexemes, and keeps no place beyond. */
const longestWord = 500
const lastPlace = 16_383

/** Words are letters and digits, so nothing in them needs quoting; facets are told from them by their first character. */
const facetLexeme = (facet: string) => `'=${facet}'`

/** A row's words with their places, as a `tsvector` is written. What stands in different texts is never side by side. */
export function vectorOf({ facets, texts }: IndexEntry): string {
  let place = 0
  const words = Object.values(texts).flatMap((text) => {
    place++
    return wordsOf(text ?? '').map(
      (word) => `'${word.slice(0, longestWord)}':${Math.min(++place, lastPlace)}`,
    )
  })
  return [...facets.map(facetLexeme), ...words].join(' ')
}

/** What is looked for, as a `tsquery` is written: the last word also as a beginning. */
function queryOf(words: readonly string[], facets: Facets): string {
  const phrases = words.map((typed, i) => {
    const parts = wordsOf(typed).map((word) => `'${word.slice(0, longestWord)}'`)
    return `(${parts.join(' <-> ')}${i === words.length - 1 ? ':*' : ''})`
  })
  return [...facets.map((group) => `(${group.map(facetLexeme).join(' | ')})`), ...phrases].join(' & ')
}

/** A full-text index as a table of `tsvector`s, made by the same words as the texts are ranked by. */
export function fullTextIndex({ name }: IndexShape): EngineIndex {
  const table = sql.identifier(name)
  return {
    put: async (db, at, entry) => {
      await db.run(sql`insert into ${table} (position, words) values (${at}, ${vectorOf(entry)}::tsvector)`)
    },
    remove: async (db, at) => {
      await db.run(sql`delete from ${table} where position = ${at}`)
    },
    // The server's own vacuum does it.
    compact: async () => {},
    places: (words, facets, limit, narrowing) => {
      const { rows, position, where } = narrowing ?? {}
      const joined = rows && sql`join ${rows} on ${position} = ${table}.position`
      return sql`select ${table}.position as place from ${table} ${joined}
        where words @@ ${queryOf(words, facets)}::tsquery ${where && sql`and ${where}`}
        order by ${table}.position desc limit ${limit < 0 ? null : limit}`
    },
  }
}
