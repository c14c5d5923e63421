import { and, eq } from 'drizzle-orm'
import type { Writer } from '../../core/ctx'
import { forgetAnswersAbout } from '../../core/idempotency/store'
import { outboxEvents } from '../../core/outbox/table'
import { webhookDeliveries } from '../webhooks/deliveries/table'
import { follow } from './derived/follow.store'
import { caseSearch } from './derived/search-entry.store'
import { caseTrackers } from './public/table'
import { residents } from './residents/table'
import { updateCase } from './store'
import { type CaseRow, cases } from './table'
import { timelineEntries } from './timeline/table'

/**
 * Removes a case and every copy of its contents. The order of changes keeps that it was erased. Its words leave the search
 * index for good only with `compactSearch`.
 */
export async function deleteCase(w: Writer, row: CaseRow): Promise<void> {
  const { tenantId } = w
  const duplicates = await w.db
    .select()
    .from(cases)
    .where(and(eq(cases.tenantId, tenantId), eq(cases.duplicateOfId, row.id)))
  for (const duplicate of duplicates) await updateCase(w, duplicate, { duplicateOfId: null })
  await w.db
    .delete(timelineEntries)
    .where(and(eq(timelineEntries.tenantId, tenantId), eq(timelineEntries.caseId, row.id)))
  await w.db.delete(residents).where(and(eq(residents.tenantId, tenantId), eq(residents.caseId, row.id)))
  await w.db
    .delete(webhookDeliveries)
    .where(and(eq(webhookDeliveries.tenantId, tenantId), eq(webhookDeliveries.entityId, row.id)))
  await w.db
    .delete(outboxEvents)
    .where(and(eq(outboxEvents.tenantId, tenantId), eq(outboxEvents.entityId, row.id)))
  await forgetAnswersAbout(w, row.id)
  await follow(w, row, null)
  await w.db.delete(caseTrackers).where(eq(caseTrackers.caseId, row.id))
  await w.db.delete(cases).where(and(eq(cases.tenantId, tenantId), eq(cases.id, row.id)))
}

/** Rebuilds the search index: an engine may only mark words as removed. */
export const compactSearch = (w: Writer): Promise<void> => caseSearch.compact(w.db)
