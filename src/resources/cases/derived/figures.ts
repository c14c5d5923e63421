import { dayNumber, localDate } from '../../../lib/time'
import { isFinished, isReopening } from '../rules/lifecycle'
import type { CaseRow, CaseStatus } from '../table'
import { type CountedKind, everywhere } from './figures.table'

/** A time when a case was finished; `reopenedAt` is null unless it was reopened. */
export type Ending = { endedAt: Date; reopenedAt: Date | null }

export type Counted = Pick<
  CaseRow,
  'status' | 'resolution' | 'receivedAt' | 'resolvedAt' | 'closedAt' | 'wardId' | 'categoryId'
>

const endOf = ({ resolvedAt, closedAt, receivedAt }: Counted) => resolvedAt ?? closedAt ?? receivedAt

/** The endings of a case after a change; `before` is null for a new case. */
export function endingsAfter(
  endings: readonly Ending[],
  before: Counted | null,
  after: Counted,
  now: Date,
): Ending[] {
  const wasFinished = before !== null && isFinished(before.status)
  if (!wasFinished && isFinished(after.status)) {
    return [...endings, { endedAt: endOf(after), reopenedAt: null }]
  }
  if (!wasFinished || isFinished(after.status)) return [...endings]
  return endings.map((ending) => ({ ...ending, reopenedAt: ending.reopenedAt ?? now }))
}

export type StatusMove = { at: Date; from: CaseStatus; to: CaseStatus }

/** A case that was finished when it was imported has an ending that its history does not show. */
export function endingsOf(row: Counted, moves: readonly StatusMove[]): Ending[] {
  const endings: Ending[] = []
  for (const { at, from, to } of moves) {
    if (!isFinished(from) && isFinished(to)) endings.push({ endedAt: at, reopenedAt: null })
    if (!isReopening(from, to)) continue
    const last = endings.pop() ?? { endedAt: at, reopenedAt: null }
    endings.push({ ...last, reopenedAt: at })
  }
  const isOpenEnded = endings.at(-1)?.reopenedAt === null
  if (isFinished(row.status) && !isOpenEnded) endings.push({ endedAt: endOf(row), reopenedAt: null })
  return endings
}

export const isDuplicate = ({ resolution }: Counted) => resolution === 'duplicate'

/** With the case’s present ward and category, not those of that day. */
export type Count = { kind: CountedKind; day: number; wardId: string; categoryId: string }

/**
 * What a case adds to the daily counts: nothing if it is a duplicate. An ending before the receipt counts on the day of
 * receipt, as no case can leave the backlog before it joins it.
 */
export function countsOf(row: Counted, endings: readonly Ending[], timezone: string): Count[] {
  if (isDuplicate(row)) return []
  const place = { wardId: row.wardId ?? '', categoryId: row.categoryId ?? '' }
  const on = (kind: CountedKind, instant: Date): Count => {
    const counted = instant < row.receivedAt ? row.receivedAt : instant
    return { kind, day: dayNumber(localDate(counted, timezone)), ...place }
  }
  return [
    on('received', row.receivedAt),
    ...endings.flatMap(({ endedAt, reopenedAt }) => [
      on('ended', endedAt),
      reopenedAt === null ? on('resolved', endedAt) : on('reopened', reopenedAt),
    ]),
    ...(row.status === 'closed' && row.closedAt ? [on('closed', row.closedAt)] : []),
  ]
}

/** Counts are also kept for each ward, each category and the whole council. */
export const placesOf = (count: Count): Count[] => [
  count,
  { ...count, categoryId: everywhere },
  { ...count, wardId: everywhere },
  { ...count, wardId: everywhere, categoryId: everywhere },
]

export const keyOf = ({ kind, day, wardId, categoryId }: Count) =>
  JSON.stringify([kind, day, wardId, categoryId])

export function differenceOf(
  before: readonly Count[],
  after: readonly Count[],
): { count: Count; change: number }[] {
  const changes = new Map<string, { count: Count; change: number }>()
  const add = (count: Count, change: number) => {
    const known = changes.get(keyOf(count))
    changes.set(keyOf(count), { count, change: (known?.change ?? 0) + change })
  }
  for (const count of before.flatMap(placesOf)) add(count, -1)
  for (const count of after.flatMap(placesOf)) add(count, 1)
  return [...changes.values()].filter(({ change }) => change !== 0)
}
