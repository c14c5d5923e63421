import { offsetAt, startOfLocalDate } from './time'

const timeForm = /^([01]?\d|2[0-3])[:.]([0-5]\d)(:[0-5]\d(?:\.\d{1,3})?)?$/
const dayMs = 86_400_000

/**
 * Converts a local date `YYYY-MM-DD` and time such as `14:30` or `14:30:05.250`; undefined if either is invalid. Of a time that
 * comes twice when the clocks go back, the earlier; one that the clocks skip becomes an hour later (as Temporal's `compatible`).
 */
export function instantAt(date: string, time: string, timeZone: string): Date | undefined {
  const match = timeForm.exec(time)
  const midnight = startOfLocalDate(date, 'UTC')?.getTime()
  const start = startOfLocalDate(date, timeZone)?.getTime()
  if (!match || midnight === undefined || start === undefined) return undefined
  const [, hour = '', minute, seconds = ':00'] = match
  const local = Date.parse(`${date}T${hour.padStart(2, '0')}:${minute}${seconds}Z`)
  const [before, after] = [midnight - start, offsetAt(new Date(midnight + dayMs), timeZone)]
  if (before === after) return new Date(local - before)
  const fits = [before, after].find((offset) => offsetAt(new Date(local - offset), timeZone) === offset)
  return new Date(local - (fits ?? before))
}

/** Zones that keep the civil time of the United Kingdom, so that figures counted by day are right in each of them. */
export const timezones = [
  'Europe/London',
  'Europe/Belfast',
  'Europe/Isle_of_Man',
  'Europe/Guernsey',
  'Europe/Jersey',
] as const
