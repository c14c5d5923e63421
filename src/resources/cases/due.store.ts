import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import { cases } from './table'

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
