const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/
const dateForm = /^([1-9]\d{3})-(\d{2})-(\d{2})$/

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(timeZone, formatter)
  }
  return formatter
}

function localParts(instant: Date, timeZone: string): Record<string, number> {
  const parts = formatterOf(timeZone).formatToParts(instant)
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
}

export const localYear = (instant: Date, timeZone: string) => Number(localDate(instant, timeZone).slice(0, 4))

/** Milliseconds that the time zone is ahead of UTC. */
export function offsetAt(instant: Date, timeZone: string): number {
  const local = localParts(instant, timeZone) as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute' | 'second',
    number
  >
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second)
  return asUtc - Math.floor(instant.getTime() / 1000) * 1000
}

/** For dates `YYYY-MM-DD` from the year 1000 on; undefined if there is no such date. */
function startInUtc(text: string): Date | undefined {
  const match = dateForm.exec(text)
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const utc = new Date(Date.UTC(year, month - 1, day))
  return utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day ? utc : undefined
}

/** When the local date `YYYY-MM-DD` begins; undefined if there is no such date. */
export function startOfLocalDate(text: string, timeZone: string): Date | undefined {
  const key = `${timeZone} ${text}`
  const known = starts.get(key)
  if (known !== undefined) return new Date(known)
  const utc = startInUtc(text)
  if (!utc) return undefined
  const guess = new Date(utc.getTime() - offsetAt(utc, timeZone))
  const start = utc.getTime() - offsetAt(guess, timeZone)
  if (starts.size >= keptStarts) starts.clear()
  starts.set(key, start)
  return new Date(start)
}

/** Time zone calculations are slow, and the same dates come up again and again. */
const starts = new Map<string, number>()
const keptStarts = 10_000

/** An instant with offset, or a local date as its first moment; undefined for anything else. */
export function parseInstantOrDate(text: string, timeZone: string): Date | undefined {
  if (dateForm.test(text)) return startOfLocalDate(text, timeZone)
  if (!instantForm.test(text)) return undefined
  if (!startOfLocalDate(text.slice(0, 10), 'UTC')) return undefined
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

/** 1900 to 2199: other dates are mistakes, and adding days to them could leave the calendar. */
export function isOfOurTimes(instant: Date): boolean {
  const year = instant.getUTCFullYear()
  return year >= 1900 && year <= 2199
}

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90d`, `12h`, `30m` or `30s`, in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (units[unit] as number)
}

/** The date `YYYY-MM-DD`, for years 1000 to 9999. */
export function localDate(instant: Date, timeZone: string): string {
  // Cutting up `DD/MM/YYYY, …` is several times as fast as asking for the parts.
  const text = formatterOf(timeZone).format(instant)
  return `${text.slice(6, 10)}-${text.slice(3, 5)}-${text.slice(0, 2)}`
}

/** The last whole second of the local date; throws a RangeError if there is no such date. */
export function endOfLocalDate(date: string, timeZone: string): Date {
  const next = startOfLocalDate(dateOfDay(dayNumber(date) + 1), timeZone) as Date
  return new Date(next.getTime() - 1_000)
}

export const startOfDay = (instant: Date, timeZone: string): Date =>
  startOfLocalDate(localDate(instant, timeZone), timeZone) as Date

/** When `days` local dates are over, counting the date of `start` as the first. */
export const endOfDays = (start: Date, days: number, timeZone: string): Date =>
  startOfLocalDate(dateOfDay(dayNumber(localDate(start, timeZone)) + days), timeZone) as Date

const dayLength = 86_400_000
const lastDay = Date.UTC(9999, 11, 31) / dayLength
const firstDay = Date.UTC(1000, 0, 1) / dayLength

/** Days from 1970-01-01 to the date `YYYY-MM-DD`; throws a RangeError if there is no such date. */
export function dayNumber(date: string): number {
  const utc = startInUtc(date)
  if (!utc) throw new RangeError(`"${date}" is not a date`)
  return utc.getTime() / dayLength
}

/** The inverse of `dayNumber`; throws a RangeError outside the years 1000 to 9999. */
export function dateOfDay(day: number): string {
  if (!(day >= firstDay && day <= lastDay)) throw new RangeError('The date is outside the years 1000 to 9999')
  return new Date(day * dayLength).toISOString().slice(0, 10)
}
