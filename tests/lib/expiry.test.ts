import { describe, expect, test } from 'bun:test'
import { readExpiry } from '../../src/lib/expiry'

describe('readExpiry', () => {
  const now = new Date('2026-03-28T12:00:00.000Z')

  test.each(['', '90', '90 d', '1w', '-1d', '1.5h', '1234567d', '90D', 'never', '2026-02-30', '01/04'])(
    'does not read "%s"',
    (text) => {
      expect(readExpiry(text, now, 'Europe/London')).toBeUndefined()
    },
  )

  test.each([
    ['a date gone by', '2026-03-27'],
    ['the present date, which has begun', '2026-03-28'],
    ['an instant gone by', '2026-03-28T11:59:59Z'],
    ['this very instant', '2026-03-28T12:00:00Z'],
    ['no time at all', '0s'],
  ])('does not read %s', (_, text) => {
    expect(readExpiry(text, now, 'Europe/London')).toBeUndefined()
  })

  test.each([
    ['seconds', '30s', '2026-03-28T12:00:30.000Z'],
    ['minutes', '30m', '2026-03-28T12:30:00.000Z'],
    ['hours', '12h', '2026-03-29T00:00:00.000Z'],
    ['days of 24 hours', '90d', '2026-06-26T12:00:00.000Z'],
    ['an instant', '2026-03-29T01:00:00+01:00', '2026-03-29T00:00:00.000Z'],
    ['a date', '2026-03-30', '2026-03-29T23:00:00.000Z'],
    ['a date as people write it', '30 March 2026', '2026-03-29T23:00:00.000Z'],
    ['a time in the council’s own zone', '1/4/2026 9am', '2026-04-01T08:00:00.000Z'],
  ])('reads %s', (_, text, instant) => {
    expect(readExpiry(text, now, 'Europe/London')?.toISOString()).toBe(instant)
  })
})
