import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { nations } from '../../src/lib/bank-holidays'
import { dateOfDay, dayNumber } from '../../src/lib/time'
import { addDays, daysWithin, dayTypes, type WorkCalendar, workCalendar } from '../../src/lib/workdays'
import { processorMs } from '../support/cost'

const noChanges = { added: [], removed: [] }
const england = workCalendar('england_wales', noChanges)
const scotland = workCalendar('scotland', noChanges)

const dates = fc.integer({ min: dayNumber('2019-06-01'), max: dayNumber('2036-06-01') }).map(dateOfDay)
const counts = fc.integer({ min: 0, max: 300 })
const calendars = fc
  .record({
    nation: fc.constantFrom(...nations),
    added: fc.array(fc.record({ date: dates, name: fc.constant('Closed') }), { maxLength: 20 }),
    removed: fc.constant(['2026-04-03', '2026-12-25']),
  })
  .map(({ nation, added, removed }) => workCalendar(nation, { added, removed }))

describe('workCalendar', () => {
  test('knows the nation’s bank holidays and leaves weekends alone', () => {
    expect(england.isHoliday('2026-04-06')).toBe(true)
    expect(scotland.isHoliday('2026-04-06')).toBe(false)
    expect(scotland.isHoliday('2026-06-15')).toBe(true)
    expect(england.isHoliday('2026-04-04')).toBe(false)
    expect(england.isHoliday('2026-04-07')).toBe(false)
  })

  test('follows the council’s changes, a date in both being a day off', () => {
    const added = [
      { date: '2026-12-29', name: 'Closed between the years' },
      { date: '2026-05-04', name: 'Closed after all' },
    ]
    const calendar = workCalendar('england_wales', { added, removed: ['2026-08-31', '2026-05-04'] })
    expect(calendar.isHoliday('2026-12-29')).toBe(true)
    expect(calendar.isHoliday('2026-08-31')).toBe(false)
    expect(calendar.isHoliday('2026-05-04')).toBe(true)
    expect(england.isHoliday('2026-08-31')).toBe(true)
  })

  test('is cheap to make for every request', async () => {
    const cost = await processorMs(() => {
      for (let i = 0; i < 10_000; i++) workCalendar('scotland', noChanges).isHoliday('2026-12-25')
    })
    expect(cost).toBeLessThan(500)
  })
})

describe('addDays', () => {
  test.each([10_001, -10_001, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %p days', (days) => {
    for (const dayType of dayTypes) {
      expect(() => addDays('2026-05-01', days, dayType, england)).toThrow(RangeError)
    }
  })

  test.each(['2026-02-30', '2026-5-1', '', '2026-05-01T00:00:00Z', '20260501'])('refuses "%s"', (date) => {
    for (const dayType of dayTypes) expect(() => addDays(date, 1, dayType, england)).toThrow(RangeError)
  })

  test('ends where no day is ever worked', () => {
    const never: WorkCalendar = { isHoliday: () => true }
    expect(() => addDays('9900-01-01', 1, 'working', never)).toThrow(RangeError)
    expect(() => addDays('1100-01-01', -1, 'working', never)).toThrow(RangeError)
  })

  test.each([
    ['the next day', '2026-05-05', 1, '2026-05-06'],
    ['the date itself, even a bank holiday', '2026-05-04', 0, '2026-05-04'],
    ['Monday after a Friday', '2026-05-08', 1, '2026-05-11'],
    ['Monday after a Sunday', '2026-05-10', 1, '2026-05-11'],
    ['Tuesday after Easter from Maundy Thursday', '2026-04-02', 1, '2026-04-07'],
    ['20 days over both Easter days and early May', '2026-04-02', 20, '2026-05-05'],
    ['over Christmas and New Year', '2026-12-24', 3, '2026-12-31'],
    ['into the next year', '2026-12-31', 1, '2027-01-04'],
    ['back over Easter', '2026-04-07', -1, '2026-04-02'],
    ['back from a Saturday', '2026-05-09', -1, '2026-05-08'],
  ])('in working days gives %s', (_, date, days, result) => {
    expect(addDays(date, days, 'working', england)).toBe(result)
  })

  test('differs between the nations and with the council’s days', () => {
    expect(addDays('2026-04-02', 1, 'working', scotland)).toBe('2026-04-06')
    expect(addDays('2026-06-12', 1, 'working', scotland)).toBe('2026-06-16')
    expect(addDays('2026-06-12', 1, 'working', england)).toBe('2026-06-15')
    const changed = workCalendar('england_wales', {
      added: [{ date: '2026-04-07', name: 'Closed' }],
      removed: ['2026-04-03'],
    })
    expect(addDays('2026-04-02', 2, 'working', changed)).toBe('2026-04-08')
  })

  test.each([
    ['over the end of February', '2028-02-28', 1, '2028-02-29'],
    ['over both changes of the clocks', '2026-03-28', 365, '2027-03-28'],
    ['back over new year', '2026-01-01', -1, '2025-12-31'],
    ['as many as it takes', '2026-01-01', 10_000, '2053-05-19'],
  ])('in calendar days counts %s', (_, date, days, result) => {
    expect(addDays(date, days, 'calendar', england)).toBe(result)
  })

  test('lands on a working day, and in one step where two would', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 300 }), counts, calendars, (date, n, m, calendar) => {
        const reached = addDays(date, n, 'working', calendar)
        expect(calendar.isHoliday(reached)).toBe(false)
        expect([0, 6]).not.toContain(new Date(reached).getUTCDay())
        expect(addDays(date, n + m, 'working', calendar)).toBe(addDays(reached, m, 'working', calendar))
      }),
    )
  })

  test('comes back from a working day to where it was', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 300 }), calendars, (date, n, calendar) => {
        const start = addDays(date, 1, 'working', calendar)
        expect(addDays(addDays(start, n, 'working', calendar), -n, 'working', calendar)).toBe(start)
      }),
    )
  })

  test('in calendar days is plain date arithmetic', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -10_000, max: 10_000 }), (date, days) => {
        const plain = new Date(`${date}T00:00:00Z`)
        plain.setUTCDate(plain.getUTCDate() + days)
        expect(addDays(date, days, 'calendar', england)).toBe(plain.toISOString().slice(0, 10))
      }),
    )
  })
})

describe('daysWithin', () => {
  test('refuses what is no date, and working days of more than a century', () => {
    expect(() => daysWithin('2026-02-30', '2026-03-02', 'working', england)).toThrow(RangeError)
    expect(() => daysWithin('2026-03-02', 'soon', 'calendar', england)).toThrow(RangeError)
    expect(() => daysWithin('1026-01-01', '2026-01-01', 'working', england)).toThrow(RangeError)
  })

  test.each([
    ['the same date', '2026-05-05', '2026-05-05', 0, 0],
    ['a date before', '2026-05-05', '2026-05-01', 0, 0],
    ['the next day', '2026-05-05', '2026-05-06', 1, 1],
    ['a weekend', '2026-05-08', '2026-05-10', 0, 2],
    ['Easter', '2026-04-02', '2026-04-07', 1, 5],
    ['a pause of a week', '2026-05-11', '2026-05-18', 5, 7],
    ['a year', '2025-12-31', '2026-12-31', 253, 365],
  ])('counts %s', (_, after, until, working, calendar) => {
    expect(daysWithin(after, until, 'working', england)).toBe(working)
    expect(daysWithin(after, until, 'calendar', england)).toBe(calendar)
  })

  test('counts the days that addDays adds', () => {
    fc.assert(
      fc.property(dates, counts, fc.constantFrom(...dayTypes), calendars, (date, n, dayType, calendar) => {
        expect(daysWithin(date, addDays(date, n, dayType, calendar), dayType, calendar)).toBe(n)
      }),
    )
  })

  test('adds up over a date between', () => {
    fc.assert(
      fc.property(dates, counts, counts, calendars, (date, n, m, calendar) => {
        const [middle, last] = [n, n + m].map((days) => addDays(date, days, 'calendar', calendar))
        const within = (after: string, until: string) => daysWithin(after, until, 'working', calendar)
        expect(within(date, middle as string) + within(middle as string, last as string)).toBe(
          within(date, last as string),
        )
      }),
    )
  })

  test('is quick over fifty years', async () => {
    const days = () => daysWithin('2020-01-01', '2070-01-01', 'working', england)
    expect(days()).toBeGreaterThan(12_000)
    expect(await processorMs(days)).toBeLessThan(300)
  })
})
