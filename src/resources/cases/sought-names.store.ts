import { eq } from 'drizzle-orm'
import type { Ctx } from '../../core/ctx'
import type { Clause } from '../../db/engine'
import { prepared } from '../../db/prepared'
import { type Filed, fileTexts } from '../../lib/filed-words'
import { holds, soughtTerms } from '../../lib/sought-words'
import { categories } from '../categories/table'
import { wards } from '../wards/table'
import { facet } from './derived/search-entry.store'

const mostNames = 10_000
const mostCouncils = 1_000
/** A word that more wards and categories have in their names, such as "ward", tells nothing about a case. */
const mostMeant = 200

type Named = Filed & { facet: string }

/** The names of a council’s wards and categories, as they were at a revision of its data. */
const known = prepared(() => new Map<string, { revision: number; names: Named[] }>())

/**
 * What a case may be found by for each word that was typed: words of its texts, or its ward or category, where their names hold
 * the word. The names are looked up with every search, so that a new one holds at once.
 */
export async function soughtClauses(ctx: Ctx, typed: string): Promise<Clause[]> {
  const sought = soughtTerms(typed)
  if (sought.length === 0) return []
  const names = await namesOf(ctx)
  return sought.map((terms) => {
    const meant = names.filter((name) => terms.some((term) => holds(name, term)))
    return { terms, facets: meant.length > mostMeant ? [] : meant.map((name) => name.facet) }
  })
}

async function namesOf(ctx: Ctx): Promise<Named[]> {
  const councils = known(ctx.db)
  const kept = councils.get(ctx.tenantId)
  // Without a request there is no revision.
  if (kept && ctx.revision > 0 && kept.revision === ctx.revision) return kept.names
  const names = await readNames(ctx)
  councils.delete(ctx.tenantId)
  if (councils.size >= mostCouncils) councils.delete(councils.keys().next().value as string)
  councils.set(ctx.tenantId, { revision: ctx.revision, names })
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
