import { and, asc, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../db/dialect'
import type { Ctx, Maintainer } from '../ctx'
import { type KeptFormRow, keptForms } from './kept-forms.table'

const { id, tenantId, userId, browser, expiresAt } = keptForms

/** The form with this id, if the caller sent it from this browser and it has not expired. */
export async function findKeptRow(
  ctx: Ctx,
  { id: wanted, browser: from }: Pick<KeptFormRow, 'id' | 'browser'>,
): Promise<KeptFormRow | undefined> {
  const own = and(eq(tenantId, ctx.tenantId), eq(userId, ctx.actor.id))
  const [row] = await ctx.db
    .select()
    .from(keptForms)
    .where(and(eq(id, wanted), own, eq(browser, from), gt(expiresAt, ctx.clock.now())))
    .limit(1)
  return row
}

/** Stores the form, and keeps only the newest `most` of each user. */
export async function insertKeptRow(m: Maintainer, row: KeptFormRow, most: number): Promise<void> {
  await m.db.insert(keptForms).values(row)
  const beyond = await m.db
    .select({ id })
    .from(keptForms)
    .where(and(eq(tenantId, row.tenantId), eq(userId, row.userId)))
    .orderBy(desc(expiresAt), desc(id))
    .limit(perRound)
    .offset(most)
  await deleteKeptRows(
    m,
    beyond.map((one) => one.id),
  )
}

const perRound = 500

/** Ids of at most 500 expired forms, of all councils. */
export async function listExpiredForms(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .select({ id })
    .from(keptForms)
    .where(lt(expiresAt, now))
    .orderBy(asc(expiresAt))
    .limit(perRound)
  return rows.map((row) => row.id)
}

export async function deleteKeptRows(m: Maintainer, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await m.db.delete(keptForms).where(inArray(id, [...ids]))
}
