import type { Ctx } from '../../core/ctx'
import { recordFirst } from '../../core/write'
import { AppError } from '../../lib/errors'
import { countByWard } from '../cases/derived/counters.store'
import { findWardAt } from './find.store'
import { type CaseCounts, type ExportedWard, toView, type WardLookup } from './model'
import { listAllWards } from './store'
import type { WardRow } from './table'

/** The smallest kind of area comes first; throws if there is none. */
export async function getWardAt(ctx: Ctx, lookup: WardLookup): Promise<WardRow> {
  const ward = await findWardAt(ctx, lookup)
  if (ward) return ward
  const { latitude, longitude } = lookup
  throw new AppError('not_found', 'This point lies in no ward of the council', { latitude, longitude })
}

const none: CaseCounts = { open: 0, in_progress: 0, resolved: 0, closed: 0, total: 0 }

/** Wards in use with the counts of cases that the caller may see. The export itself is recorded first. */
export async function exportWards(ctx: Ctx): Promise<AsyncGenerator<ExportedWard[]>> {
  await recordFirst(ctx, 'ward.export', [{ entity: 'ward', id: 'export' }])
  return exportedWards(ctx)
}

async function* exportedWards(ctx: Ctx): AsyncGenerator<ExportedWard[]> {
  const counts = new Map<string, CaseCounts>()
  for (const { wardId, status, total } of await countByWard(ctx)) {
    const known = counts.get(wardId) ?? none
    counts.set(wardId, { ...known, [status]: known[status] + total, total: known.total + total })
  }
  const rows = (await listAllWards(ctx)).filter(({ enabled }) => enabled)
  rows.sort((a, b) => a.name.localeCompare(b.name, 'en-GB') || (a.id < b.id ? -1 : 1))
  yield rows.map((row) => ({ ...toView(row), cases: counts.get(row.id) ?? none }))
}
