import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { prepared, preparedInsert } from '../../../db/prepared'
import type { CaseRow } from '../table'
import { type CaseChangeRow, caseChanges } from './feed-order.table'

type Place = Pick<CaseRow, 'assigneeId' | 'wardId'>

const insertRow = preparedInsert(caseChanges)

const forgetLast = prepared((db) =>
  db
    .delete(caseChanges)
    .where(and(eq(caseChanges.caseId, sql.placeholder('caseId')), sql`${caseChanges.isMove} = 0`))
    .prepare(),
)

/**
 * Puts a change of the case at the end of the order and returns its position. Only the last change of a case is kept,
 * besides those that moved it away from a person or ward.
 */
export async function recordChange(
  w: Writer,
  caseId: string,
  {
    before,
    after,
    kind = 'changed',
  }: { before: Place | null; after: Place | null; kind?: CaseChangeRow['kind'] },
): Promise<number> {
  const isMove =
    before !== null && (before.assigneeId !== after?.assigneeId || before.wardId !== after?.wardId)
  if (before !== null) await forgetLast(w.db).execute({ caseId })
  const row = await insertRow(w.db, {
    tenantId: w.tenantId,
    caseId,
    kind,
    at: w.clock.now(),
    isMove,
    fromAssigneeId: isMove ? before.assigneeId : null,
    fromWardId: isMove ? before.wardId : null,
  })
  return row.position
}

/** Changes after a position, in order. */
export const listChangeRows = (ctx: Ctx, after: number, limit: number): Promise<CaseChangeRow[]> =>
  ctx.db
    .select()
    .from(caseChanges)
    .where(and(eq(caseChanges.tenantId, ctx.tenantId), gt(caseChanges.position, after)))
    .orderBy(asc(caseChanges.position))
    .limit(limit)
