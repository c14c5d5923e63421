import { bankHolidays, type Nation } from './bank-holidays'
import { dateOfDay, dayNumber } from './time'

export const dayTypes = ['working', 'calendar'] as const

export type DayType = (typeof dayTypes)[number]

/** `added` are extra days off, `removed` are bank holidays on which the council works; a date in both is a day off. */
export type CalendarChanges = {
  added: readonly { date: string; name: string }[]
  removed: readonly string[]
}

/** For dates `YYYY-MM-DD`; weekends are handled elsewhere. */
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

/** The name of a date's day if it is at the weekend. */
export const weekendDay = (date: string): 'Saturday' | 'Sunday' | null => {
  const day = dayNumber(date)
  if (!isWeekend(day)) return null
  return isWeekend(day + 1) ? 'Saturday' : 'Sunday'
}

const isWorkingDay = (day: number, calendar: WorkCalendar) =>
  !isWeekend(day) && !calendar.isHoliday(dateOfDay(day))

/** Running count of working days for `days` days from `firstDay`, a day number from 1970-01-01. */
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
 * The date `days` days after `date`; day 1 is the first (working) day after it, negative counts go back, and 0 is the date
 * itself. Throws a RangeError for more than 10,000 days, a fraction, or an invalid date.
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
 * Counts days d (working or all) with `after` < d ≤ `until`; 0 if `until` is not later. Throws a RangeError for an invalid date,
 * or for working days over more than a century.
 */
export function daysWithin(after: string, until: string, dayType: DayType, calendar: WorkCalendar): number {
  const [first, last] = [dayNumber(after), dayNumber(until)]
  if (dayType === 'calendar' || last <= first) return Math.max(0, last - first)
  if (last - first > maxSpan) throw new RangeError(`${after} to ${until} is more than a century`)
  let days = 0
  for (let day = first + 1; day <= last; day++) if (isWorkingDay(day, calendar)) days++
  return days
}
