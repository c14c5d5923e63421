import { bankHolidays, type Nation } from './bank-holidays'
import { dateOfDay, dayNumber } from './time'

export const dayTypes = ['working', 'calendar'] as const

export type DayType = (typeof dayTypes)[number]

/** A council's own days off, and the bank holidays on which it works; a date in both is a day off. */
export type CalendarChanges = {
  added: readonly { date: string; name: string }[]
  removed: readonly string[]
}

/** Whether a date `YYYY-MM-DD` is a day off; weekends are not asked for. */
export type WorkCalendar = { isHoliday(date: string): boolean }

const datesByYear = new Map<string, ReadonlySet<string>>()

function bankHolidayDates(nation: Nation, year: string): ReadonlySet<string> {
  const key = `${nation} ${year}`
  let dates = datesByYear.get(key)
  if (!dates) {
    dates = new Set(bankHolidays(nation, Number(year)).map(({ date }) => date))
    datesByYear.set(key, dates)
  }
  return dates
}

/** The nation’s bank holidays with the council’s changes. */
export function workCalendar(nation: Nation, changes: CalendarChanges): WorkCalendar {
  const added = new Set(changes.added.map(({ date }) => date))
  const removed = new Set(changes.removed)
  return {
    isHoliday: (date) =>
      added.has(date) || (!removed.has(date) && bankHolidayDates(nation, date.slice(0, 4)).has(date)),
  }
}

/** 1970-01-01 was a Thursday. */
const isWeekend = (day: number) => (((day + 3) % 7) + 7) % 7 >= 5

const isWorkingDay = (day: number, calendar: WorkCalendar) =>
  !isWeekend(day) && !calendar.isHoliday(dateOfDay(day))

/** How many working days there are from a day, counted from 1970-01-01, up to each of the days that follow it. */
export function workingDaysUpTo(firstDay: number, days: number, calendar: WorkCalendar): Int32Array {
  const counts = new Int32Array(days)
  let count = 0
  for (let i = 0; i < days; i++) {
    if (isWorkingDay(firstDay + i, calendar)) count++
    counts[i] = count
  }
  return counts
}

const maxDays = 10_000
const maxSpan = 36_525

/**
 * The local date so many days after `date`, day 1 being the first (working) day after it; a negative count goes
 * back, 0 is the date itself. Throws a RangeError for more than 10,000 days, a fraction, or no such date.
 */
export function addDays(date: string, days: number, dayType: DayType, calendar: WorkCalendar): string {
  if (!Number.isInteger(days) || Math.abs(days) > maxDays) {
    throw new RangeError(`${days} is not a whole number of days up to ${maxDays}`)
  }
  let day = dayNumber(date)
  if (dayType === 'calendar') return dateOfDay(day + days)
  const step = Math.sign(days)
  for (let left = Math.abs(days); left > 0; ) {
    day += step
    if (isWorkingDay(day, calendar)) left--
  }
  return dateOfDay(day)
}

/**
 * How many days d, working ones or all, have `after` < d ≤ `until`; 0 where `until` is not later. Throws a
 * RangeError where a date does not exist or working days are asked of more than a century.
 */
export function daysWithin(after: string, until: string, dayType: DayType, calendar: WorkCalendar): number {
  const [first, last] = [dayNumber(after), dayNumber(until)]
  if (dayType === 'calendar' || last <= first) return Math.max(0, last - first)
  if (last - first > maxSpan) throw new RangeError(`${after} to ${until} is more than a century`)
  let days = 0
  for (let day = first + 1; day <= last; day++) if (isWorkingDay(day, calendar)) days++
  return days
}
