import { describe, expect, test } from 'bun:test'
import { bankHolidays, easterSunday, type Nation, nations } from '../../src/lib/bank-holidays'

/** The lists that GOV.UK publishes, or published in its time, each date as month and day. */
const published: Record<number, Record<Nation, string>> = {
  1995: {
    england_wales: '01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26',
    scotland: '01-02 01-03 04-14 05-08 05-29 08-07 12-25 12-26',
    northern_ireland: '01-02 03-17 04-14 04-17 05-08 05-29 07-12 08-28 12-25 12-26',
  },
  1999: {
    england_wales: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31',
    scotland: '01-01 01-04 04-02 05-03 05-31 08-02 12-27 12-28 12-31',
    northern_ireland: '01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28 12-31',
  },
  2002: {
    england_wales: '01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26',
    scotland: '01-01 01-02 03-29 05-06 06-03 06-04 08-05 12-25 12-26',
    northern_ireland: '01-01 03-18 03-29 04-01 05-06 06-03 06-04 07-12 08-26 12-25 12-26',
  },
  2006: {
    england_wales: '01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26',
    scotland: '01-02 01-03 04-14 05-01 05-29 08-07 12-25 12-26',
    northern_ireland: '01-02 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26',
  },
  2011: {
    england_wales: '01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27',
    scotland: '01-03 01-04 04-22 04-29 05-02 05-30 08-01 11-30 12-26 12-27',
    northern_ireland: '01-03 03-17 04-22 04-25 04-29 05-02 05-30 07-12 08-29 12-26 12-27',
  },
  2012: {
    england_wales: '01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26',
    scotland: '01-02 01-03 04-06 05-07 06-04 06-05 08-06 11-30 12-25 12-26',
    northern_ireland: '01-02 03-19 04-06 04-09 05-07 06-04 06-05 07-12 08-27 12-25 12-26',
  },
  2020: {
    england_wales: '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28',
    scotland: '01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28',
    northern_ireland: '01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28',
  },
  2021: {
    england_wales: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
    scotland: '01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28',
    northern_ireland: '01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28',
  },
  2022: {
    england_wales: '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27',
    scotland: '01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27',
    northern_ireland: '01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27',
  },
  2023: {
    england_wales: '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26',
    scotland: '01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26',
    northern_ireland: '01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26',
  },
  2024: {
    england_wales: '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26',
    scotland: '01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26',
    northern_ireland: '01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26',
  },
  2025: {
    england_wales: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    scotland: '01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26',
    northern_ireland: '01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26',
  },
  2026: {
    england_wales: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    scotland: '01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28',
    northern_ireland: '01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28',
  },
  2027: {
    england_wales: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
    scotland: '01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28',
    northern_ireland: '01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28',
  },
}

const lists = Object.entries(published).flatMap(([year, byNation]) =>
  nations.map((nation) => [nation, Number(year), byNation[nation].split(' ')] as const),
)

describe('bankHolidays', () => {
  test.each([999, 10_000, 2026.5, Number.NaN])('refuses the year %p', (year) => {
    expect(() => bankHolidays('england_wales', year)).toThrow(RangeError)
  })

  test.each(lists)('are those published for %s in %i', (nation, year, days) => {
    expect(bankHolidays(nation, year).map(({ date }) => date)).toEqual(days.map((day) => `${year}-${day}`))
  })

  const named = (nation: Nation, date: string) =>
    bankHolidays(nation, Number(date.slice(0, 4))).find((day) => day.date === date)?.name

  test.each([
    ['england_wales', '2022-01-03', 'New Year’s Day'],
    ['england_wales', '2011-04-29', 'Bank holiday for the Royal Wedding'],
    ['england_wales', '2012-06-04', 'Spring bank holiday'],
    ['england_wales', '2012-06-05', 'Diamond Jubilee bank holiday'],
    ['scotland', '2007-11-30', 'St Andrew’s Day'],
    ['england_wales', '2022-06-02', 'Spring bank holiday'],
    ['england_wales', '2022-06-03', 'Platinum Jubilee bank holiday'],
    ['england_wales', '2022-12-26', 'Boxing Day'],
    ['england_wales', '2022-12-27', 'Christmas Day'],
    ['england_wales', '2027-12-27', 'Christmas Day'],
    ['england_wales', '2027-12-28', 'Boxing Day'],
    ['england_wales', '2020-05-08', 'Early May bank holiday'],
    ['scotland', '2023-05-08', 'Bank holiday for the Coronation of King Charles III'],
    ['scotland', '2026-06-15', 'World Cup bank holiday'],
    ['scotland', '2022-01-04', '2nd January'],
    ['northern_ireland', '2025-07-14', 'Battle of the Boyne (Orangemen’s Day)'],
  ] as const)('in %s name %s "%s"', (nation, date, name) => {
    expect(named(nation, date)).toBe(name)
  })

  test('give a day that one nation keeps to no other', () => {
    expect(named('england_wales', '2026-06-15')).toBeUndefined()
    expect(named('northern_ireland', '2026-06-15')).toBeUndefined()
    expect(named('scotland', '2026-04-06')).toBeUndefined()
    expect(named('scotland', '2026-08-31')).toBeUndefined()
    expect(named('england_wales', '2026-03-17')).toBeUndefined()
  })

  test('are weekdays, sorted, each of its own, and as many every ruled year', () => {
    const count = { england_wales: 8, scotland: 9, northern_ireland: 10 }
    for (const nation of nations) {
      for (let year = 2027; year <= 2127; year++) {
        const dates = bankHolidays(nation, year).map(({ date }) => date)
        expect(dates).toHaveLength(count[nation])
        expect(dates).toEqual([...new Set(dates)].sort())
        expect(dates.filter((date) => [0, 6].includes(new Date(date).getUTCDay()))).toEqual([])
      }
    }
  })

  test('hands out a list of its own each time', () => {
    bankHolidays('scotland', 2026).pop()
    expect(bankHolidays('scotland', 2026)).toHaveLength(10)
  })
})

describe('easterSunday', () => {
  test.each([
    ...'2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28'.split(' '),
    ...'2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25'.split(' '),
    // The earliest and the latest there are, and two years in which the full moon is a day early.
    ...'1818-03-22 2285-03-22 1943-04-25 2038-04-25 1954-04-18 1981-04-19'.split(' '),
  ])('is %s', (date) => {
    expect(easterSunday(Number(date.slice(0, 4)))).toBe(date)
  })
})
