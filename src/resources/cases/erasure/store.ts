import { and, eq } from 'drizzle-orm'
import type { Writer } from '../../../core/ctx'
import { outboxEvents } from '../../../core/outbox/table'
import { recordChange } from '../changes/store'
import { addToCounter } from '../counters/store'
import { residents } from '../residents/table'
import { caseSearch } from '../search/model'
import { type CaseRow, cases } from '../table'
import { timelineEntries } from '../timeline/table'

/** Removes a case and every copy of what it says; that it was erased stays in the order of changes. */
export async function deleteCase(w: Writer, row: CaseRow): Promise<void> {
  const { tenantId } = w
  await w.db
    .update(cases)
    .set({ duplicateOfId: null })
    .where(and(eq(cases.tenantId, tenantId), eq(cases.duplicateOfId, row.id)))
  await w.db
    .delete(timelineEntries)
    .where(and(eq(timelineEntries.tenantId, tenantId), eq(timelineEntries.caseId, row.id)))
  await w.db.delete(residents).where(and(eq(residents.tenantId, tenantId), eq(residents.caseId, row.id)))
  await w.db
    .delete(outboxEvents)
    .where(and(eq(outboxEvents.tenantId, tenantId), eq(outboxEvents.entityId, row.id)))
  await caseSearch.remove(w.db, row.position)
  await addToCounter(w, row, -1)
  await w.db.delete(cases).where(and(eq(cases.tenantId, tenantId), eq(cases.id, row.id)))
  await recordChange(w, row.id, { before: row, after: null, kind: 'erased' })
}
