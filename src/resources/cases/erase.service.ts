import type { Change } from '../../core/change'
import type { Ctx } from '../../core/ctx'
import { write } from '../../core/write'
import { lockEndpointsOf } from '../webhooks/queue/store'
import { compactSearch, deleteCase } from './erase.store'
import { getCase } from './store'
import type { CaseRow } from './table'

/**
 * Erases cases, named by id or reference, with their history and residents: all or none. The audit log keeps that they
 * were there and were erased, by whom and when, and nothing of what they said.
 */
export const eraseCases = (ctx: Ctx, named: readonly string[]): Promise<string[]> =>
  write(ctx, 'case.erase', async (w) => {
    // Nothing is queued meanwhile that tells of what is erased.
    await lockEndpointsOf(w.db, [w.tenantId])
    const rows = new Map<string, CaseRow>()
    for (const name of named) {
      const { case: row } = await getCase(w, name)
      rows.set(row.id, row)
    }
    const changes: Change[] = []
    for (const row of rows.values()) {
      await deleteCase(w, row)
      const told = { before: { erased: false }, after: { erased: true }, safe: ['erased'] }
      const publicPart = row.publicState === 'approved' ? ('cases' as const) : undefined
      changes.push({ entity: 'case', id: row.id, ...told, publicPart })
    }
    await compactSearch(w)
    return { changes, result: [...rows.values()].map(({ reference }) => reference) }
  })
