import type { Ctx } from '../../../core/ctx'
import { recordFirst } from '../../../core/write'
import { everyMatch } from '../../../db/search'
import type { CursorValue } from '../../../lib/cursor'
import type { CaseFilters } from '../filters'
import type { CaseView, CaseWithNames } from '../model'
import { mayReadResidents, residentsFor, viewFor } from '../residents/service'
import { findPlaces } from '../search.store'
import { getCasesAt, listCases } from '../store'

/** Few enough to be read and written within a millisecond or two, as other requests wait meanwhile. */
const partRows = 10

/**
 * Every matching case in the order of the list, in small parts. The export is recorded first: what cannot be
 * recorded is not exported. `withResidents` has an effect only for callers who may read residents.
 */
export async function exportCases(
  ctx: Ctx,
  filters: CaseFilters,
  withResidents: boolean,
): Promise<AsyncGenerator<CaseView[]>> {
  // The search term may be somebody's name: the record keeps only that there was one.
  const { search, ...others } = filters
  const note = { filters: JSON.stringify({ ...others, isSearched: search !== undefined }) }
  const action = withResidents && mayReadResidents(ctx) ? 'resident.export' : 'case.export'
  await recordFirst(ctx, action, [{ entity: 'case', id: 'export', note }])
  // Searched before the answer begins: a search that takes too long is then refused as such.
  const parts =
    search === undefined ? listedParts(ctx, filters) : foundParts(ctx, await placesOf(ctx, filters, search))
  return visibleParts(ctx, parts, withResidents)
}

async function* visibleParts(
  ctx: Ctx,
  parts: AsyncIterable<CaseWithNames[]>,
  withResidents: boolean,
): AsyncGenerator<CaseView[]> {
  for await (const rows of parts) {
    const residents = withResidents ? await residentsFor(ctx, rows) : new Map()
    yield rows.map((found) => viewFor(ctx, found, residents.get(found.case.id)))
  }
}

async function* listedParts(ctx: Ctx, filters: CaseFilters): AsyncGenerator<CaseWithNames[]> {
  let after: readonly CursorValue[] | null = null
  do {
    const { rows, next } = await listCases(ctx, filters, { kind: 'cursor', pageSize: partRows, after })
    yield rows
    after = next
  } while (after !== null)
}

/** Every match, not only the newest: an export is not ranked. */
const placesOf = (ctx: Ctx, filters: CaseFilters, typed: string): Promise<number[]> =>
  findPlaces(ctx, { ...filters, sort: filters.sort ?? '-createdAt' }, typed, everyMatch)

async function* foundParts(ctx: Ctx, places: readonly number[]): AsyncGenerator<CaseWithNames[]> {
  for (let i = 0; i < places.length; i += partRows) yield await getCasesAt(ctx, places.slice(i, i + partRows))
}
