import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { slugify } from '../../src/lib/slug'

describe('slugify', () => {
  test.each([
    ['', ''],
    ['—', ''],
    ['Abbey', 'abbey'],
    ['  Castle   Hill  ', 'castle-hill'],
    ['St Mary’s & St John’s', 'st-marys-and-st-johns'],
    ["King's Lynn", 'kings-lynn'],
    ['Tŷ Ddewi', 'ty-ddewi'],
    ['Ynys Môn', 'ynys-mon'],
    ['Bins/Recycling (missed)', 'bins-recycling-missed'],
    ['A1 -- north', 'a1-north'],
    ['ﬁre', 'fire'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('makes "%s" into "%s"', (text, slug) => {
    expect(slugify(text)).toBe(slug)
  })

  test('is safe in a URL whatever it is given, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const slug = slugify(text)
        expect(slug).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/)
        expect(slugify(slug)).toBe(slug)
      }),
    )
  })
})
