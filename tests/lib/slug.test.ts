import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { councilSlug, slugify } from '../../src/lib/slug'

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

describe('the short name of a council', () => {
  test.each([
    ['Bristol City Council', 'bristol'],
    ['Avon Council', 'avon'],
    ['Test Valley Borough Council', 'test-valley'],
    ['Bournemouth, Christchurch and Poole Council', 'bournemouth-christchurch-and-poole'],
    ['London Borough of Camden', 'camden'],
    ['Royal Borough of Kensington and Chelsea', 'kensington-and-chelsea'],
    ['City of York Council', 'york'],
    ['City and County of Swansea Council', 'swansea'],
    ['Comhairle nan Eilean Siar', 'comhairle-nan-eilean-siar'],
    ['City Council', 'city'],
    ['Council', 'council'],
    ['—', ''],
    [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
  ])('“%s” is “%s”', (name, slug) => {
    expect(councilSlug(name)).toBe(slug)
  })
})
