import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { inNameOrder, nameKeys, sortKey } from '../../src/lib/name-keys'

const sorted = (names: readonly string[]) => inNameOrder(names, (name) => name)

describe('names in order', () => {
  test.each([
    [
      ['Ward 10', 'Ward 2', 'Ward 1', 'ward 02b'],
      ['Ward 1', 'Ward 2', 'ward 02b', 'Ward 10'],
    ],
    [
      ['Wyz', 'Ŵyn', 'Wym', 'Wyo'],
      ['Wym', 'Ŵyn', 'Wyo', 'Wyz'],
    ],
    [
      ['Onslow', 'O’Neill', 'Onei', 'Oneim', 'Zoe', 'Émile', 'ada'],
      ['ada', 'Émile', 'Onei', 'O’Neill', 'Oneim', 'Onslow', 'Zoe'],
    ],
    [
      ['Stoke Park', 'Stoke-on-Trent', 'Stoke'],
      ['Stoke', 'Stoke-on-Trent', 'Stoke Park'],
    ],
    [
      ['2nd Avenue', '10th Avenue', 'Avenue'],
      ['2nd Avenue', '10th Avenue', 'Avenue'],
    ],
  ])('%j become %j', (names, expected) => {
    expect(sorted(names)).toEqual(expected)
    expect(sorted(names.toReversed())).toEqual(expected)
  })

  test('numbers stand by their value, whatever stands around them', () => {
    const number = fc.integer({ min: 0, max: 999_999_999 })
    fc.assert(
      fc.property(number, number, fc.constantFrom('Ward ', 'W', 'St. John’s ', ''), (a, b, before) => {
        const [one, two] = [sortKey(`${before}${a} x`), sortKey(`${before}${b} x`)]
        expect(one < two).toBe(a < b)
      }),
    )
  })
})

test('a name is searched by its folded words, and by those of other texts, line by line', () => {
  expect(nameKeys('Siân O’Neill', null, 'Stoke-on-Trent').searchText).toBe('sian oneill\nstoke on trent')
})
