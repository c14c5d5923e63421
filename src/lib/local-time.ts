import { offsetAt, startOfLocalDate } from './time'

const timeForm = /^([01]?\d|2[0-3])[:.]([0-5]\d)(:[0-5]\d(?:\.\d{1,3})?)?$/
const dayMs = 86_400_000

/**
 * Converts a local date `YYYY-MM-DD` and time such as `14:30` or `14:30:05.250`; undefined if either is invalid. When the
 * clocks go back, the earlier of two equal times; a time that they skip becomes an hour later (as Temporal’s `compatible`).
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

/**
 * The local time as `YYYY-MM-DD HH:MM`, which spreadsheets know for a time; with seconds and milliseconds if it has any and
 * `isExact`. The second of two equal times, when the clocks go back, has its offset: `instantAt` takes the first.
 */
export function localTime(instant: Date, timeZone: string, isExact: boolean): string {
  const offset = offsetAt(instant, timeZone)
  const text = new Date(instant.getTime() + offset).toISOString()
  const [date, seconds] = [text.slice(0, 10), text.slice(17, 23).replace(/\.000$/, '')]
  const isRepeated = instantAt(date, text.slice(11, 23), timeZone)?.getTime() !== instant.getTime()
  const shown = isExact && seconds !== '00' ? `:${seconds}` : ''
  return `${date} ${text.slice(11, 16)}${shown}${isRepeated ? signed(offset / 60_000) : ''}`
}

function signed(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** Zones that keep the civil time of the United Kingdom, so that figures counted by day are right in each of them. */
export const timezones = [
  'Europe/London',
  'Europe/Belfast',
  'Europe/Isle_of_Man',
  'Europe/Guernsey',
  'Europe/Jersey',
] as const
