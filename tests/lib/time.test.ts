import { describe, expect, test } from 'bun:test'
import {
  dateOfDay,
  dayNumber,
  endOfLocalDate,
  localDate,
  localYear,
  parseInstantOrDate,
  startOfLocalDate,
} from '../../src/lib/time'
import { processorMs } from '../support/cost'

const london = 'Europe/London'

describe('startOfLocalDate', () => {
  test.each([
    '2026-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '1900-02-29',
    '2026-1-1',
    '26-01-01',
    '2026/01/01',
    '2026-01-01 ',
    '2026-01-01T00:00:00Z',
    '',
  ])('refuses "%s"', (text) => {
    expect(startOfLocalDate(text, london)).toBeUndefined()
  })

  test('takes no year of the first century for one of the twentieth', () => {
    expect(startOfLocalDate('0050-01-01', 'UTC')?.getUTCFullYear() ?? 50).toBe(50)
  })

  test.each([
    ['in winter', '2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['in summer', '2026-07-15', '2026-07-14T23:00:00.000Z'],
    ['on the day the clocks go forward', '2026-03-29', '2026-03-29T00:00:00.000Z'],
    ['on the day after', '2026-03-30', '2026-03-29T23:00:00.000Z'],
    ['on the day the clocks go back', '2026-10-25', '2026-10-24T23:00:00.000Z'],
    ['on the day after that', '2026-10-26', '2026-10-26T00:00:00.000Z'],
    ['on a leap day', '2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('is midnight in London %s', (_, text, instant) => {
    expect(startOfLocalDate(text, london)?.toISOString()).toBe(instant)
  })

  test('makes the day the clocks go forward 23 hours long and the day they go back 25', () => {
    const start = (text: string) => startOfLocalDate(text, london)?.getTime() ?? Number.NaN
    expect(start('2026-03-30') - start('2026-03-29')).toBe(23 * 3_600_000)
    expect(start('2026-10-26') - start('2026-10-25')).toBe(25 * 3_600_000)
  })

  test('is midnight there where the clocks change between it and midnight in UTC', () => {
    const start = (text: string) => startOfLocalDate(text, 'Pacific/Auckland')?.toISOString()
    expect(start('2026-04-05')).toBe('2026-04-04T11:00:00.000Z')
    expect(start('2026-04-06')).toBe('2026-04-05T12:00:00.000Z')
  })

  test('follows another time zone', () => {
    expect(startOfLocalDate('2026-07-15', 'UTC')?.toISOString()).toBe('2026-07-15T00:00:00.000Z')
    expect(startOfLocalDate('2026-07-15', 'Pacific/Auckland')?.toISOString()).toBe('2026-07-14T12:00:00.000Z')
  })
})

describe('parseInstantOrDate', () => {
  test.each([
    ['without offset', '2026-03-29T09:30:00'],
    ['on a day that does not exist', '2026-02-30T09:30:00Z'],
    ['at an hour that does not exist', '2026-03-29T25:00:00Z'],
    ['at a minute that does not exist', '2026-03-29T09:60:00Z'],
    ['with an offset that does not exist', '2026-03-29T09:30:00+99:00'],
    ['with a space', '2026-03-29 09:30:00Z'],
    ['with an offset in hours only', '2026-03-29T09:30:00+01'],
    ['with more than a text', '2026-03-29T09:30:00Z;'],
    ['as a number', '1774776600000'],
    ['in words', 'tomorrow'],
  ])('refuses an instant %s', (_, text) => {
    expect(parseInstantOrDate(text, london)).toBeUndefined()
  })

  test.each([
    ['in UTC', '2026-03-29T09:30:00Z', '2026-03-29T09:30:00.000Z'],
    ['with milliseconds', '2026-03-29T09:30:00.125Z', '2026-03-29T09:30:00.125Z'],
    ['with nanoseconds', '2026-03-29T09:30:00.123456789Z', '2026-03-29T09:30:00.123Z'],
    ['to the minute', '2026-03-29T09:30Z', '2026-03-29T09:30:00.000Z'],
    ['with an offset ahead', '2026-07-01T00:30:00+01:00', '2026-06-30T23:30:00.000Z'],
    ['with an offset behind', '2026-07-01T23:30:00-02:30', '2026-07-02T02:00:00.000Z'],
    ['in the hour that London skips', '2026-03-29T01:30:00Z', '2026-03-29T01:30:00.000Z'],
  ])('reads an instant %s', (_, text, instant) => {
    expect(parseInstantOrDate(text, london)?.toISOString()).toBe(instant)
  })

  test('tells apart the two times half past one on the day the clocks go back', () => {
    const first = parseInstantOrDate('2026-10-25T01:30:00+01:00', london)?.getTime() ?? Number.NaN
    const second = parseInstantOrDate('2026-10-25T01:30:00+00:00', london)?.getTime() ?? Number.NaN
    expect(second - first).toBe(3_600_000)
  })

  test('reads a date as its start in the time zone', () => {
    expect(parseInstantOrDate('2026-07-15', london)?.toISOString()).toBe('2026-07-14T23:00:00.000Z')
    expect(parseInstantOrDate('2026-02-30', london)).toBeUndefined()
  })
})

describe('localYear', () => {
  test.each([
    ['the last millisecond of the year', '2025-12-31T23:59:59.999Z', london, 2025],
    ['midnight at new year', '2026-01-01T00:00:00.000Z', london, 2026],
    // From 1968 to 1971 London stayed an hour ahead all winter.
    ['an hour before UTC when summer time lasted all year', '1970-12-31T23:00:00.000Z', london, 1971],
    ['half a day before UTC in Auckland', '2025-12-31T11:00:00.000Z', 'Pacific/Auckland', 2026],
    ['hours after UTC in New York', '2026-01-01T04:59:59.999Z', 'America/New_York', 2025],
  ])('is right at %s', (_, instant, timeZone, year) => {
    expect(localYear(new Date(instant), timeZone)).toBe(year)
  })
})

describe('localDate', () => {
  test('refuses an instant that is none, and an unknown time zone', () => {
    expect(() => localDate(new Date(Number.NaN), london)).toThrow(RangeError)
    expect(() => localDate(new Date(0), 'Europe/Atlantis')).toThrow(RangeError)
  })

  test.each([
    ['the last second of a winter day', '2026-01-15T23:59:59.999Z', london, '2026-01-15'],
    ['midnight in winter', '2026-01-16T00:00:00.000Z', london, '2026-01-16'],
    ['the last second of a summer day', '2026-07-15T22:59:59.999Z', london, '2026-07-15'],
    ['midnight in summer', '2026-07-15T23:00:00.000Z', london, '2026-07-16'],
    ['the start of the day the clocks go forward', '2026-03-29T00:00:00.000Z', london, '2026-03-29'],
    ['the end of it', '2026-03-29T22:59:59.999Z', london, '2026-03-29'],
    ['the start of the next', '2026-03-29T23:00:00.000Z', london, '2026-03-30'],
    ['the start of the day the clocks go back', '2026-10-24T23:00:00.000Z', london, '2026-10-25'],
    ['the end of it', '2026-10-25T23:59:59.999Z', london, '2026-10-25'],
    ['the start of the next', '2026-10-26T00:00:00.000Z', london, '2026-10-26'],
    ['the day after in Auckland', '2026-07-15T12:00:00.000Z', 'Pacific/Auckland', '2026-07-16'],
    ['the day before in New York', '2026-01-01T04:59:59.999Z', 'America/New_York', '2025-12-31'],
  ])('is right at %s', (_, instant, timeZone, date) => {
    expect(localDate(new Date(instant), timeZone)).toBe(date)
  })

  test('is quick enough to be asked at every write', async () => {
    const cost = await processorMs(() => {
      for (let i = 0; i < 10_000; i++) localDate(new Date(i * 86_400_000), london)
    })
    expect(cost).toBeLessThan(1_000)
  })
})

describe('endOfLocalDate', () => {
  test.each(['2026-02-30', '2026-1-1', '', 'today', '9999-12-31'])('refuses "%s"', (date) => {
    expect(() => endOfLocalDate(date, london)).toThrow(RangeError)
  })

  test.each([
    ['in winter', '2026-01-15', '2026-01-15T23:59:59.000Z'],
    ['in summer', '2026-07-15', '2026-07-15T22:59:59.000Z'],
    ['on the day before the clocks go forward', '2026-03-28', '2026-03-28T23:59:59.000Z'],
    ['on the day the clocks go forward', '2026-03-29', '2026-03-29T22:59:59.000Z'],
    ['on the day before the clocks go back', '2026-10-24', '2026-10-24T22:59:59.000Z'],
    ['on the day the clocks go back', '2026-10-25', '2026-10-25T23:59:59.000Z'],
    ['on a leap day', '2028-02-29', '2028-02-29T23:59:59.000Z'],
    ['at the end of the year', '2026-12-31', '2026-12-31T23:59:59.000Z'],
  ])('is the last second in London %s', (_, date, instant) => {
    expect(endOfLocalDate(date, london).toISOString()).toBe(instant)
  })

  test('lies within its date and a second before the next', () => {
    for (let day = dayNumber('2026-01-01'); day < dayNumber('2027-01-01'); day++) {
      const end = endOfLocalDate(dateOfDay(day), london)
      expect(localDate(end, london)).toBe(dateOfDay(day))
      expect(localDate(new Date(end.getTime() + 1_000), london)).toBe(dateOfDay(day + 1))
    }
  })
})

describe('dayNumber and dateOfDay', () => {
  test('refuse what is no date of the years 1000 to 9999', () => {
    for (const date of ['2026-02-29', '0999-12-31', '10000-01-01', '2026-01-01 ']) {
      expect(() => dayNumber(date)).toThrow(RangeError)
    }
    for (const day of [dayNumber('1000-01-01') - 1, dayNumber('9999-12-31') + 1, Number.NaN]) {
      expect(() => dateOfDay(day)).toThrow(RangeError)
    }
  })

  test('count days from the start of 1970 and back', () => {
    expect(dayNumber('1970-01-01')).toBe(0)
    expect(dayNumber('1969-12-31')).toBe(-1)
    expect(dayNumber('2026-03-30') - dayNumber('2026-03-29')).toBe(1)
    for (const date of ['1000-01-01', '1900-02-28', '2000-02-29', '2026-10-25', '9999-12-31']) {
      expect(dateOfDay(dayNumber(date))).toBe(date)
    }
  })
})
