import { readHead, verifyChain } from '../../core/audit/store'
import type { Ctx } from '../../core/ctx'
import { readRange } from '../../core/instants'
import { recordFirst } from '../../core/write'
import { type AuditEntryView, type AuditQuery, toView } from './model'
import { type AuditFilters, everyEntry } from './store'

/** Reads the filters that are texts in a query; every bad one is named. */
export function readFilters(ctx: Ctx, query: AuditQuery): AuditFilters {
  const { actor, action, entity, entityId } = query
  return { actor, action, entity, entityId, ...readRange(ctx, query) } as AuditFilters
}

/** Every entry that matches, in parts. That it was given out is on record first. */
export async function exportEntries(
  ctx: Ctx,
  filters: AuditFilters,
): Promise<AsyncGenerator<AuditEntryView[]>> {
  const note = { filters: JSON.stringify(filters) }
  await recordFirst(ctx, 'audit.export', [{ entity: 'audit', id: 'export', note }])
  return shown(ctx, filters)
}

async function* shown(ctx: Ctx, filters: AuditFilters): AsyncGenerator<AuditEntryView[]> {
  for await (const rows of everyEntry(ctx, filters)) yield rows.map(toView)
}

/** Where the log ends: it grows by what is no change of the council's data. */
export const endOfLog = async (ctx: Ctx): Promise<string> => String(await readHead(ctx))

/** Proves the council's chain from its first entry to its end. */
export async function verifyLog(ctx: Ctx) {
  const { entries, firstBroken } = await verifyChain(ctx.db, ctx.secrets, ctx.tenantId)
  return { valid: firstBroken === null, entries, firstBroken }
}
