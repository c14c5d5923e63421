import { and, asc, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { same } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import type { KeyUse } from '../../lib/key-use'
import type { Ctx, Maintainer } from '../ctx'
import { apiKeys, keyUsage } from './table'

const hourMs = 3_600_000
const perInsert = 500
const perRound = 500

/** Adds uses of any council's keys; other copies of Reeve may add to the same rows. */
export async function addUses(m: Maintainer, uses: readonly KeyUse[]): Promise<void> {
  // In one order, so that copies doing this at the same time cannot deadlock.
  const sorted = [...uses].sort((a, b) => compare(a.keyId, b.keyId) || a.hour.getTime() - b.hour.getTime())
  for (let i = 0; i < sorted.length; i += perInsert) {
    const rows = sorted.slice(i, i + perInsert)
    await m.db
      .insert(keyUsage)
      .values(rows.map(({ keyId, hour, requests, limited }) => ({ keyId, hour, requests, limited })))
      .onConflictDoUpdate({
        target: same(keyUsage.keyId, keyUsage.hour),
        set: {
          requests: sql`${keyUsage.requests} + excluded.requests`,
          limited: sql`${keyUsage.limited} + excluded.limited`,
        },
      })
  }
  for (const { keyId, lastUsedAt } of sorted) await updateLastUsed(m, keyId, lastUsedAt)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Never moves the time back, even if another copy was faster. */
const updateLastUsed = ({ db }: Maintainer, keyId: string, at: Date) =>
  db
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))))

export type Usage = { requests: number; limited: number }

/** Use of the council's keys in this hour and the 23 before; unused keys are left out. */
export async function usageOf(ctx: Ctx): Promise<Map<string, Usage>> {
  const since = new Date(ctx.clock.now().getTime() - 24 * hourMs)
  const rows = await ctx.db
    .select({
      keyId: keyUsage.keyId,
      requests: sql<number>`sum(${keyUsage.requests})`,
      limited: sql<number>`sum(${keyUsage.limited})`,
    })
    .from(keyUsage)
    .innerJoin(apiKeys, eq(apiKeys.id, keyUsage.keyId))
    .where(and(eq(apiKeys.tenantId, ctx.tenantId), gt(keyUsage.hour, since)))
    .groupBy(keyUsage.keyId)
    .orderBy(asc(keyUsage.keyId))
    .limit(10_000)
  return new Map(
    rows.map(({ keyId, requests, limited }) => [
      keyId,
      { requests: Number(requests), limited: Number(limited) },
    ]),
  )
}

type Place = { keyId: string; hour: Date }

/** Usage from more than 48 hours ago; 500 rows at most. */
export const listOldUsage = (db: Db, now: Date): Promise<Place[]> =>
  db
    .select({ keyId: keyUsage.keyId, hour: keyUsage.hour })
    .from(keyUsage)
    .where(lte(keyUsage.hour, new Date(now.getTime() - 48 * hourMs)))
    .orderBy(asc(keyUsage.hour), asc(keyUsage.keyId))
    .limit(perRound)

export async function deleteUsage({ db }: Maintainer, places: readonly Place[]): Promise<void> {
  for (const [hour, ofHour] of Map.groupBy(places, (place) => place.hour.getTime())) {
    const ids = ofHour.map(({ keyId }) => keyId)
    await db.delete(keyUsage).where(and(eq(keyUsage.hour, new Date(hour)), inArray(keyUsage.keyId, ids)))
  }
}
