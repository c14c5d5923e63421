import { type AuditRow, auditEntries } from '../../core/audit/table'
import type { Ctx } from '../../core/ctx'
import { all, atLeast, below, type Condition, equals } from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import type { CursorValue } from '../../lib/cursor'
import { type Found, maxPagedRows, type Slice } from '../../lib/page'
import { type AuditQuery, actorTypes } from './model'

export type AuditFilters = Pick<AuditQuery, 'actor' | 'action' | 'entity' | 'entityId'> & {
  from: Date | undefined
  to: Date | undefined
}

const list = listOf(auditEntries, maxPagedRows + 1)
const bySeq = { seq: ['seq'] }
const newestFirst = ordering(auditEntries, '-seq', bySeq)
const oldestFirst = ordering(auditEntries, 'seq', bySeq)

function matching(ctx: Ctx, { actor, action, entity, entityId, from, to }: AuditFilters): Condition {
  const isType = (actorTypes as readonly string[]).includes(actor ?? '')
  return all([
    equals(auditEntries.tenantId, ctx.tenantId),
    equals(isType ? auditEntries.actorType : auditEntries.actorId, actor),
    equals(auditEntries.action, action),
    equals(auditEntries.entity, entity),
    equals(auditEntries.entityId, entityId),
    atLeast(auditEntries.at, from),
    below(auditEntries.at, to),
  ])
}

/** The newest first. */
export const listEntries = (ctx: Ctx, filters: AuditFilters, slice: Slice): Promise<Found<AuditRow>> =>
  list(ctx.db, matching(ctx, filters), newestFirst, slice)

/** Few enough to be read and written within a millisecond or two, as other requests wait meanwhile. */
const partRows = 50

/** The oldest first, in parts. */
export async function* everyEntry(ctx: Ctx, filters: AuditFilters): AsyncGenerator<AuditRow[]> {
  let after: readonly CursorValue[] | null = null
  do {
    const slice: Slice = { kind: 'cursor', pageSize: partRows, after }
    const { rows, next }: Found<AuditRow> = await list(ctx.db, matching(ctx, filters), oldestFirst, slice)
    yield rows
    after = next
  } while (after !== null)
}
