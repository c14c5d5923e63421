import type { Nation } from './bank-holidays'
import { dateOfDay, dayNumber, localDate, startOfLocalDate } from './time'
import { type CalendarChanges, workCalendar, workingDaysUpTo } from './workdays'

/** The calendar for counting working days, and bands of working days, each given by its last day. */
export type DurationsOf = {
  timezone: string
  nation: Nation
  calendar: CalendarChanges
  bands: readonly number[]
}

/** Percentiles are by linear interpolation; all are null if `n` is 0. */
export type Statistics = {
  n: number
  median: number | null
  mean: number | null
  p90: number | null
  max: number | null
}

/** `bands` counts durations in each band; its last item counts those beyond all bands. */
export type Durations = { hours: Statistics; workingDays: Statistics; bands: number[] }

const hourMs = 3_600_000

type Span = { starts: number[]; ends: number[] }

/**
 * Summarises rows of group, start, and one end for each kind, in milliseconds; null ends are skipped. An end before its start
 * counts as zero. Working days are counted from the day after the start's local date to the end's.
 */
export function summarise(
  rows: readonly (readonly unknown[])[],
  { bands, ...council }: DurationsOf,
): { group: unknown; kind: number; durations: Durations }[] {
  const spans = new Map<unknown, Span[]>()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const row of rows) {
    const group = row[0]
    const start = Number(row[1])
    let kinds = spans.get(group)
    if (!kinds) {
      kinds = row.slice(2).map(() => ({ starts: [], ends: [] }))
      spans.set(group, kinds)
    }
    for (let kind = 0; kind < kinds.length; kind++) {
      const to = row[kind + 2]
      if (to === null) continue
      const end = Math.max(start, Number(to))
      const { starts, ends } = kinds[kind] as Span
      starts.push(start)
      ends.push(end)
      if (start < first) first = start
      if (end > last) last = end
    }
  }
  if (last < first) return []
  const line = dayLine(council, first, last)
  return [...spans].flatMap(([group, kinds]) =>
    kinds.map(({ starts, ends }, kind) => ({
      group,
      kind,
      durations: durationsOf(starts, ends, line, bands),
    })),
  )
}

function durationsOf(
  starts: readonly number[],
  ends: readonly number[],
  { dayOf, working }: DayLine,
  bands: readonly number[],
): Durations {
  const hours = new Float64Array(starts.length)
  const days = new Float64Array(starts.length)
  const counts = new Array<number>(bands.length + 1).fill(0)
  for (const [i, start] of starts.entries()) {
    const end = ends[i] as number
    hours[i] = (end - start) / hourMs
    const worked = (working[dayOf(end)] as number) - (working[dayOf(start)] as number)
    days[i] = worked
    const band = bands.findIndex((most) => worked <= most)
    const place = band < 0 ? bands.length : band
    counts[place] = (counts[place] as number) + 1
  }
  return { hours: statisticsOf(hours), workingDays: statisticsOf(days), bands: counts }
}

/** Sorts `values` in place. */
export function statisticsOf(values: Float64Array): Statistics {
  const n = values.length
  if (n === 0) return { n, median: null, mean: null, p90: null, max: null }
  values.sort()
  let sum = 0
  for (const value of values) sum += value
  const at = (share: number) => round(percentile(values, share))
  return { n, median: at(0.5), mean: round(sum / n), p90: at(0.9), max: round(values[n - 1] as number) }
}

function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const [low, high] = [Math.floor(place), Math.ceil(place)]
  const [a, b] = [sorted[low] as number, sorted[high] as number]
  return a + (b - a) * (place - low)
}

const round = (value: number) => Math.round(value * 100) / 100

/** Finds local dates and working days of instants by their index in a table, because there may be very many. */
type DayLine = { dayOf: (instant: number) => number; working: Int32Array }

const dayMs = 86_400_000

function dayLine(
  { timezone, nation, calendar }: Omit<DurationsOf, 'bands'>,
  first: number,
  last: number,
): DayLine {
  const firstDay = dayNumber(localDate(new Date(first), timezone))
  const days = dayNumber(localDate(new Date(last), timezone)) - firstDay + 1
  const begins = Float64Array.from({ length: days + 1 }, (_, i) =>
    Number(startOfLocalDate(dateOfDay(firstDay + i), timezone)),
  )
  const dayOf = (instant: number) => {
    let day = Math.min(days - 1, Math.max(0, Math.floor((instant - (begins[0] as number)) / dayMs)))
    while (instant < (begins[day] as number)) day--
    while (instant >= (begins[day + 1] as number)) day++
    return day
  }
  return { dayOf, working: workingDaysUpTo(firstDay, days, workCalendar(nation, calendar)) }
}
