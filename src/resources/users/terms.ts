import type { TermRow } from '../../core/users/table'
import { dateOfDay, dayNumber } from '../../lib/time'
import { isCurrent } from './model'

type Term = Pick<TermRow, 'wardId' | 'startDate' | 'endDate'>

/**
 * Terms of somebody who represents exactly these wards from this local date: other current terms end the day before,
 * new ones start on it. A term that started on it is dropped if its ward is not wanted; past and future terms stay.
 */
export function termsAfter(terms: readonly Term[], wardIds: readonly string[], date: string): Term[] {
  const isOver = (term: Term) => isCurrent(term, date) && !wardIds.includes(term.wardId)
  const kept = terms
    .filter((term) => !isOver(term) || term.startDate < date)
    .map((term) => (isOver(term) ? { ...term, endDate: dateOfDay(dayNumber(date) - 1) } : term))
  const standing = new Set(terms.filter((term) => isCurrent(term, date)).map(({ wardId }) => wardId))
  const added = [...new Set(wardIds)].filter((wardId) => !standing.has(wardId))
  return [...kept, ...added.map((wardId) => ({ wardId, startDate: date, endDate: null }))]
}

/** Ends current terms the day before and drops future ones. */
export const termsEnded = (terms: readonly Term[], date: string): Term[] =>
  termsAfter(terms, [], date).filter(({ startDate }) => startDate < date)

/** Equal terms give equal text. */
export const termsText = (terms: readonly Term[]) =>
  terms
    .map(({ wardId, startDate, endDate }) => [wardId, startDate, endDate ?? ''].join(' '))
    .sort()
    .join(', ')
