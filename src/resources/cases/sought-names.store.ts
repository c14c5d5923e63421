import { eq } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import type { Clause } from '../../db/engine'
import { prepared } from '../../db/prepared'
import { type Filed, fileTexts } from '../../lib/filed-words'
import { holdsRun, soughtTerms, type Term } from '../../lib/sought-words'
import { categories } from '../categories/table'
import { wards } from '../wards/table'
import { facet } from './derived/search-entry.store'

const mostNames = 10_000
const mostCouncils = 1_000
/** A word that more wards and categories have in their names, such as "ward", tells nothing about a case. */
const mostMeant = 200

type Named = Filed & { facet: string }

/** The names of a council’s wards and categories, and which of them hold a word. */
type Names = { revision: number; byWord: Map<string, Named[]> }

const known = prepared(() => new Map<string, Names>())

/**
 * What a case may be found by for each word that was typed: words of its texts, or its ward or category, where their names hold
 * the word. The names are looked up with every search, so that a new one holds at once.
 */
export async function soughtClauses(ctx: Ctx, typed: string): Promise<Clause[]> {
  const sought = soughtTerms(typed)
  if (sought.length === 0) return []
  const { byWord } = await namesOf(ctx)
  return sought.map((terms) => {
    const meant = new Set(terms.flatMap((term) => namesWith(byWord, term)).map(({ facet: id }) => id))
    return { terms, facets: meant.size > mostMeant ? [] : [...meant] }
  })
}

function namesWith(byWord: Names['byWord'], term: Term): Named[] {
  const [first = '', ...rest] = term.words
  if (rest.length > 0) return (byWord.get(first) ?? []).filter(({ words }) => holdsRun(words, term))
  if (!term.isBeginning) return byWord.get(first) ?? []
  return [...byWord].flatMap(([word, names]) => (word.startsWith(first) ? names : []))
}

/** Kept until the council’s data changes; without a request its revision is not known. */
async function namesOf(ctx: Ctx): Promise<Names> {
  const councils = known(ctx.db)
  const kept = councils.get(ctx.tenantId)
  if (kept && ctx.revision > 0 && kept.revision === ctx.revision) return kept
  const names: Names = { revision: ctx.revision, byWord: new Map() }
  for (const name of await readNames(ctx)) {
    for (const word of new Set([...name.words, ...name.forms])) {
      const holding = names.byWord.get(word)
      if (holding) holding.push(name)
      else names.byWord.set(word, [name])
    }
  }
  councils.delete(ctx.tenantId)
  if (councils.size >= mostCouncils) councils.delete(councils.keys().next().value as string)
  councils.set(ctx.tenantId, names)
  return names
}

async function readNames({ db, tenantId }: Ctx): Promise<Named[]> {
  const ofWards = await db
    .select({ id: wards.id, name: wards.name, nameCy: wards.nameCy })
    .from(wards)
    .where(eq(wards.tenantId, tenantId))
    .limit(mostNames)
  const ofCategories = await db
    .select({ id: categories.id, name: categories.name })
    .from(categories)
    .where(eq(categories.tenantId, tenantId))
    .limit(mostNames)
  return [
    ...ofWards.map(({ id, name, nameCy }) => ({ facet: facet.ward(id), ...filed(name, nameCy) })),
    ...ofCategories.map(({ id, name }) => ({ facet: facet.category(id), ...filed(name, null) })),
  ]
}

const mostFiled = 20_000
const filedNames = new Map<string, Filed>()

/** Every change of the council’s data makes a new revision, and hardly one of them a new name. */
function filed(...names: (string | null)[]): Filed {
  const key = names.join('\n')
  const entry = filedNames.get(key) ?? fileTexts(names)
  if (filedNames.size >= mostFiled) filedNames.clear()
  filedNames.set(key, entry)
  return entry
}
