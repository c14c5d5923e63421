import type { Db } from './dialect'
import { prepared } from './prepared'

const keptTotals = 5_000

const totals = prepared(() => new Map<string, number>())

/**
 * A total that holds until the tenant's revision changes, counted once. `key` names the revision and all that the total
 * depends on; beyond 5,000 the oldest is counted anew.
 */
export async function cachedTotal(db: Db, key: string, count: () => Promise<number>): Promise<number> {
  const kept = totals(db)
  const known = kept.get(key)
  if (known !== undefined) return known
  const total = await count()
  if (kept.size >= keptTotals) kept.delete(kept.keys().next().value as string)
  kept.set(key, total)
  return total
}
