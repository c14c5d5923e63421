import { offsetAt, startOfLocalDate } from './time'

const timeForm = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/

/**
 * Converts a local date `YYYY-MM-DD` and time such as `14:30`; undefined if either is invalid. A time that is skipped in spring
 * becomes an hour later.
 */
export function instantAt(date: string, time: string, timeZone: string): Date | undefined {
  const match = timeForm.exec(time)
  if (!match || !startOfLocalDate(date, 'UTC')) return undefined
  const asUtc = new Date(`${date}T${match[1]?.padStart(2, '0')}:${match[2]}:00Z`)
  const guess = new Date(asUtc.getTime() - offsetAt(asUtc, timeZone))
  return new Date(asUtc.getTime() - offsetAt(guess, timeZone))
}

export const isTimeOfDay = (text: string): boolean => timeForm.test(text)

/** Zones that keep the civil time of the United Kingdom, so that figures counted by day are right in each of them. */
export const timezones = [
  'Europe/London',
  'Europe/Belfast',
  'Europe/Isle_of_Man',
  'Europe/Guernsey',
  'Europe/Jersey',
] as const
