import { describe, expect, test } from 'bun:test'
import { askedWait, nextAttempt, restMs } from '../../../src/resources/webhooks/attempt/schedule'

const now = new Date('2026-03-13T09:30:00.000Z')
const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** Milliseconds until the next attempt. */
const wait = (attempts: number, random: number, askedMs: number | null = null): number | null => {
  const next = nextAttempt(attempts, now, random, askedMs)
  return next && next.getTime() - now.getTime()
}

describe('after a failed attempt', () => {
  test.each([
    [1, 5 * second],
    [2, 5 * minute],
    [3, 30 * minute],
    [4, 2 * hour],
    [5, 5 * hour],
    [6, 10 * hour],
    [7, 10 * hour],
  ])('number %i the next comes %i ms later, a fifth sooner or later', (attempts, delay) => {
    expect([0, 0.25, 0.5, 1].map((random) => wait(attempts, random))).toEqual(
      [0.8, 0.9, 1, 1.2].map((part) => Math.round(delay * part)),
    )
  })

  test.each([8, 9, 100])('number %i there is none, whatever the endpoint asks for', (attempts) => {
    expect([wait(attempts, 0), wait(attempts, 1), wait(attempts, 0.5, hour)]).toEqual([null, null, null])
  })

  test('the endpoint is left alone for as long as it asks, and never called sooner than the delay', () => {
    expect(wait(1, 0.5, 7 * second)).toBe(7 * second)
    expect(wait(1, 0.5, 3 * second)).toBe(5 * second)
    expect(wait(1, 0.5, 0)).toBe(5 * second)
    expect(wait(7, 0, 24 * hour)).toBe(24 * hour)
    expect(wait(7, 0, 2 * hour)).toBe(8 * hour)
  })
})

describe('an endpoint that fails and fails', () => {
  test('rests from its eighth failure on, ever longer, a minute at most', () => {
    expect([0, 1, 7].map(restMs)).toEqual([0, 0, 0])
    expect([8, 9, 10, 13, 14, 15, 5_000].map(restMs)).toEqual(
      [1, 2, 4, 32, 60, 60, 60].map((seconds) => seconds * second),
    )
  })
})

describe('Retry-After', () => {
  test.each([
    null,
    '',
    ' ',
    'soon',
    'tomorrow',
    'NaN',
    'Infinity',
    '5 seconds',
    'Fri, 99 Foo 2026 09:30:00 GMT',
  ])('asks for nothing where it says %j', (text) => {
    expect(askedWait(text, now)).toBeNull()
  })

  test.each([
    ['0', 0],
    ['1', second],
    [' 120 ', 2 * minute],
    ['0120', 2 * minute],
    ['86400', 24 * hour],
    ['86401', 24 * hour],
    ['999999999', 24 * hour],
  ])('as the seconds %j asks for %i ms', (text, ms) => {
    expect(askedWait(text, now)).toBe(ms)
  })

  test.each([
    ['Fri, 13 Mar 2026 09:30:01 GMT', second],
    ['Fri, 13 Mar 2026 10:30:00 GMT', hour],
    ['Sat, 14 Mar 2026 09:30:00 GMT', 24 * hour],
    ['Sat, 14 Mar 2026 09:30:01 GMT', 24 * hour],
    ['Thu, 31 Dec 9999 23:59:59 GMT', 24 * hour],
    // The present, and the past.
    ['Fri, 13 Mar 2026 09:30:00 GMT', 0],
    ['Fri, 13 Mar 2026 09:29:59 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('as the date %j asks for %i ms', (text, ms) => {
    expect(askedWait(text, now)).toBe(ms)
  })

  test.each(['-1', '-86400', '1.5', '1e9', '0x10', '99999999999999999999', 'in 5', '5,5'])(
    'never asks for more than a day or less than nothing: %j',
    (text) => {
      const asked = askedWait(text, now)
      expect(asked === null || (asked >= 0 && asked <= 24 * hour)).toBe(true)
    },
  )
})
