import type { Ctx } from '../../core/ctx'
import { maxMatches } from '../../db/search'
import { type Found, partOf, type Slice } from '../../lib/page'
import { caseSearch, facetFilters, facetsOf } from './derived/search-entry.store'
import { type CaseFilters, matching } from './filters'
import type { CaseWithNames } from './model'
import { soughtClauses } from './sought-names.store'
import { getCasesAt, orderOf } from './store'

/** Sorted by relevance unless `sort` is given. A cursor holds a place in this ranking, not a key. */
export async function searchCases(
  ctx: Ctx,
  filters: CaseFilters,
  typed: string,
  slice: Slice,
): Promise<Found<CaseWithNames>> {
  const places = await findPlaces(ctx, filters, typed)
  const { start, end, found } = partOf(slice, places.length)
  return { ...found, rows: await getCasesAt(ctx, places.slice(start, end)) }
}

/** Positions of the matches in order; by default of the newest only. */
export async function findPlaces(
  ctx: Ctx,
  filters: CaseFilters,
  typed: string,
  limit = maxMatches,
): Promise<number[]> {
  const clauses = await soughtClauses(ctx, typed)
  const facets = facetsOf(ctx, filters)
  if (clauses.length === 0 || facets.some((group) => group.length === 0)) return []
  const isFiled = Object.entries(filters).every(
    ([name, value]) => value === undefined || facetFilters.has(name),
  )
  const where = isFiled ? undefined : matching(ctx, filters)
  const orderBy = filters.sort && orderOf(filters).orderBy
  const ranking = orderBy ? null : caseSearch.rankingOf(typed)
  const rows = await ctx.slowRead(
    caseSearch.matches(ctx.db, { clauses, facets, where, orderBy, limit }),
    ranking,
  )
  return rows.map(([place]) => Number(place))
}
