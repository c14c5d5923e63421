import { describe, expect, test } from 'bun:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { csvLines, guardCell, unguardCell } from '../../src/lib/csv'
import { readRecords } from '../../src/lib/csv-records'

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', 'x'),
  }),
)

describe('guardCell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+44 7700 900123', "'+44 7700 900123"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ["'=x", "''=x"],
    ["'''-", "''''-"],
  ])('guards %j', (text, guarded) => {
    expect(guardCell(text)).toBe(guarded)
    expect(unguardCell(guarded)).toBe(text)
  })

  test.each(['', ' ', 'x', 'x=1', ' =1', "'", "''", "'x", "O'Brien", "'tis", '1-2', '£5', 'Siân\n=1'])(
    'leaves %j alone, as does its undoing',
    (text) => {
      expect(guardCell(text)).toBe(text)
      expect(unguardCell(text)).toBe(text)
    },
  )

  test('is undone by unguardCell, whatever the text', () => {
    fc.assert(fc.property(texts, (text) => expect(unguardCell(guardCell(text))).toBe(text)))
  })

  test('lets no text begin like a formula', () => {
    fc.assert(fc.property(texts, (text) => expect(guardCell(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)))
  })
})

describe('csvLines', () => {
  test.each([
    ['no rows', [], ''],
    ['plain cells', [['a', 'b c', 'Siân']], 'a,b c,Siân\r\n'],
    ['commas and quotes', [['a,b', 'c"d', '"']], '"a,b","c""d",""""\r\n'],
    ['line breaks of every kind', [['a\nb', 'a\rb', 'a\r\nb']], '"a\nb","a\rb","a\r\nb"\r\n'],
    ['spaces around', [[' a', 'b ', ' ']], '" a","b "," "\r\n'],
    ['numbers, which are not guarded', [[1, -1.5, 0]], '1,-1.5,0\r\n'],
    ['true, false and nothing', [[true, false, null, '']], 'true,false,,\r\n'],
    ['formulas', [['=1', '-x', '@']], "'=1,'-x,'@\r\n"],
    ['a formula that begins with a line break', [['\n=1', 'x']], '"\'\n=1",x\r\n'],
    ['a row of one empty cell', [['a'], [''], [null]], 'a\r\n""\r\n""\r\n'],
  ])('writes %s', (_, rows, text) => {
    expect(csvLines(rows)).toBe(text)
  })

  test('writes what any reader takes for the same cells', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts, fc.integer()), { minLength: 1 }), (rows) => {
        const read = parse(csvLines(rows), { record_delimiter: '\r\n' })
        const cells = read.map(([one = '', two = '', three]) => [unguardCell(one), unguardCell(two), three])
        expect(cells).toEqual(rows.map(([one, two, three]) => [one, two, String(three)]))
      }),
    )
  })
})

describe('readRecords', () => {
  test('tells where a text is malformed and gives no rows', () => {
    expect(readRecords('a\nb\n"c\n', true)).toEqual({
      records: [],
      fault: { line: 3, reason: 'opens a quote that is never closed' },
    })
  })

  test('gives rows of any length with their lines', () => {
    expect(readRecords('a,b\r\n\r\n c \r"",\n', false)).toEqual({
      records: [
        { line: 1, cells: ['a', 'b'] },
        { line: 3, cells: [' c '] },
        { line: 4, cells: ['', ''] },
      ],
    })
  })
})
