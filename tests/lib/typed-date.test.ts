import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readDate, readDateTime, readTime } from '../../src/lib/typed-date'

describe('a date that somebody types', () => {
  test.each([
    ['', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['soon', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['1/2', 'Must have a year, such as 13/03/2026'],
    ['10 March', 'Must have a year, such as 13/03/2026'],
    ['03/13/2025', 'Must have the day before the month: 13/03/2025'],
    ['3-13-25', 'Must have the day before the month: 13-3-25'],
    ['13/13/2025', 'There is no month 13'],
    ['2025-13-01', 'There is no month 13'],
    ['00/00/2025', 'There is no month 0'],
    ['31/06/2026', 'Must be a real date: there is no 31 June 2026'],
    ['29 Feb 2026', 'Must be a real date: there is no 29 February 2026'],
    ['Monday 10 March 2026', 'That date is a Tuesday, not a Monday'],
    ['46091', 'Must be a date, not a spreadsheet’s number for one: format the column as a date'],
    ['46091.5', 'Must be a date, not a spreadsheet’s number for one: format the column as a date'],
    ['10/03/202', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['10/03-2026', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['10 Ma 2026', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['10 Marchy 2026', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
  ])('%p: %s', (text, fault) => {
    expect(readDate(text)).toEqual({ fault })
  })

  test.each([
    ['2026-12-10', '2026-12-10'],
    ['2026/12/10', '2026-12-10'],
    ['Weds 11 March 2026', '2026-03-11'],
    ['Mon. 9 March 2026', '2026-03-09'],
    ['20261210', '2026-12-10'],
    ['10/12/2026', '2026-12-10'],
    ['1/2/2026', '2026-02-01'],
    ['01.02.2026', '2026-02-01'],
    ['10-12-26', '2026-12-10'],
    ['10–12–2026', '2026-12-10'],
    ['10 12 2026', '2026-12-10'],
    ['31/12/68', '2068-12-31'],
    ['1/1/69', '1969-01-01'],
    [' 10  March 2026 ', '2026-03-10'],
    ['10\u00a0march\u00a02026', '2026-03-10'],
    ['10th of March 2026', '2026-03-10'],
    ['Tuesday 10 March 2026', '2026-03-10'],
    ['Tue, 10 Mar 2026', '2026-03-10'],
    ['10 MAR 26', '2026-03-10'],
    ['10 Mar ’26', '2026-03-10'],
    ['13-Mar-25', '2025-03-13'],
    ['13-Mar-2025', '2025-03-13'],
    ['1 Sept. 2026', '2026-09-01'],
    ['March 10, 2026', '2026-03-10'],
    ['10/3/2026\u200b', '2026-03-10'],
  ])('%p is %s', (text, date) => {
    expect(readDate(text)).toEqual({ value: date })
  })
})

describe('a time that somebody types', () => {
  test.each([
    ['', 'Must be a time, such as 9:30am or 14:30'],
    ['later', 'Must be a time, such as 9:30am or 14:30'],
    ['9', 'Must say which: 9am, 9pm or 09:00'],
    ['9:60', 'Must be a time, such as 9:30am or 14:30'],
    ['25:00', 'Must be a time, such as 9:30am or 14:30'],
    ['13:30am', 'Must be a time, such as 9:30am or 14:30'],
    ['0:30pm', 'Must be a time, such as 9:30am or 14:30'],
    ['24:00', 'Must be 00:00 for midnight, on the day that begins then'],
    ['9:3', 'Must be a time, such as 9:30am or 14:30'],
  ])('%p: %s', (text, fault) => {
    expect(readTime(text)).toEqual({ fault })
  })

  test.each([
    ['9:30pm', '21:30'],
    ['9.30 p.m.', '21:30'],
    ['9:30\u202fPM', '21:30'],
    ['9pm', '21:00'],
    ['12am', '00:00'],
    ['12:00 noon', '12:00'],
    ['12.00 midnight', '00:00'],
    ['12:05pm', '12:05'],
    ['12:30am', '00:30'],
    ['13:30pm', '13:30'],
    ['0930', '09:30'],
    ['930', '09:30'],
    ['0930hrs', '09:30'],
    ['930pm', '21:30'],
    ['14:30', '14:30'],
    ['9.05', '09:05'],
    ['0:00', '00:00'],
    ['14:30:05', '14:30:05'],
    ['14:30:05.2500000', '14:30:05.250'],
    ['Midday', '12:00'],
    ['12 noon', '12:00'],
    ['midnight', '00:00'],
  ])('%p is %s', (text, time) => {
    expect(readTime(text)).toEqual({ value: time })
  })
})

describe('a date with a time', () => {
  const read = (text: string) => readDateTime(text, 'Europe/London')

  test.each([
    ['', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['9:30pm', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['03/13/2025 09:30', 'Must have the day before the month: 13/03/2025'],
    ['13/03/2025 soon', 'Must be a time, such as 9:30am or 14:30'],
    ['13/03/2025 10:00 +99:99', 'Must be a time, such as 9:30am or 14:30'],
    ['13/03/2025 25:00', 'Must be a time, such as 9:30am or 14:30'],
    ['2026-03-13T', 'Must be a date, such as 13/03/2026 or 13 March 2026'],
    ['46091.5', 'Must be a date, not a spreadsheet’s number for one: format the column as a date'],
  ])('%p: %s', (text, fault) => {
    expect(read(text)).toEqual({ fault })
  })

  test.each([
    ['13/03/2025', '2025-03-13T00:00:00.000Z'],
    ['1/7/2025', '2025-06-30T23:00:00.000Z'],
    ['13/03/2025 09:30', '2025-03-13T09:30:00.000Z'],
    ['13/07/2025 09:30', '2025-07-13T08:30:00.000Z'],
    ['13-Mar-25 9:30pm', '2025-03-13T21:30:00.000Z'],
    ['10 March 2026 at 9.30 pm', '2026-03-10T21:30:00.000Z'],
    ['Tue 10 March 2026, midday', '2026-03-10T12:00:00.000Z'],
    ['10 12 2026 0930', '2026-12-10T09:30:00.000Z'],
    ['2024-05-01T10:00:00', '2024-05-01T09:00:00.000Z'],
    ['2024-05-01 10:00:00.000', '2024-05-01T09:00:00.000Z'],
    ['2024-05-01T10:00:00.123Z', '2024-05-01T10:00:00.123Z'],
    ['2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00.000Z'],
    ['2024-05-01 10:00 -0530', '2024-05-01T15:30:00.000Z'],
    ['01/05/2024 10:00 BST', '2024-05-01T09:00:00.000Z'],
    ['01/05/2024 10am GMT', '2024-05-01T10:00:00.000Z'],
    ['2026-03-29 01:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 01:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25 01:30+01:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25 01:30+00:00', '2026-10-25T01:30:00.000Z'],
  ])('%p is %s', (text, instant) => {
    expect(read(text).value?.toISOString()).toBe(instant)
  })

  test('every instant comes back from its own text', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(read(date.toISOString())).toEqual({ value: date })
      }),
    )
  })

  test('long nonsense is refused quickly', () => {
    for (const piece of ['1 ', '1/', 'mar ', '1:1', ' at ', 't1']) {
      expect(read(piece.repeat(500)).value).toBeUndefined()
    }
  })
})
