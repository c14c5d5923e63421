import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { prepared, preparedInsert } from '../../../db/prepared'
import type { CaseRow } from '../table'
import { type CaseChangeRow, caseChanges } from './feed-order.table'

const insertRow = preparedInsert(caseChanges)

const forgetLast = prepared((db) =>
  db
    .delete(caseChanges)
    .where(and(eq(caseChanges.caseId, sql.placeholder('caseId')), sql`${caseChanges.isMove} = 0`))
    .prepare(),
)

/** Puts a new case at the end of the order; its position there numbers the case. */
export async function takePosition(w: Writer, caseId: string): Promise<number> {
  const { position } = await insertRow(w.db, {
    tenantId: w.tenantId,
    caseId,
    kind: 'changed',
    at: w.clock.now(),
    isMove: false,
  })
  return position
}

/**
 * Moves a case to the end of the order. Earlier changes are dropped unless they took it away from a person or ward: only
 * those changes tell them that it has left their view. A new case has its place already, by `takePosition`.
 */
export async function keepFeedOrder(w: Writer, before: CaseRow | null, after: CaseRow | null): Promise<void> {
  if (before === null) return
  const caseId = before.id
  const isMove = before.assigneeId !== after?.assigneeId || before.wardId !== after?.wardId
  await forgetLast(w.db).execute({ caseId })
  await insertRow(w.db, {
    tenantId: w.tenantId,
    caseId,
    kind: after === null ? 'erased' : 'changed',
    at: w.clock.now(),
    isMove,
    fromAssigneeId: isMove ? before.assigneeId : null,
    fromWardId: isMove ? before.wardId : null,
  })
}

export const listChangeRows = (ctx: Ctx, after: number, limit: number): Promise<CaseChangeRow[]> =>
  ctx.db
    .select()
    .from(caseChanges)
    .where(and(eq(caseChanges.tenantId, ctx.tenantId), gt(caseChanges.position, after)))
    .orderBy(asc(caseChanges.position))
    .limit(limit)
