import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatReference, meantReference } from '../../../src/resources/cases/rules/reference'

test.each([
  ['CW-2026-0503', 'CW-2026-0503'],
  ['  cw-2026-0503 ', 'CW-2026-0503'],
  ['cw 2026 503', 'CW-2026-0503'],
  ['CW/2026/503.', 'CW-2026-0503'],
  ['“CW–2026–0503”', 'CW-2026-0503'],
  ['cw_2026_0503', 'CW-2026-0503'],
  ['cw20260503', 'CW-2026-0503'],
  ['CW2026 12345', 'CW-2026-12345'],
  ['cwa20261', 'CWA-2026-0001'],
  ['\u200bCW\u00a02026\u00a00503\ufeff', 'CW-2026-0503'],
  ['ＣＷ－２０２６－０５０３', 'CW-2026-0503'],
])('%p is the reference %s', (typed, reference) => {
  expect(meantReference(typed, 'CW')).toBe(reference)
})

test.each([
  '',
  '-',
  '503',
  '2026-503',
  'pothole',
  'CW-2026',
  'CW-26-0503',
  'tz4a98xxat96iws9zmbrgj3a',
  'CW-2026-0503-1',
])('%p is no reference', (typed) => {
  expect(meantReference(typed, 'CW')).toBeUndefined()
})

test('any reference is read in any case, with anything between its parts or nothing', () => {
  const prefix = fc.stringMatching(/^[A-Z][A-Z0-9]{0,9}$/)
  const between = fc.stringMatching(/^[ \-–/._:]{1,3}$/)
  const parts = [prefix, fc.integer({ min: 1900, max: 2199 }), fc.integer({ min: 1, max: 999_999 })] as const
  fc.assert(
    fc.property(...parts, between, fc.boolean(), (prefix, year, number, mark, isLower) => {
      const text = `${mark}${prefix}${mark}${year}${mark}${number}`
      expect(meantReference(isLower ? text.toLowerCase() : text, 'CW')).toBe(
        formatReference(prefix, year, number),
      )
    }),
  )
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Z]{1,10}$/),
      ...(parts.slice(1) as [(typeof parts)[1], (typeof parts)[2]]),
      (prefix, year, number) => {
        const reference = formatReference(prefix, year, number)
        expect(meantReference(reference.replaceAll('-', ''), 'CW')).toBe(reference)
      },
    ),
  )
})
