import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readPhones } from '../../src/lib/phone'

describe('readPhones', () => {
  test.each([
    '',
    '123',
    'abc',
    'ring my mum',
    '12345',
    '18001',
    'ext 4',
    '0800 FLOWERS',
    '496 0123',
    '00000000000',
    '01111111111',
    '999',
    '07700 90012',
    '07700 900123 4',
    '0117 496 01234567',
    '07700 900123 07700 90012',
    '+44',
    '+999 12345678',
    '+33 1 23',
    '2026-05-03',
    '1'.repeat(100_000),
    '07700 900123'.padStart(2_000),
    '1 '.repeat(400),
  ])('finds no number in "%s"', (text) => {
    expect(readPhones(text)).toEqual([])
  })

  const bristol = '+441174960123'
  const mobile = '+447700900123'

  test.each([
    ['07700 900123', mobile],
    ['07700 900123 (9-5)', mobile],
    ['07700 900123 (Mon 9-5, Sat 10-12)', mobile],
    ['07700900999', '+447700900999'],
    ['+44 7700 900123', mobile],
    ['0044 7700 900123', mobile],
    ['+44 (0)117 496 0123', bristol],
    ['(0117) 496-0123', bristol],
    ['0117/496 0123', bristol],
    ['0117–496–0123', bristol],
    ['0115 496 0000', '+441154960000'],
    [' 020 7946 0018 ', '+442079460018'],
    ['028 9649 6000', '+442896496000'],
    ['029 2018 0999', '+442920180999'],
    ['0191 498 0000', '+441914980000'],
    ['01632 960001', '+441632960001'],
    ['03069 990123', '+443069990123'],
    ['0808 157 0123', '+448081570123'],
    ['07400 123456', '+447400123456'],
    ['+33 1 23 45 67 89', '+33123456789'],
    ['+353 1 234 5678', '+35312345678'],
    ['00 48 22 123 45 67', '+48221234567'],
    ['+1 (202) 555-0123', '+12025550123'],
    ['０７７００ ９００１２３', mobile],
    ['0 7 7 0 0 9 0 0 1 2 3', mobile],
    ['\u202a07700\u00a0900\u200b123\u202c\ufeff', mobile],
  ])('makes "%s" into %s', (text, phone) => {
    expect(readPhones(text)).toEqual([phone])
    expect(readPhones(phone)).toEqual([phone])
  })

  test.each([
    '0117 496 0123 ext 4',
    '0117 496 0123 ext. 4567',
    '0117 496 0123 x4',
    '0117 496 0123, extension 12',
    '0117 496 0123 #4',
    '0117 496 0123 option 2',
    '18000 0117 496 0123',
    '18001 0117 496 0123',
    '18002 0117 496 0123',
    '180010117 496 0123',
    '18001 +44 117 496 0123',
    'Relay UK: 18001-0117-496-0123',
    '0117 496 0123 (day)',
    '0117 496 0123 (after 6)',
    'home 0117 496 0123',
    'Ring 0117 496 0123 after 6pm.',
    'tel:+441174960123',
    'tel:+44-117-496-0123;ext=4',
    'Tel. 0117 496 0123',
    'ring 0117 496 0123, not 12345',
    '0117 496 0123/4',
  ])('finds the one number in "%s"', (text) => {
    expect(readPhones(text)).toEqual([bristol])
  })

  test.each([
    '0117 496 0123 / 07700 900123',
    '0117 496 0123/07700 900123',
    '0117 496 0123 or 07700 900123',
    '0117 496 0123, 07700 900123',
    '0117 496 0123,07700900123',
    '0117 496 0123; 07700 900123',
    '0117 496 0123 & 07700 900123',
    '0117 496 0123\n07700 900123',
    '0117 496 0123 07700 900123',
    '01174960123 07700900123',
    'h: 0117 496 0123 m: 07700 900123',
    '18001 0117 496 0123 ext 4 or 18002 07700 900123 (day)',
    '0117 496 0123, (0117) 496 0123, 07700 900123',
  ])('finds both numbers in "%s"', (text) => {
    expect(readPhones(text)).toEqual([bristol, mobile])
  })

  test('finds every number, whatever stands before, between and after', () => {
    const local = fc.integer({ min: 100, max: 999 })
    const number = fc.oneof(
      local.map((end) => [`0117 496 0${end}`, `+441174960${end}`] as const),
      local.map((end) => [`07700 900${end}`, `+447700900${end}`] as const),
      local.map((end) => [`+44 7700 900 ${end}`, `+447700900${end}`] as const),
    )
    const remark = fc.constantFrom('', ' ext 4', ' (day)', ' x12', ' after 6pm', ' home')
    const prefix = fc.constantFrom('', '18001 ', '18002-', 'tel:', 'Ring ', '\u200b')
    const part = fc.tuple(prefix, number, remark)
    const mark = fc.constantFrom(' / ', ', ', '; ', ' or ', '\n', ' & ', ' and ')
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), mark, (parts, between) => {
        const text = parts.map(([before, [written], after]) => before + written + after).join(between)
        const expected = parts.map(([, [, phone]]) => phone)
        expect(readPhones(text)).toEqual([...new Set(expected)])
      }),
    )
  })
})
