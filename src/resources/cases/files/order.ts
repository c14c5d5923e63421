import type { CaseRecord } from './fields'

/** A case without a time is as new as can be. */
const timeOf = ({ instants: { createdAt, receivedAt } }: CaseRecord): number =>
  (createdAt ?? receivedAt)?.getTime() ?? Number.MAX_SAFE_INTEGER

/**
 * The records from the newest to the oldest, as our own export has them; the same whenever it is asked. A file whose first case
 * is older than its last, or as old and without a reference of ours, lists the oldest first: its first line then gets the lowest
 * number.
 */
export function newestFirst(records: readonly CaseRecord[]): CaseRecord[] {
  const [first, last] = [records[0], records.at(-1)]
  if (!first || !last) return []
  const ahead = timeOf(last) - timeOf(first)
  const isOldestFirst = ahead > 0 || (ahead === 0 && first.values.reference === undefined)
  const listed = isOldestFirst ? records.toReversed() : [...records]
  return listed.sort((a, b) => timeOf(b) - timeOf(a))
}
