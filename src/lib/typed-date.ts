import { fold } from './fold'
import { instantAt } from './local-time'
import { startOfLocalDate } from './time'

/** The value of what somebody typed, or what is wrong with it: the end of a sentence that begins with the field’s name. */
export type Typed<Value> = { value: Value; fault?: undefined } | { value?: undefined; fault: string }

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const placeOf = (names: readonly string[], start: string) =>
  start.length < 3 ? -1 : names.findIndex((name) => name.toLowerCase().startsWith(start))

const plain = (text: string) =>
  fold(text)
    .replace(/\p{Pd}|−/gu, '-')
    .trim()
    .replace(/\s+/g, ' ')

const yearFirst = /^(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)$/
const dayFirst = /^(\d\d?)([-/. ])(\d\d?)\2(\d{4}|\d\d)$/
const dayAndName = /^(\d\d?)(?:st|nd|rd|th)?(?: of)?[-/. ]?([a-z]+)[-/., ]{0,2}(\d{4}|\d\d)$/
const nameAndDay = /^([a-z]+)[- ](\d\d?)(?:st|nd|rd|th)?,? (\d{4})$/
const withoutYear = /^(\d\d?)(?:[-/. ]\d\d?|(?:st|nd|rd|th)?[-/. ]?[a-z]{3,9})$/
const spreadsheetNumber = /^\d{5}(\.\d+)?$/

const noDate = 'Must be a date, such as 13/03/2026 or 13 March 2026'

/**
 * Reads a date as people in the United Kingdom write it, day first (`13/3/2026`, `13 March 2026`, `Fri 13th Mar 26`), or year
 * first (`2026-03-13`). Two-digit years are 1969 to 2068, as in POSIX. Gives `YYYY-MM-DD`.
 */
export function readDate(text: string): Typed<string> {
  const typed = plain(text)
  const [, weekday = '', rest = ''] = /^(?:([a-z]+)[.,]? )?(.*)$/.exec(typed) ?? []
  const day = placeOf(weekdays, weekday === 'weds' ? 'wed' : weekday)
  const read = partsOf(day < 0 ? typed : rest)
  if (day < 0 || read.value === undefined) return read
  const right = new Date(`${read.value}T00:00:00Z`).getUTCDay()
  return right === day ? read : { fault: `That date is a ${weekdays[right]}, not a ${weekdays[day]}` }
}

function partsOf(typed: string): Typed<string> {
  const iso = yearFirst.exec(typed)
  if (iso && (iso[2] !== '' || typed.length === 8)) return dateOf(iso[1], Number(iso[3]), Number(iso[4]))
  const numbers = dayFirst.exec(typed)
  if (numbers) {
    const [, day, mark, month, year] = numbers
    if (Number(month) > 12 && Number(day) <= 12) {
      return { fault: `Must have the day before the month: ${[month, day, year].join(mark)}` }
    }
    return dateOf(year, Number(month), Number(day))
  }
  const [, day, name = '', year] = dayAndName.exec(typed) ?? []
  if (day && placeOf(months, name) >= 0) return dateOf(year, placeOf(months, name) + 1, Number(day))
  const [, first = '', second, third] = nameAndDay.exec(typed) ?? []
  if (second && placeOf(months, first) >= 0) return dateOf(third, placeOf(months, first) + 1, Number(second))
  if (withoutYear.test(typed)) return { fault: 'Must have a year, such as 13/03/2026' }
  if (spreadsheetNumber.test(typed)) {
    return { fault: 'Must be a date, not a spreadsheet’s number for one: format the column as a date' }
  }
  return { fault: noDate }
}

function dateOf(typedYear: string | undefined, month: number, day: number): Typed<string> {
  const year = typedYear?.length === 2 ? Number(typedYear) + (typedYear < '69' ? 2000 : 1900) : typedYear
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  if (startOfLocalDate(date, 'UTC')) return { value: date }
  const name = months[month - 1]
  return {
    fault: name ? `Must be a real date: there is no ${day} ${name} ${year}` : `There is no month ${month}`,
  }
}

const clockTime = /^(\d\d?)(?:[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?)? ?(am|pm|h|hrs|hours)?$/
const digitsOnly = /^(\d?\d)(\d\d) ?(am|pm|h|hrs|hours)?$/
const wordsForTimes: Record<string, string> = { midnight: '00:00', midday: '12:00', noon: '12:00' }

const noTime = 'Must be a time, such as 9:30am or 14:30'

/** Reads a time of day such as `9:30pm`, `9.30 p.m.`, `9pm`, `0930` or `midday`. Gives `HH:MM`, with `:SS` and `.mmm` if given. */
export function readTime(text: string): Typed<string> {
  const typed = plain(text).replace(/([ap])\.? ?m\.?$/, '$1m')
  const word = wordsForTimes[typed.replace(/^12(?:[:.]00)? ?/, '')]
  if (word) return { value: word }
  const [, digits, pair, mark] = digitsOnly.exec(typed) ?? []
  if (digits) return timeOf(digits, pair, undefined, mark)
  const [, hour, minute, second, fraction, half] = clockTime.exec(typed) ?? []
  if (!hour) return { fault: noTime }
  if (!minute && !half)
    return { fault: `Must say which: ${hour}am, ${hour}pm or ${hour.padStart(2, '0')}:00` }
  const seconds = second && (fraction ? `${second}.${fraction.slice(0, 3).padEnd(3, '0')}` : second)
  return timeOf(hour, minute, seconds, half)
}

function timeOf(hour: string, minute = '00', seconds?: string, half?: string): Typed<string> {
  const isHalf = half === 'am' || half === 'pm'
  const given = Number(hour)
  if (isHalf && (given > 12 ? half === 'am' : given === 0 && half === 'pm')) return { fault: noTime }
  const hours = isHalf && given <= 12 ? (given % 12) + (half === 'pm' ? 12 : 0) : given
  if (hours > 23 || minute > '59' || (seconds ?? '') >= '60') {
    return { fault: hours === 24 ? 'Must be 00:00 for midnight, on the day that begins then' : noTime }
  }
  return { value: [String(hours).padStart(2, '0'), minute, ...(seconds ? [seconds] : [])].join(':') }
}

const longest = 80
const zones: Record<string, number> = { z: 0, utc: 0, gmt: 0, bst: 60 }
const zoned =
  /^(.*\d(?: ?[ap]\.?m\.?)?|.*noon|.*mid(?:day|night)) ?(z|utc|gmt|bst|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)$/
const betweenDateAndTime = /(?<=\d)t(?=\d)|,? at |, ?| /g

/**
 * Reads a date and then a time, or a date alone as its first moment. Without an offset (`Z`, `+01:00`, `BST`) it is local time:
 * the earlier of two equal times when the clocks go back; one that the clocks skip becomes an hour later.
 */
export function readDateTime(text: string, timeZone: string): Typed<Date> {
  const typed = plain(text)
  if (typed.length > longest) return { fault: noDate }
  const alone = readDate(typed)
  if (alone.value !== undefined) return { value: startOfLocalDate(alone.value, timeZone) as Date }
  let fault = alone.fault
  for (const { index, 0: between } of typed.matchAll(betweenDateAndTime)) {
    const date = readDate(typed.slice(0, index))
    const rest = typed.slice(index + between.length)
    const [, clock = rest, zone] = zoned.exec(rest) ?? []
    const time = readTime(clock)
    if (date.value !== undefined && time.value !== undefined) {
      return { value: momentOf(date.value, time.value, zone, timeZone) }
    }
    if (date.value !== undefined || time.value !== undefined) fault = (date.fault ?? time.fault) as string
  }
  return { fault }
}

function momentOf(date: string, time: string, zone: string | undefined, timeZone: string): Date {
  if (zone === undefined) return instantAt(date, time, timeZone) as Date
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  const ahead = zones[zone] ?? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return new Date(Date.parse(`${date}T${time}Z`) - ahead * 60_000)
}
