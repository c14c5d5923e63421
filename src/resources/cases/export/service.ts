import type { Ctx } from '../../../core/ctx'
import { recordReleases } from '../../../core/write'
import type { CursorValue } from '../../../lib/cursor'
import type { CaseFilters } from '../filters'
import type { CaseView } from '../model'
import { mayReadResidents, residentsFor, viewFor } from '../residents/service'
import { findCases } from '../service'

const partRows = 500

/**
 * Every case that matches, in the order of the list, in parts of up to 500. With `withResidents` the residents' fields
 * are among them for those who may read them: the release is put on record before the first part.
 */
export async function* exportCases(
  ctx: Ctx,
  filters: CaseFilters,
  { withResidents }: { withResidents: boolean },
): AsyncGenerator<CaseView[]> {
  if (withResidents && mayReadResidents(ctx)) {
    const note = { filters: JSON.stringify(filters) }
    await recordReleases(ctx, 'resident.export', [{ entity: 'case', id: 'export', note }])
  }
  let after: readonly CursorValue[] | null = null
  do {
    const { rows, next } = await findCases(ctx, filters, { kind: 'cursor', pageSize: partRows, after })
    const residents = withResidents ? await residentsFor(ctx, rows) : new Map()
    yield rows.map((found) => viewFor(ctx, found, residents.get(found.case.id)))
    after = next
  } while (after !== null)
}
