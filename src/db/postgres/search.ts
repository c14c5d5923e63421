import { sql } from 'drizzle-orm'
import type { Term } from '../../lib/sought-words'
import type { Clause, EngineIndex, Facets, IndexEntry } from '../engine'

/** Far from every word, so that no form is part of a phrase. */
const lastPlace = 16_383

/** Words are letters and digits and need no escaping; the `=` tells facets from them. */
const facetLexeme = (facet: string) => `'=${facet}'`

/** A `tsvector` in text form. */
export const vectorOf = ({ facets, words, forms }: IndexEntry): string =>
  [
    ...facets.map(facetLexeme),
    ...words.flatMap((word, i) => (word === '' ? [] : `'${word}':${i + 1}`)),
    ...forms.map((form) => `'${form}':${lastPlace}`),
  ].join(' ')

const termOf = ({ words, isBeginning }: Term) =>
  `(${words.map((word) => `'${word}'`).join(' <-> ')}${isBeginning ? ':*' : ''})`

const either = (choices: readonly string[]) => `(${choices.join(' | ')})`

/** A `tsquery` in text form. */
const queryOf = (clauses: readonly Clause[], groups: Facets) =>
  [
    ...groups.map((facets) => either(facets.map(facetLexeme))),
    ...clauses.map(({ terms, facets }) => either([...terms.map(termOf), ...facets.map(facetLexeme)])),
  ].join(' & ')

/** A table of `tsvector`s. */
export function fullTextIndex(name: string): EngineIndex {
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
    places: (clauses, facets, limit, narrowing) => {
      const { rows, position, where } = narrowing ?? {}
      const joined = rows && sql`join ${rows} on ${position} = ${table}.position`
      return sql`select ${table}.position as place from ${table} ${joined}
        where words @@ ${queryOf(clauses, facets)}::tsquery ${where && sql`and ${where}`}
        order by ${table}.position desc limit ${limit < 0 ? null : limit}`
    },
  }
}
