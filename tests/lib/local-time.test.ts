import { describe, expect, test } from 'bun:test'
import { instantAt, localTime } from '../../src/lib/local-time'

const at = (date: string, time: string, zone = 'Europe/London') => instantAt(date, time, zone)?.toISOString()

describe('instantAt', () => {
  test.each([
    ['2026-02-29', '10:00'],
    ['yesterday', '10:00'],
    ['', '10:00'],
    ['2026-03-13', '24:00'],
    ['2026-03-13', '9:60'],
    ['2026-03-13', '9'],
    ['2026-03-13', '9:30am'],
    ['2026-03-13', ''],
  ])('knows no %s at %s', (date, time) => {
    expect(at(date, time)).toBeUndefined()
  })

  test.each([
    ['2026-03-13', '09:30', '2026-03-13T09:30:00.000Z'],
    ['2026-07-01', '9.05', '2026-07-01T08:05:00.000Z'],
    ['2026-07-01', '0:30', '2026-06-30T23:30:00.000Z'],
    ['2026-03-29', '00:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25', '00:30', '2026-10-24T23:30:00.000Z'],
    ['2026-10-25', '02:30', '2026-10-25T02:30:00.000Z'],
  ])('reads %s at %s in London', (date, time, instant) => {
    expect(at(date, time)).toBe(instant)
  })

  test('takes what is skipped in spring as an hour later', () => {
    expect(at('2026-03-29', '01:30')).toBe('2026-03-29T01:30:00.000Z')
  })

  test('takes what comes twice in autumn as the earlier', () => {
    expect(at('2026-10-25', '01:30')).toBe('2026-10-25T00:30:00.000Z')
    expect(at('2026-10-25', '01:59:59.999')).toBe('2026-10-25T00:59:59.999Z')
    expect(at('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z')
  })

  test('knows other time zones', () => {
    expect(at('2026-03-13', '23:00', 'America/New_York')).toBe('2026-03-14T03:00:00.000Z')
  })
})

test.each([
  ['2026-03-13T09:30:00.000Z', '2026-03-13 09:30'],
  ['2026-07-13T09:30:05.250Z', '2026-07-13 10:30:05.250'],
  ['2026-07-13T23:30:05.000Z', '2026-07-14 00:30:05'],
  ['2026-10-25T00:30:00.000Z', '2026-10-25 01:30'],
  ['2026-10-25T01:30:00.000Z', '2026-10-25 01:30+00:00'],
  ['2026-10-25T02:00:00.000Z', '2026-10-25 02:00'],
  ['2026-03-29T01:00:00.000Z', '2026-03-29 02:00'],
])('%s is written as %s in London', (instant, text) => {
  expect(localTime(new Date(instant), 'Europe/London', true)).toBe(text)
})

test('seconds are left out where they are too much for people', () => {
  expect(localTime(new Date('2026-07-13T09:30:05.250Z'), 'Europe/London', false)).toBe('2026-07-13 10:30')
})
