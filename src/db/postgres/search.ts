import { sql } from 'drizzle-orm'
import { foldedWords } from '../../lib/fold'
import type { EngineIndex, Facets, IndexEntry, IndexShape } from '../engine'

/** PostgreSQL's limits for lexemes and positions. */
const longestWord = 500
const lastPlace = 16_383

/** Words are letters and digits and need no escaping; the `=` tells facets from them. */
const facetLexeme = (facet: string) => `'=${facet}'`

/** A `tsvector` in text form. A gap between texts keeps a phrase from matching across two of them. */
export function vectorOf({ facets, texts }: IndexEntry): string {
  let place = 0
  const words = Object.values(texts).flatMap((text) => {
    place++
    return foldedWords(text ?? '').map(
      (word) => `'${word.slice(0, longestWord)}':${Math.min(++place, lastPlace)}`,
    )
  })
  return [...facets.map(facetLexeme), ...words].join(' ')
}

/** A `tsquery` in text form; the last word also matches as a beginning. */
function queryOf(words: readonly string[], facets: Facets): string {
  const phrases = words.map((typed, i) => {
    const parts = foldedWords(typed).map((word) => `'${word.slice(0, longestWord)}'`)
    return `(${parts.join(' <-> ')}${i === words.length - 1 ? ':*' : ''})`
  })
  return [...facets.map((group) => `(${group.map(facetLexeme).join(' | ')})`), ...phrases].join(' & ')
}

/** A table of `tsvector`s, split into words in the same way as for ranking. */
export function fullTextIndex({ name }: IndexShape): EngineIndex {
  const table = sql.identifier(name)
  return {
    put: async (db, at, entry) => {
      await db.run(sql`insert into ${table} (position, words) values (${at}, ${vectorOf(entry)}::tsvector)`)
    },
    remove: async (db, at) => {
      await db.run(sql`delete from ${table} where position = ${at}`)
    },
    // The server's vacuum does that.
    compact: async () => true,
    places: (words, facets, limit, narrowing) => {
      const { rows, position, where } = narrowing ?? {}
      const joined = rows && sql`join ${rows} on ${position} = ${table}.position`
      return sql`select ${table}.position as place from ${table} ${joined}
        where words @@ ${queryOf(words, facets)}::tsquery ${where && sql`and ${where}`}
        order by ${table}.position desc limit ${limit < 0 ? null : limit}`
    },
  }
}
