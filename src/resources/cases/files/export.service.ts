import type { Ctx } from '../../../core/ctx'
import { recordFirst } from '../../../core/write'
import { everyMatch } from '../../../db/search'
import type { CursorValue } from '../../../lib/cursor'
import type { CaseFilters } from '../filters'
import type { CaseView, CaseWithNames } from '../model'
import { mayReadResidents, residentsFor, viewFor } from '../residents/service'
import { findPlaces } from '../search.store'
import { getCasesAt, listCases } from '../store'

const partRows = 500

/**
 * Every matching case in the order of the list, in parts of up to 500. The export is recorded first: what cannot be
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
  return visibleParts(ctx, filters, withResidents)
}

async function* visibleParts(
  ctx: Ctx,
  filters: CaseFilters,
  withResidents: boolean,
): AsyncGenerator<CaseView[]> {
  const { search } = filters
  const parts = search === undefined ? listedParts(ctx, filters) : foundParts(ctx, filters, search)
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
async function* foundParts(ctx: Ctx, filters: CaseFilters, typed: string): AsyncGenerator<CaseWithNames[]> {
  const places = await findPlaces(ctx, { ...filters, sort: filters.sort ?? '-createdAt' }, typed, everyMatch)
  for (let i = 0; i < places.length; i += partRows) yield await getCasesAt(ctx, places.slice(i, i + partRows))
}
