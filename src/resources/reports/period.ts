import type { Ctx } from '../../core/ctx'
import { assertDays } from '../../core/instants'
import { invalid } from '../../lib/errors'
import { dateOfDay, dayNumber, localDate, startOfLocalDate } from '../../lib/time'

/** Local dates from `from` to the day before `to`; days are counted from 1970-01-01. */
export type Period = {
  from: string
  to: string
  fromDay: number
  toDay: number
  start: Date
  end: Date
}

export const intervals = ['day', 'week', 'month', 'quarter'] as const
export type Interval = (typeof intervals)[number]

const defaultDays = 365
const maxBuckets = 1_000

export const periodOfDays = (fromDay: number, toDay: number, timezone: string): Period => ({
  from: dateOfDay(fromDay),
  to: dateOfDay(toDay),
  fromDay,
  toDay,
  start: startOfLocalDate(dateOfDay(fromDay), timezone) as Date,
  end: startOfLocalDate(dateOfDay(toDay), timezone) as Date,
})

/** The period in whole local dates, without the last. By default the last 365 dates up to today. */
export function readPeriod(ctx: Ctx, query: { from?: string; to?: string }): Period {
  const { timezone } = ctx.tenant
  assertDays(ctx, query)
  const today = localDate(ctx.clock.now(), timezone)
  const toDay = query.to === undefined ? dayNumber(today) + 1 : dayNumber(query.to)
  const fromDay = query.from === undefined ? toDay - defaultDays : dayNumber(query.from)
  if (fromDay >= toDay)
    throw invalid([
      { in: 'query', path: 'to', code: 'order', other: 'from', message: 'Must come after from' },
    ])
  return periodOfDays(fromDay, toDay, timezone)
}

/** Weeks start on Monday. */
function firstOf(day: number, interval: Interval): number {
  if (interval === 'day') return day
  // 1970-01-01 was a Thursday.
  if (interval === 'week') return day - ((((day + 3) % 7) + 7) % 7)
  const [year, month] = dateOfDay(day).split('-') as [string, string]
  const first = interval === 'month' ? Number(month) : Math.floor((Number(month) - 1) / 3) * 3 + 1
  return dayNumber(`${year}-${String(first).padStart(2, '0')}-01`)
}

const longest = { day: 1, week: 7, month: 31, quarter: 92 } as const
const shortest = { day: 1, week: 7, month: 28, quarter: 90 } as const

/** Calendar intervals clipped to the period; refused if there are too many. */
export function bucketsOf(
  { fromDay, toDay }: Period,
  interval: Interval,
): { fromDay: number; toDay: number }[] {
  if ((toDay - fromDay) / shortest[interval] > maxBuckets + 1) {
    const message = `Would be more than ${maxBuckets} parts: take a longer interval or a shorter time`
    throw invalid([{ in: 'query', path: 'interval', code: 'range', message }])
  }
  const buckets: { fromDay: number; toDay: number }[] = []
  for (let start = fromDay; start < toDay; ) {
    const next = firstOf(firstOf(start, interval) + longest[interval], interval)
    const end = Math.min(toDay, next)
    buckets.push({ fromDay: start, toDay: end })
    start = end
  }
  return buckets
}

export function defaultInterval({ fromDay, toDay }: Period): Interval {
  const days = toDay - fromDay
  return days <= 62 ? 'day' : days <= 366 ? 'week' : 'month'
}

/** The twelve whole months before the current one. */
export function lastTwelveMonths({ clock, tenant }: Ctx): Period {
  const [year, month] = localDate(clock.now(), tenant.timezone).split('-') as [string, string]
  const [to, from] = [`${year}-${month}-01`, `${Number(year) - 1}-${month}-01`]
  return periodOfDays(dayNumber(from), dayNumber(to), tenant.timezone)
}
