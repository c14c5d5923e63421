import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import { auditEntries } from '../../core/audit/table'
import type { Ctx } from '../../core/ctx'
import type { Db } from '../../db/dialect'
import { cases } from './table'
import { timelineEntries } from './timeline/table'

type DueCase = { tenantId: string; id: string }

const fields = { tenantId: cases.tenantId, id: cases.id }

/** Cases of all councils whose missed target has not been reported yet. */
export const listBreached = (db: Db, now: Date, limit: number): Promise<DueCase[]> =>
  db
    .select(fields)
    .from(cases)
    .where(and(eq(cases.targetState, 'running'), lt(cases.breachAt, now)))
    .limit(limit)

/** Cases of all councils whose wait is over. */
export const listWaited = (db: Db, now: Date, limit: number): Promise<DueCase[]> =>
  db.select(fields).from(cases).where(lt(cases.pendingUntil, now)).limit(limit)

/** Resolved cases of all councils that nobody reopened in time. */
export const listUnreopened = (db: Db, now: Date, limit: number): Promise<DueCase[]> =>
  db.select(fields).from(cases).where(lt(cases.closesAt, now)).limit(limit)

/**
 * When the target of each case was last worked out: when its due date changed, or when this store got the case, whatever
 * dates it has.
 */
export async function targetsSetAt(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map()
  const { tenantId, entity, entityId, at } = auditEntries
  const made = await ctx.db
    .select({ id: entityId, at: sql<number>`min(${at})` })
    .from(auditEntries)
    .where(and(eq(tenantId, ctx.tenantId), eq(entity, 'case'), inArray(entityId, [...ids])))
    .groupBy(entityId)
  const moves = await ctx.db
    .select()
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.tenantId, ctx.tenantId),
        inArray(timelineEntries.caseId, [...ids]),
        eq(timelineEntries.kind, 'target'),
      ),
    )
    .orderBy(asc(timelineEntries.position))
  const setAt = new Map(made.map(({ id, at: first }) => [id, new Date(Number(first))]))
  for (const { caseId, from, to, at: moved } of moves) {
    if (from?.dueAt !== to?.dueAt) setAt.set(caseId, moved)
  }
  return setAt
}
