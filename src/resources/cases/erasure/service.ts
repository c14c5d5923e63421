import type { Change } from '../../../core/change'
import type { Ctx } from '../../../core/ctx'
import { write } from '../../../core/write'
import { getCase } from '../store'
import { deleteCase } from './store'

/**
 * Erases cases, named by id or reference, with their history and residents: all or none. The audit log keeps that they
 * were there and were erased, by whom and when, and nothing of what they said.
 */
export const eraseCases = (ctx: Ctx, named: readonly string[]): Promise<string[]> =>
  write(ctx, 'case.erase', async (w) => {
    const changes: Change[] = []
    const references: string[] = []
    for (const name of new Set(named)) {
      const { case: row } = await getCase(w, name)
      await deleteCase(w, row)
      references.push(row.reference)
      const told = { before: { erased: false }, after: { erased: true }, safe: ['erased'] }
      changes.push({ entity: 'case', id: row.id, ...told })
    }
    return { changes, result: references }
  })
