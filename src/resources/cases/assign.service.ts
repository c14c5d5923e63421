import type { Change } from '../../core/change'
import type { Ctx } from '../../core/ctx'
import { unknownIssues } from '../../core/publishing'
import { inspect } from '../../core/validation'
import { write } from '../../core/write'
import { invalid } from '../../lib/errors'
import { changeCase } from './change.service'
import { readColumns } from './columns.service'
import { CaseAssignment } from './input'
import type { CaseWithNames } from './model'
import { nobody } from './residents/model'
import { getResidents } from './residents/store'
import { getCasesById } from './store'

/** Assigns cases to an active user, or to nobody: all or none. Counts only those whose assignee changes. */
export const assignCases = (ctx: Ctx, input: CaseAssignment): Promise<{ assigned: number }> =>
  write(ctx, 'case.assign', async (w) => {
    const { issues, sound } = inspect(CaseAssignment, input)
    const ids = sound.ids ?? []
    const found = await getCasesById(w, ids)
    const columns = await readColumns(w, { assigneeId: sound.assigneeId }, issues)
    issues.push(...unknownIssues(ids, found))
    if (issues.length > 0) throw invalid(issues)
    const residents = await getResidents(w, ids)
    const changes: Change[] = []
    for (const id of new Set(ids)) {
      const resident = residents.get(id) ?? nobody
      const written = await changeCase(w, found.get(id) as CaseWithNames, resident, { columns, state: {} })
      changes.push(...written.changes)
    }
    return { changes, result: { assigned: changes.length } }
  })
