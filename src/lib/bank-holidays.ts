import { dateOfDay, dayNumber } from './time'

export const nations = ['england_wales', 'scotland', 'northern_ireland'] as const

export type Nation = (typeof nations)[number]

type Holiday = { date: string; name: string }

/** Days that royal proclamations moved. */
const movedDays: Record<string, string> = {
  'Early May bank holiday 1995': '1995-05-08',
  'Spring bank holiday 2002': '2002-06-04',
  'Spring bank holiday 2012': '2012-06-04',
  'Early May bank holiday 2020': '2020-05-08',
  'Spring bank holiday 2022': '2022-06-02',
}

/** Extra days that royal proclamations appointed for one year. */
const proclaimedDays: (Holiday & { only?: Nation })[] = [
  { date: '1999-12-31', name: 'Millennium bank holiday' },
  { date: '2002-06-03', name: 'Golden Jubilee bank holiday' },
  { date: '2011-04-29', name: 'Bank holiday for the Royal Wedding' },
  { date: '2012-06-05', name: 'Diamond Jubilee bank holiday' },
  { date: '2022-06-03', name: 'Platinum Jubilee bank holiday' },
  { date: '2022-09-19', name: 'Bank holiday for the State Funeral of Queen Elizabeth II' },
  { date: '2023-05-08', name: 'Bank holiday for the Coronation of King Charles III' },
  { date: '2026-06-15', name: 'World Cup bank holiday', only: 'scotland' },
]

/** Of the St Andrew’s Day Bank Holiday (Scotland) Act 2007. */
const firstStAndrewsDay = 2007

const dateOf = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

const daysAfter = (date: string, days: number) => dateOfDay(dayNumber(date) + days)

/** Days since the last Monday: 5 and 6 are the weekend. */
const weekdayOf = (date: string) => (((dayNumber(date) + 3) % 7) + 7) % 7

const isWeekend = (date: string) => weekdayOf(date) >= 5

/** On this date or the first Monday after it. */
const mondayFrom = (date: string) => daysAfter(date, (7 - weekdayOf(date)) % 7)

/** The Sunday after the first ecclesiastical full moon on or after 21 March (Calendar (New Style) Act 1750). */
export function easterSunday(year: number): string {
  const century = Math.floor(year / 100)
  const leapDaysLeftOut = century - Math.floor(century / 4)
  const moonDrift = Math.floor((8 * century + 13) / 25)
  const yearOfMoonCycle = year % 19
  const daysToMoon = (19 * yearOfMoonCycle + leapDaysLeftOut - moonDrift + 15) % 30
  // Two lunar months of the cycle are a day short, so that no two of its full moons fall on the same date.
  const isMoonEarly = daysToMoon === 29 || (daysToMoon === 28 && yearOfMoonCycle > 10)
  const fullMoon = daysAfter(dateOf(year, 3, 21), isMoonEarly ? daysToMoon - 1 : daysToMoon)
  return daysAfter(fullMoon, 7 - ((weekdayOf(fullMoon) + 1) % 7))
}

/** By the rules alone, before days on a weekend are moved. */
function ruledDays(nation: Nation, year: number): Holiday[] {
  const isScotland = nation === 'scotland'
  const isNorthernIreland = nation === 'northern_ireland'
  const easter = easterSunday(year)
  const days: [isKept: boolean, name: string, date: string][] = [
    [true, 'New Year’s Day', dateOf(year, 1, 1)],
    [isScotland, '2nd January', dateOf(year, 1, 2)],
    [isNorthernIreland, 'St Patrick’s Day', dateOf(year, 3, 17)],
    [true, 'Good Friday', daysAfter(easter, -2)],
    [!isScotland, 'Easter Monday', daysAfter(easter, 1)],
    [true, 'Early May bank holiday', mondayFrom(dateOf(year, 5, 1))],
    [true, 'Spring bank holiday', mondayFrom(dateOf(year, 5, 25))],
    [isNorthernIreland, 'Battle of the Boyne (Orangemen’s Day)', dateOf(year, 7, 12)],
    [true, 'Summer bank holiday', mondayFrom(dateOf(year, 8, isScotland ? 1 : 25))],
    [isScotland && year >= firstStAndrewsDay, 'St Andrew’s Day', dateOf(year, 11, 30)],
    [true, 'Christmas Day', dateOf(year, 12, 25)],
    [true, 'Boxing Day', dateOf(year, 12, 26)],
  ]
  return days
    .filter(([isKept]) => isKept)
    .map(([, name, date]) => ({ date: movedDays[`${name} ${year}`] ?? date, name }))
}

/**
 * Bank holidays with dates `YYYY-MM-DD`; one on a weekend moves to the next free weekday. Includes days moved or added by
 * proclamation from 1995 on, as known in the middle of 2026; earlier years follow the rules alone (Banking and Financial Dealings
 * Act 1971 and the yearly proclamations under it).
 */
export function bankHolidays(nation: Nation, year: number): Holiday[] {
  const proclaimed = proclaimedDays.filter(
    ({ date, only }) => date.startsWith(`${year}-`) && (only ?? nation) === nation,
  )
  const days = [...ruledDays(nation, year), ...proclaimed.map(({ date, name }) => ({ date, name }))]
  const taken = new Set(days.map(({ date }) => date).filter((date) => !isWeekend(date)))
  const free = (date: string): string =>
    isWeekend(date) || taken.has(date) ? free(daysAfter(date, 1)) : date
  return days
    .map(({ date, name }) => {
      if (!isWeekend(date)) return { date, name }
      const moved = free(date)
      taken.add(moved)
      return { date: moved, name }
    })
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}
