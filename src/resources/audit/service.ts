import { readHead, verifyChain } from '../../core/audit/store'
import type { Ctx } from '../../core/ctx'
import { readRange } from '../../core/instants'
import { recordFirst } from '../../core/write'
import { type AuditEntryView, type AuditQuery, toView } from './model'
import { type AuditFilters, everyEntry } from './store'

/** Every bad filter is named. */
export function readFilters(ctx: Ctx, query: AuditQuery): AuditFilters {
  const { actor, action, entity, entityId } = query
  return { actor, action, entity, entityId, ...readRange(ctx, query) } as AuditFilters
}

/** Entries in parts. The export itself is recorded first. */
export async function exportEntries(
  ctx: Ctx,
  filters: AuditFilters,
): Promise<AsyncGenerator<AuditEntryView[]>> {
  const note = { filters: JSON.stringify(filters) }
  await recordFirst(ctx, 'audit.export', [{ entity: 'audit', id: 'export', note }])
  return viewsInParts(ctx, filters)
}

async function* viewsInParts(ctx: Ctx, filters: AuditFilters): AsyncGenerator<AuditEntryView[]> {
  for await (const rows of everyEntry(ctx, filters)) yield rows.map(toView)
}

/** Part of the list's ETag: the log also grows without changes to the council's data. */
export const endOfLog = async (ctx: Ctx): Promise<string> => String(await readHead(ctx))

export async function verifyLog(ctx: Ctx) {
  const { entries, firstBroken } = await verifyChain(ctx.db, ctx.secrets, ctx.tenantId)
  return { valid: firstBroken === null, entries, firstBroken }
}
