import type { Ctx } from '../../../core/ctx'
import { listUsers } from '../../../core/users/store'
import type { CaseFilters } from '../filters'
import { exportCases } from './export.service'
import type { TransferCase } from './fields'
import { getReferences } from './import.store'

/** For `reeve export cases`: in the form that an import reads back. */
export async function* transferCases(
  ctx: Ctx,
  filters: CaseFilters,
  { withResidents }: { withResidents: boolean },
): AsyncGenerator<TransferCase[]> {
  const emails = new Map((await listUsers(ctx)).map(({ id, email }) => [id, email]))
  const emailOf = (id: string | null) => (id === null ? null : (emails.get(id) ?? null))
  for await (const part of await exportCases(ctx, filters, withResidents)) {
    const originals = await getReferences(
      ctx,
      part.flatMap(({ duplicateOfId }) => duplicateOfId ?? []),
    )
    yield part.map((view) => ({
      view,
      assignee: emailOf(view.assigneeId),
      councillor: emailOf(view.councillorId),
      duplicateOf: view.duplicateOfId && (originals.get(view.duplicateOfId) ?? null),
    }))
  }
}
