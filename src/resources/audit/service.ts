import { readHead, verifyChain } from '../../core/audit/store'
import type { Ctx } from '../../core/ctx'
import { readRange } from '../../core/instants'
import { findUserByEmail } from '../../core/users/store'
import { recordFirst } from '../../core/write'
import { findReferred } from '../cases/store'
import { type AuditEntryView, type AuditQuery, toView } from './model'
import { type AuditFilters, everyEntry } from './store'

/** People know cases by reference and each other by e-mail address; the log knows both by id. */
async function idOf(ctx: Ctx, text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined
  const name = text.trim()
  if (name.includes('@')) return (await findUserByEmail(ctx, name))?.id ?? name
  return (await findReferred(ctx, name))?.case.id ?? name
}

/** Every bad filter is named. */
export async function readFilters(ctx: Ctx, query: AuditQuery): Promise<AuditFilters> {
  const range = readRange(ctx, query)
  const { action, entity } = query
  const [actor, entityId] = [await idOf(ctx, query.actor), await idOf(ctx, query.entityId)]
  return { actor, action, entity, entityId, ...range } as AuditFilters
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
