import { describe, expect, test } from 'bun:test'
import { badFile, decodeText, linesOfList, parseCsv, parseJsonFile } from '../../src/lib/import-file'
import { refusalOf } from '../support/store'

const linesOf = async (work: () => unknown) => {
  const { kind, details } = await refusalOf(work)
  expect(kind).toBe('bad_request')
  return (details.rows as { line: number }[]).map(({ line }) => line)
}

describe('badFile', () => {
  test('names every bad line and says that nothing was imported', () => {
    const faults = [
      { line: 2, reason: 'has no name' },
      { line: 9, reason: 'has no code' },
    ]
    const error = badFile(faults)
    expect(error.message).toBe('The file has 2 bad lines; nothing was imported')
    expect(error.details).toEqual({ rows: faults })
    expect(badFile(faults.slice(1)).message).toBe('The file has 1 bad line; nothing was imported')
  })

  test('counts all bad lines but names no more than a thousand', () => {
    const faults = Array.from({ length: 1_500 }, (_, i) => ({ line: i + 2, reason: 'has no name' }))
    const { message, details } = badFile(faults)
    expect(message).toContain('1500 bad lines')
    expect(details.rows).toEqual(faults.slice(0, 1_000))
  })
})

describe('decodeText', () => {
  const file = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

  test.each([
    ['on the first line', file([0xff], 'name\nAbbey\n'), 1],
    ['in Latin-1 on a later line', file('name\nAbbey\nYnys M', [0xf4], 'n\nCastle\n'), 3],
    ['with CRLF', file('name\r\nAbbey\r\n', [0xc3], '\r\n'), 3],
    ['cut short at the end of the file', file('name\nAbbey', [0xe2, 0x82]), 2],
    ['cut short at the end of a line', file('name', [0xc3], '\nAbbey\n'), 1],
  ])('names the line that is not UTF-8: %s', async (_, bytes, line) => {
    const { details } = await refusalOf(() => decodeText(bytes))
    expect(details.rows).toEqual([{ line, reason: 'is not valid UTF-8' }])
  })

  test('drops a byte order mark and keeps all else', () => {
    expect(decodeText(file([0xef, 0xbb, 0xbf], 'name\r\nTŷ Ddewi\n'))).toBe('name\r\nTŷ Ddewi\n')
    expect(decodeText(new Uint8Array(0))).toBe('')
  })
})

describe('parseCsv', () => {
  test.each([
    ['with a column too many', 'name,code\nAbbey,E1\nCastle,E2,x\n', 3],
    ['with a column too few', 'name,code\nAbbey,E1\n\nCastle\n', 4],
    ['with CRLF and a column too many', 'name,code\r\nAbbey,E1\r\nCastle,E2,x\r\n', 3],
    ['whose quote is never closed', 'name,code\nAbbey,E1\n"Castle,E2\n', 3],
    ['with a quote inside a field', 'name,code\nAb"bey,E1\n', 2],
  ])('names the line %s', async (_, text, line) => {
    expect(await linesOf(() => parseCsv(text))).toEqual([line])
  })

  test.each([
    ['an empty file', ''],
    ['a heading without rows', 'name,code\n'],
    ['empty lines', '\n\n\n'],
  ])('finds no row in %s', (_, text) => {
    expect(parseCsv(text)).toEqual([])
  })

  test('reads headings in any case and trims what surrounds values', () => {
    expect(parseCsv(' Name , CODE\n Abbey ,E1\n')).toEqual([
      { line: 2, values: { name: 'Abbey', code: 'E1' } },
    ])
  })

  test.each([
    ['with LF', 'name,code\nAbbey,E1\nCastle,E2\n'],
    ['with CRLF', 'name,code\r\nAbbey,E1\r\nCastle,E2\r\n'],
    ['with a byte order mark', '\uFEFFname,code\nAbbey,E1\nCastle,E2\n'],
    ['without a line break at its end', 'name,code\nAbbey,E1\nCastle,E2'],
  ])('gives each row its line in a file %s', (_, text) => {
    expect(parseCsv(text)).toEqual([
      { line: 2, values: { name: 'Abbey', code: 'E1' } },
      { line: 3, values: { name: 'Castle', code: 'E2' } },
    ])
  })

  test('counts empty lines', () => {
    expect(parseCsv('name\n\nAbbey\n\n\nCastle\n').map(({ line }) => line)).toEqual([3, 6])
  })

  test('names a row of several lines by its first, and those after it by their own', () => {
    const rows = parseCsv('name,note\nAbbey,"one\ntwo\nthree"\nCastle,x\n')
    expect(rows.map(({ values }) => values.note)).toEqual(['one\ntwo\nthree', 'x'])
    expect(rows.map(({ line }) => line)).toEqual([2, 5])
  })

  test('counts a line break inside quotes once where lines end in CRLF', () => {
    const rows = parseCsv('name,note\r\nAbbey,"one\r\ntwo\r\nthree"\r\nCastle,x\r\n')
    expect(rows[1]).toEqual({ line: 5, values: { name: 'Castle', note: 'x' } })
  })

  test('keeps quotes, commas and accents of a quoted value', () => {
    const [row] = parseCsv('name,note\n"Ynys Môn, ""the isle""",x\n')
    expect(row?.values.name).toBe('Ynys Môn, "the isle"')
  })
})

describe('parseJsonFile', () => {
  test.each([
    ['a bare word', '{\n  "a": 1,\n  "b": x\n}', 3],
    ['a text that ends too early', '{\n  "a": [1,\n 2\n', 4],
    ['a comma too many', '{\n  "a": 1,\n}', 3],
    ['a comment', '{\n  // note\n  "a": 1\n\n}', 2],
    ['two values', '{}\n\n{}', 3],
    ['nothing', '', 1],
  ])('names the line of %s', async (_, text, line) => {
    const { details } = await refusalOf(() => parseJsonFile(text))
    expect(details.rows).toEqual([{ line, reason: 'is not valid JSON here' }])
  })

  test('reads JSON', () => {
    expect(parseJsonFile('{"a":\n[1, null]}')).toEqual({ a: [1, null] })
  })
})

describe('linesOfList', () => {
  test('gives the line on which each element begins', () => {
    const text = '{\n"type": "FeatureCollection",\n"features": [\n  {"a":\n 1},\n\n  {"b": 2}, {"c": 3}\n]}'
    expect(linesOfList(text, 'features')).toEqual([4, 7, 7])
  })

  test('is empty where there is no such list', () => {
    expect(linesOfList('{"features": 3}', 'features')).toEqual([])
    expect(linesOfList('{"other": [1]}', 'features')).toEqual([])
    expect(linesOfList('[1]', 'features')).toEqual([])
  })
})
