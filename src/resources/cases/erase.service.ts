import type { Change } from '../../core/change'
import type { Ctx } from '../../core/ctx'
import { write } from '../../core/write'
import { lockEndpointsOf } from '../webhooks/queue/store'
import { compactSearch, deleteCase } from './erase.store'
import { getCase } from './store'
import type { CaseRow } from './table'

/**
 * Erases cases with their history and residents: all or none. The audit log keeps who erased them and when, and nothing
 * that they held.
 */
export const eraseCases = (ctx: Ctx, idsOrReferences: readonly string[]): Promise<string[]> =>
  write(ctx, 'case.erase', async (w) => {
    // Otherwise an event about an erased case could be queued in the meantime.
    await lockEndpointsOf(w.db, [w.tenantId])
    const rows = new Map<string, CaseRow>()
    for (const idOrReference of idsOrReferences) {
      const { case: row } = await getCase(w, idOrReference)
      rows.set(row.id, row)
    }
    const changes: Change[] = []
    for (const row of rows.values()) {
      await deleteCase(w, row)
      const publicPart = row.publicState === 'approved' ? ('cases' as const) : undefined
      changes.push({
        entity: 'case',
        id: row.id,
        before: { erased: false },
        after: { erased: true },
        safe: ['erased'],
        publicPart,
      })
    }
    await compactSearch(w)
    return { changes, result: [...rows.values()].map(({ reference }) => reference) }
  })
