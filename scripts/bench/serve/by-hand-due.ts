import { bankHolidays } from '../../../src/lib/bank-holidays'

const dayMs = 86_400_000
const hourMs = 3_600_000
const soonDays = 2

/** The last Sunday of the month at 01:00 UTC, when clocks change in London. */
function clockChange(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1))
  return last.getTime() - last.getUTCDay() * dayMs
}

function londonOffset(at: number): number {
  const year = new Date(at).getUTCFullYear()
  return at >= clockChange(year, 2) && at < clockChange(year, 9) ? hourMs : 0
}

/** Days since 1970-01-01 in London. */
export const dayOf = (at: number) => Math.floor((at + londonOffset(at)) / dayMs)

const startOf = (day: number) => day * dayMs - londonOffset(day * dayMs)

export const yearOf = (at: number) => new Date(at + londonOffset(at)).getUTCFullYear()

const holidays = new Map<number, ReadonlySet<number>>()

function isDayOff(day: number): boolean {
  const date = new Date(day * dayMs)
  if (date.getUTCDay() % 6 === 0) return true
  const year = date.getUTCFullYear()
  let known = holidays.get(year)
  if (!known) {
    known = new Set(bankHolidays('england_wales', year).map(({ date }) => Date.parse(date) / dayMs))
    holidays.set(year, known)
  }
  return known.has(day)
}

function move(day: number, days: number, isWorking: boolean): number {
  if (!isWorking) return day + days
  const step = Math.sign(days)
  let at = day
  for (let left = Math.abs(days); left > 0; ) {
    at += step
    if (!isDayOff(at)) left--
  }
  return at
}

/** For a council in London without days off of its own. */
export function dueBy(days: number | null, dayType: string, from: number) {
  if (days === null) return { dueAt: null, dueSoonAt: null }
  const isWorking = dayType === 'working'
  const last = move(dayOf(from), days, isWorking)
  return { dueAt: startOf(last + 1) - 1_000, dueSoonAt: startOf(move(last, -soonDays, isWorking)) }
}
