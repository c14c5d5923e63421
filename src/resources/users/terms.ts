import type { TermRow } from '../../core/users/table'
import { dateOfDay, dayNumber } from '../../lib/time'
import { isCurrent } from './model'

type Term = Pick<TermRow, 'wardId' | 'startDate' | 'endDate'>

/**
 * The terms of somebody who from this local date on stands for these wards: those of other wards end the day before, new
 * ones begin today. A term that began today and was none after all goes; those that are over, or are to come, stay.
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

/** The terms of somebody who is no councillor any more: what has begun ends the day before, nothing is to come. */
export const termsEnded = (terms: readonly Term[], date: string): Term[] =>
  termsAfter(terms, [], date).filter(({ startDate }) => startDate < date)
