import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isCommonWord } from '../../src/lib/common-words'
import { normalizeEmail, normalizePostcode } from '../../src/lib/contact-details'
import { fold } from '../../src/lib/fold'
import { findPersonalData } from '../../src/lib/personal-data'
import { growthOf } from '../support/cost'

describe('normalizeEmail', () => {
  test.each([
    '',
    ' ',
    'sian',
    '@example.com',
    'sian@',
    'sian@example',
    'sian@@example.com',
    'sian@example@com',
    'sian evans@example.com',
    'sian@exa mple.com',
    'sian@.com',
    'sian@example..com',
    'sian@-example.com',
    'sian@example-.com',
    'sian@example.c',
    'sian@example.123',
    'sian@example.com.',
    '.sian@example.com',
    'sian.@example.com',
    'si..an@example.com',
    'sian@example.com, tom@example.com',
    'sian@example.com <tom@example.com>',
    'Siân <sian@example.com> <tom@example.com>',
    'Siân <sian>',
    'mailto:',
    'Siân sian@example.com',
    'sian@example.com\ntom@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(125)}com`,
    `${'a'.repeat(100_000)}@example.com`,
  ])('refuses "%s"', (text) => {
    expect(normalizeEmail(text)).toBeUndefined()
  })

  test.each([
    ['sian@example.com', 'sian@example.com'],
    ['  Sian.Evans@Example.COM \n', 'sian.evans@example.com'],
    ["o'brien+bins@mail.example.co.uk", "o'brien+bins@mail.example.co.uk"],
    ['ｓｉａｎ＠example．com', 'sian@example.com'],
    ['siân@example.cymru', 'siân@example.cymru'],
    ['sia\u0302n@example.cymru', 'siân@example.cymru'],
    ['sian@xn--bcher-kva.example', 'sian@xn--bcher-kva.example'],
    ['1@2.uk', '1@2.uk'],
    ['o’brien@example.com', "o'brien@example.com"],
    ['Siân Evans <Sian@example.com>', 'sian@example.com'],
    ['"Evans, Siân" < sian@example.com > ', 'sian@example.com'],
    ['<sian@example.com>', 'sian@example.com'],
    ['mailto:sian@example.com', 'sian@example.com'],
    ['MAILTO:sian@example.com?subject=Bins', 'sian@example.com'],
    ['Siân <mailto:sian@example.com>', 'sian@example.com'],
    ['\u200bsian@\u00adexample.com\ufeff\u00a0', 'sian@example.com'],
  ])('makes "%s" into "%s"', (text, email) => {
    expect(normalizeEmail(text)).toBe(email)
  })

  test('takes 254 characters and no more', () => {
    const longest = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`
    expect(longest).toHaveLength(254)
    expect(normalizeEmail(longest)).toBe(longest)
    expect(normalizeEmail(longest.replace('.com', 'd.com'))).toBeUndefined()
  })

  test('changes nothing the second time', () => {
    const texts = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'grapheme' }).map((text) => `${text}@example.com`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const email = normalizeEmail(text)
        if (email !== undefined) expect(normalizeEmail(email)).toBe(email)
      }),
    )
  })
})

describe('normalizePostcode', () => {
  test.each([
    '',
    'BS2',
    'BS2 9',
    'BS2 9YTX',
    '9YT BS2',
    'BS2 9Y',
    'BS2 9YT, Bristol',
    'BFPO',
    'BFPO 12345',
    'x'.repeat(100_000),
  ])('refuses "%s"', (text) => {
    expect(normalizePostcode(text)).toBeUndefined()
  })

  test.each([
    ['bs29yt', 'BS2 9YT'],
    [' BS2  9yt ', 'BS2 9YT'],
    ['bs2\u00a09yt', 'BS2 9YT'],
    ['m1 1ae', 'M1 1AE'],
    ['M601NW', 'M60 1NW'],
    ['cr26xh', 'CR2 6XH'],
    ['DN551PT', 'DN55 1PT'],
    ['w1a1hq', 'W1A 1HQ'],
    ['ec1a 1bb', 'EC1A 1BB'],
    ['\u202aBS2\u200b 9YT\u202c', 'BS2 9YT'],
    ['BFPO 61', 'BFPO 61'],
    [' bfpo61 ', 'BFPO 61'],
    ['bf1 3ad', 'BF1 3AD'],
    ['B-S2–9YT.', 'BS2 9YT'],
    ['(BS2) 9 YT', 'BS2 9YT'],
    ['SWIA OAA', 'SW1A 0AA'],
  ])('makes "%s" into "%s"', (text, postcode) => {
    expect(normalizePostcode(text)).toBe(postcode)
    expect(normalizePostcode(postcode)).toBe(postcode)
  })
})

describe('findPersonalData', () => {
  const kindsOf = (text: string) => findPersonalData(text, null)

  test.each([
    '',
    '12 Mina Road, 3 May 2026 at 10:30, ref CW-2026-0042, £1,200.50',
    'Mina Road in BS2, near the BS2 9 sector',
    'On 03/05/2026 10:30 and 2026-05-03T10:30:00Z and 3.5.26, 09:00-17:00',
    '01/05/2026-07/05/2026, then 01.05–31.07.2026 and 09.00-17.00, 09.00-12.00',
    'UPRN 100062312345 and USRN 4600123, planning application 24/01234/FUL',
    'CW-2026-0142 / 2025-0987, CW-2026-0143',
    '51.4545, -0.1278; (-0.1278,51.5074)',
    'It cost £0.50, £1,200.50 and 12 pence, 0.75 m wide, 1,000,000 cars',
    'Dial 999 or 101, bus 76, flats 1, 3, 5 and 07',
    'At the M25 4th exit, the A38 2nd exit and from E10 5mm of rain at B4 3pm',
    'Ward BS2, van AB12 CDE, bin 4B',
    'The A30 2ft wide, the A4 3in deep, the A38 1st exit, the B30 2ft wide, on the B4 6yd from E10 3lb',
    'A30 2FT, QX1 1AA, AB12 3CD, ZZ9 9ZZ, BS2 9VC',
    'Ring 0300 123 4567, 0303 123 1113, 0800 111 999, 0808 157 0123 or 0345 678 9000',
    'Ring +44 300 123 4567, (0845) 46 47 or 03001234567, or dial 101, 111, 999 and 105',
    'Room 1O, oil 10l, 50l bins, il y a',
    'We met @ the park. It was wet. Follow @BristolCouncil',
    'Look at each dot on the map, look at bristol.gov.uk, meet at 5 on the dot',
    'On the M5 9 at night, the A4 3 by 4, to BS2 9 as well',
    'Prices: 2 @ £3.50, 3 @ 4.50',
  ])('finds nothing in "%s"', (text) => {
    expect(kindsOf(text)).toEqual([])
  })

  test.each([
    'sian@example.com',
    'Write to SIAN.EVANS@EXAMPLE.CO.UK.',
    'mailto:sian@example.com?subject=x',
    '<sian+bins@mail.example.org>',
    'sian @ example.com',
    'sian @ example . com',
    'sian＠example．com',
    'sian@exa\u200bmple.com',
    'sian(at)example.com',
    'sian [at] example [dot] com',
    'sian {AT} example dot co dot uk',
    'sian at example dot com',
    'sian dot evans at example dot co dot uk',
    'sian.evans at gmail.com',
    'siân@example.cymru',
    '“o’brien@example.com”',
  ])('finds the e-mail address in "%s"', (text) => {
    expect(kindsOf(text)).toEqual(['email'])
  })

  test.each([
    '07700 900123',
    'Ring 07700900123 after six',
    'tel:+447700900123',
    '+44 7700 900123',
    '+44 (0)7700 900 123',
    '0044 7700 900123',
    '07700-900-123',
    '07700.900.123',
    '0.7.7.0.0.9.0.0.1.2.3',
    '(07700) 900123',
    '0 7 7 0 0 9 0 0 1 2 3',
    '07700 / 900 / 123',
    '07700\n900123',
    '0117 496 0123',
    '0117:496:0123',
    '020 7946 0018',
    'flat 12 07700 900123',
    'On 3 May 2026 at 10:30 0117 496 0123',
    '０７７００９００１２３',
    '0770\u200b0900123',
    '+33 1 23 45 67 89',
    'whatsapp +1 202-555-0123!',
    '1174960123',
    'o7700 900123',
    'O77OO 9OO l23',
    'Ring 0300 123 4567 or 07700 900123',
  ])('finds the phone number in "%s"', (text) => {
    expect(kindsOf(text)).toEqual(['phone'])
  })

  test.each([
    'BS2 9YT',
    '12 Mina Road, Bristol, bs2 9yt.',
    'BS29YT',
    '(bs29yt)',
    'Bs2 9yT',
    'BS2  9YT',
    'BS2\u00a09YT',
    'BS2\n9YT',
    'BS2-9YT',
    'ＢＳ２ ９ＹＴ',
    'M1 1AE',
    'W1A 1HQ and no other',
    'ec1a1bb',
    'AB12 3DD',
    'm25 4th',
    'B30 2FT',
    'b30 2ft',
    'BS2.9YT',
    'BS2\u20119YT',
    'BS2 — 9YT',
    'BS2 9 YT',
    'BFPO 61',
    'bfpo61 Germany',
    'BF1 3AD',
  ])('finds the postcode in "%s"', (text) => {
    expect(kindsOf(text)).toEqual(['postcode'])
  })

  test('names every kind once', () => {
    const text = 'Siân Evans, BS2 9YT, sian@example.com, tom@example.com, 07700 900123, M1 1AE'
    expect(findPersonalData(text, 'Siân Evans')).toEqual(['email', 'phone', 'postcode', 'name'])
  })
})

describe('findPersonalData of a resident', () => {
  const isNamed = (text: string, name: string) => findPersonalData(text, name).includes('name')

  test.each([
    ['The bin was missed', 'Siân Evans'],
    ['Sianed and Evanson', 'Siân Evans'],
    ['Mr and Mrs and Dr and Cllr', 'Mrs Siân Evans'],
    ['The councillor and the doctor came', 'Councillor Dr Siân Evans'],
    ['Lady Lane and Sir John', 'Lady Evans'],
    ['Jo went to Li', 'Jo Li'],
    ['anything at all', ''],
    ['anything at all', ' – '],
    ['Mr', 'Mr'],
    ['Mrs', 'Evans, Mrs'],
    ['a Na and Li', 'Li-Na Wu'],
    ['The road is obstructed', 'R. O’Brien'],
    ['The footpath is closed', 'The Occupier'],
    ['Notice to the occupier and the landlord', 'The Occupier'],
    ['The park will close', 'Will Park'],
    ['The road west of the park, in May', 'Mrs May West'],
    ['Parks and roads of the ward', 'Dr Ann-Marie Park'],
    ['A long field by the woods', 'J. Woods'],
    ['Smithson and Smithy', 'Ann Smith'],
    ['The neighbours and their tenants', 'Mr and Mrs Tenant'],
  ])('does not find in "%s" the name "%s"', (text, name) => {
    expect(isNamed(text, name)).toBe(false)
  })

  test.each([
    ['Siân Evans reported it', 'Siân Evans'],
    ['sian reported it', 'Siân Evans'],
    ['SIÂN', 'Sian Evans'],
    ['Sia\u0302n', 'Siân Evans'],
    ['S\u00adian', 'Siân Evans'],
    ['(Evans)', 'Mrs Siân Evans'],
    ['Evans’s hedge', 'Siân Evans'],
    ["Siân's hedge", 'Siân Evans'],
    ['the Evans-Hughes hedge', 'Siân Evans'],
    ['the Evans—at 12—said', 'Siân Evans'],
    ["O'Brien", 'Mary O’Brien'],
    ['OBRIEN', 'Mary O’Brien'],
    ['O’Brien', 'Mary OBrien'],
    ['O`Brien’s', 'Mary O´Brien'],
    ['Smith-Jones', 'Ann Smith-Jones'],
    ['Mr Smith', 'Ann Smith-Jones'],
    ['Jones', 'Ann Smith‐Jones'],
    ['Smithjones', 'Ann Smith-Jones'],
    ['Smith Jones', 'Ann Smith-Jones'],
    ['Smith-Jones', 'Ann Smith'],
    ['Li-Na', 'Li-Na Wu'],
    ['Mr Jo Li called', 'Jo Li'],
    ['jo li', 'Cllr Jo Li'],
    ['Jo Li’s hedge', 'Jo Li'],
    ['Mr Lord called', 'Jack Lord'],
    ['Łukasz Wójcik', 'Lukasz Wojcik'],
    ['Soren', 'Søren Groß'],
    ['Gross', 'Søren Groß'],
    ['от Анны Ивановой', 'Анны Петровой'],
    ['ﬁona', 'Fiona Hill'],
    ['sian_2', 'Siân Evans'],
    ['Mrs May called', 'Theresa May'],
    ['Mr Ng called', 'Li Ng'],
    ['Mister Park', 'Will Park'],
    ['Ring Mr O Neill', 'Seán O’Neill'],
    ['Mc Donald', 'McDonald'],
    ['The hedge of Will Park', 'Will Park'],
    ['Park, Will', 'Will Park'],
    ['Will Park’s hedge', 'Will Park'],
    ['Dr Woods', 'J. Woods'],
    ['West (May)', 'Mrs May West'],
    ['Anne Park', 'Anne Park'],
    ['Anne', 'Anne Park'],
    ['the Smiths', 'Ann Smith'],
    ['the Smiths’ hedge', 'Ann Smith'],
    ['the Joneses', 'Ann Jones'],
    ['the Parks, Annes', 'Anne Park'],
  ])('finds in "%s" the name "%s"', (text, name) => {
    expect(isNamed(text, name)).toBe(true)
  })

  test('finds every part of three letters of any name, in any case and sentence', () => {
    const honorific =
      /^(and|the|owner|tenant|mrs|miss|prof|professor|doctor|sir|dame|lady|lord|rev|reverend|cllr|councillor)$/
    const parts = fc
      .stringMatching(/^[A-Z][a-zéïô]{2,9}$/)
      .filter((part) => !honorific.test(fold(part)) && !isCommonWord(fold(part)))
    fc.assert(
      fc.property(parts, parts, fc.constantFrom('Mr ', 'Dr. ', ''), (first, last, title) => {
        const name = `${title}${first} ${last}`
        for (const part of [first, last]) {
          expect(isNamed(`Then ${part.toUpperCase()}, it seems, left.`, name)).toBe(true)
        }
      }),
    )
  })
})

test('a common word names nobody alone, and somebody beside another part of the name or a title', () => {
  const common = fc.constantFrom('Park', 'West', 'May', 'Will', 'Road', 'Woods', 'Green', 'Day')
  const isNamed = (text: string, name: string) => findPersonalData(text, name).includes('name')
  fc.assert(
    fc.property(common, common, fc.constantFrom('Mrs ', 'Dr. ', 'Cllr '), (first, last, title) => {
      const name = `${title}${first} ${last}`
      for (const part of [first, last]) {
        expect(isNamed(`The ${part.toLowerCase()}, it seems, is closed.`, name)).toBe(false)
        expect(isNamed(`It seems that ${title}${part} left.`, name)).toBe(true)
      }
      expect(isNamed(`Then ${first} ${last}, it seems, left.`, name)).toBe(true)
    }),
  )
})

describe('findPersonalData in a hostile text', () => {
  const repeated = (text: string, length: number) =>
    text.repeat(Math.ceil(length / text.length)).slice(0, length)

  test.each(
    [
      ...['a', '@', 'a@', 'a@b', 'a@b.', 'a @ b . ', '(at)', 'a at b dot ', ' at ', '(', ' ', '.', '\n'],
      ...['0', '0 ', '07 ', '0117 ', '+44 ', '(0', '1-', '1.', '01/01/', '£1,', '10:', '0.', 'x0'],
      ...['BS2 ', 'a1', 'bs29y', 'M25 4th ', '-', 'a-', 'a’', 'Li ', 'Jo-', 'a\u0302', '\u0302', 'ﷺ', '💩'],
      ...['0117 496 0199 ', 'a@b.co ', 'BS2 9YT ', 'o1 ', 'il|0', 'bfpo ', 'A30 2ft ', 'Mrs Park '],
    ].map((text) => [text]),
  )('takes four times as long for four times as much: %j again and again', async (text) => {
    const name = `${'Jo '.repeat(60)}Li`
    expect(await growthOf((length) => findPersonalData(repeated(text, length), name), 5_000)).toBeLessThan(9)
  })
})
