import { and, eq } from 'drizzle-orm'
import type { Ctx, Maintainer, Writer } from '../../core/ctx'
import { outboxEvents } from '../../core/outbox/table'
import { all, amongMany, equals, withoutIndex } from '../../db/conditions'
import { preparedByForm } from '../../db/prepared'
import { webhookDeliveries } from '../webhooks/deliveries/table'
import { follow } from './derived/follow.store'
import { caseSearch } from './derived/search-entry.store'
import { caseTrackers } from './public/table'
import { deleteResident } from './residents/store'
import { updateCase } from './store'
import { type CaseRow, cases } from './table'
import { timelineEntries } from './timeline/table'

/**
 * Removes a case and every copy of its contents but stored answers. The order of changes keeps that it was erased. Its words
 * leave the search index for good only with `compactSearch`.
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
  await deleteResident(w, row.id)
  await w.db
    .delete(webhookDeliveries)
    .where(and(eq(webhookDeliveries.tenantId, tenantId), eq(webhookDeliveries.entityId, row.id)))
  await w.db
    .delete(outboxEvents)
    .where(and(eq(outboxEvents.tenantId, tenantId), eq(outboxEvents.entityId, row.id)))
  await follow(w, row, null)
  await w.db.delete(caseTrackers).where(eq(caseTrackers.caseId, row.id))
  await w.db.delete(cases).where(and(eq(cases.tenantId, tenantId), eq(cases.id, row.id)))
}

const selectEntries = preparedByForm<{ id: string }>((db, { where }) =>
  db.select({ id: timelineEntries.id }).from(timelineEntries).where(where),
)

/** Ids of the cases and of the entries in their histories: an answer to a note names only the entry. */
export async function listIdsIn(ctx: Ctx, caseIds: readonly string[]): Promise<string[]> {
  const where = all([
    withoutIndex(equals(timelineEntries.tenantId, ctx.tenantId)),
    amongMany(timelineEntries.caseId, caseIds),
  ])
  const entries = await selectEntries(ctx.db, { where })
  return [...caseIds, ...entries.map(({ id }) => id)]
}

/** Rebuilds the search index part by part, as an engine may only mark words as removed: true if nothing is left to do. */
export const compactSearch = (m: Maintainer, isFirst: boolean): Promise<boolean> =>
  caseSearch.compact(m.db, isFirst)
