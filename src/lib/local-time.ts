import { offsetAt, startOfLocalDate } from './time'

const timeForm = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/

/**
 * The instant at which clocks in the time zone show this time, such as `14:30`, on the date `YYYY-MM-DD`; undefined where
 * there is no such date or time. What is skipped in spring lies an hour later.
 */
export function instantAt(date: string, time: string, timeZone: string): Date | undefined {
  const match = timeForm.exec(time)
  if (!match || !startOfLocalDate(date, 'UTC')) return undefined
  const shown = new Date(`${date}T${match[1]?.padStart(2, '0')}:${match[2]}:00Z`)
  const guess = new Date(shown.getTime() - offsetAt(shown, timeZone))
  return new Date(shown.getTime() - offsetAt(guess, timeZone))
}

/** Whether it is a time of day as people write it. */
export const isTimeOfDay = (text: string): boolean => timeForm.test(text)
