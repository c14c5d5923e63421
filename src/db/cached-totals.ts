import type { Db } from './dialect'
import { prepared } from './prepared'

const maxTotals = 5_000

const totals = prepared(() => new Map<string, number>())

/**
 * Counts a total once until the council's revision changes. `key` contains the revision and everything else that the total depends
 * on; beyond 5,000 totals the oldest is dropped.
 */
export async function cachedTotal(db: Db, key: string, count: () => Promise<number>): Promise<number> {
  const cached = totals(db)
  const known = cached.get(key)
  if (known !== undefined) return known
  const total = await count()
  if (cached.size >= maxTotals) cached.delete(cached.keys().next().value as string)
  cached.set(key, total)
  return total
}
