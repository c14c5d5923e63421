import type { Writer } from '../../../core/ctx'
import type { CaseRow } from '../table'
import { keepCounters } from './counters.store'
import { keepFeedOrder } from './feed-order.store'
import { keepFigures } from './figures.store'
import { keepSearchEntry } from './search-entry.store'

type Follower = (w: Writer, before: CaseRow | null, after: CaseRow | null) => Promise<void>

/**
 * Everything derived from a case, under the name that `reeve check` prints. To derive something new, add it here: it is
 * then kept for every case that is created, changed or erased, and does not compile without a check in `check.store.ts`.
 */
const followers = {
  counters: keepCounters,
  'figures of reports': keepFigures,
  'order of changes': keepFeedOrder,
  'search index': keepSearchEntry,
} satisfies Record<string, Follower>

export type FollowerName = keyof typeof followers

const everyFollower: readonly Follower[] = Object.values(followers)

/**
 * Updates everything derived from a case, in the transaction that writes it. `before` is null for a new case, `after` for
 * an erased one. Call it while the case's row exists: some derived rows refer to it.
 */
export async function follow(w: Writer, before: CaseRow | null, after: CaseRow | null): Promise<void> {
  for (const keep of everyFollower) await keep(w, before, after)
}
