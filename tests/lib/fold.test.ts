import { describe, expect, test } from 'bun:test'
import { fold, foldedWords } from '../../src/lib/fold'

describe('folding', () => {
  const alike = [
    ['SIÂN', 'sian'],
    ['Ŵyn', 'wyn'],
    ['O’Neill', 'oneill'],
    ["O'Neill", 'oneill'],
    ['St Mary´s', 'st marys'],
    ["St James's Park", 'st james park'],
    ['St James’ Park', 'St James’s Park'],
    ['Łódź', 'lodz'],
    ['STRASSE', 'straße'],
    ['ΟΔΟΣ', 'οδός'],
    ['İzmir', 'izmir'],
    ['ſhip', 'ship'],
    ['שָׁלוֹם', 'שלום'],
    ['a\u200bb\u202ac', 'abc'],
    ['Ｗｉｄｅ ﬁ', 'wide fi'],
  ] as const
  for (const [one, other] of alike)
    test(`takes ${one} and ${other} for the same`, () => expect(fold(one)).toBe(fold(other)))

  test('keeps what tells words apart', () => {
    expect(fold('Fly-tipping at 12a')).toBe('fly-tipping at 12a')
    expect(foldedWords('Fly-tipping, St Mary’s: 12a')).toEqual(['fly', 'tipping', 'st', 'marys', '12a'])
    expect(foldedWords('… –')).toEqual([])
  })
})
