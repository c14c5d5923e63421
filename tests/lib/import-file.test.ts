import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { csvLines, guardCell, parseCsv } from '../../src/lib/csv'
import { badFile, decodeText, parseJsonFile } from '../../src/lib/import-file'
import { processorMs } from '../support/cost'
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

  test('names parts of a file where lines say little', () => {
    const faults = [{ part: 'feature 3 (Ashley)', reason: 'has no code' }]
    expect(badFile(faults)).toMatchObject({
      message: 'The file has 1 bad part; nothing was imported',
      details: { rows: faults },
    })
  })

  test('counts all bad lines but names no more than a thousand', () => {
    const faults = Array.from({ length: 1_500 }, (_, i) => ({ line: i + 2, reason: 'has no name' }))
    const { message, details } = badFile(faults)
    expect(message).toBe(
      'The file has 1500 bad lines; nothing was imported; the first 1000 of 1500 faults follow',
    )
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
    expect(details.rows).toEqual([{ line, reason: expect.stringContaining('is not valid UTF-8: save') }])
  })

  const utf16le = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const utf16be = (text: string) => utf16le(text).swap16()
  const cut = (bytes: Buffer) => bytes.subarray(0, -1)

  test.each([
    ['half a character, little-endian', utf16le('name\nTŷ \ud83d\nx'), 2],
    ['half a character, big-endian', utf16be('name\r\nTŷ\r\n\ude00x'), 3],
    ['an odd byte at the end, little-endian', cut(utf16le('name\nAbbey\nCastle')), 3],
    ['an odd byte at the end, big-endian', cut(utf16be('name\nAbbey')), 2],
    ['a byte order mark and one byte', file([0xff, 0xfe, 0x41]), 1],
  ])('names the line that is not UTF-16: %s', async (_, bytes, line) => {
    const { details } = await refusalOf(() => decodeText(bytes))
    expect(details.rows).toEqual([{ line, reason: 'is not valid UTF-16' }])
  })

  test.each([
    ['UTF-16, little-endian', utf16le('name\nAbbey\nTŷ').subarray(2), 1, '--encoding utf-16le'],
    ['UTF-16, big-endian', utf16be('name\nAbbey\nTŷ').subarray(2), 1, '--encoding utf-16be'],
    ['a NUL on a later line', file('name\nAbb', [0], 'ey\n'), 2, 'contains a NUL character'],
  ])('refuses NULs and says what they come from: %s', async (_, bytes, line, words) => {
    const { details } = await refusalOf(() => decodeText(bytes))
    expect(details.rows).toEqual([{ line, reason: expect.stringContaining(words) }])
  })

  test('reads the encoding that it is told', async () => {
    expect(decodeText(file('Si', [0xe2], 'n \x93'.slice(0, 2), [0x93]), 'windows-1252')).toBe('Siân “')
    expect(decodeText(utf16le('Siân').subarray(2), 'utf-16le')).toBe('Siân')
    expect(decodeText(utf16be('Siân').subarray(2), 'utf-16be')).toBe('Siân')
    expect(decodeText(file('name'), 'windows-1252')).toBe('name')
    const { details } = await refusalOf(() => decodeText(file('Siân'), 'windows-1252'))
    expect(details.rows).toEqual([{ line: 1, reason: expect.stringContaining('leave out --encoding') }])
  })

  const zip = (name: string) => file('PK\x03\x04', [0, 0, 0], name)
  test.each([
    ['%PDF-1.7', file('%PDF-1.7\n'), 'is a PDF'],
    ['xls', file([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), '.xls'],
    ['xlsx', zip('xl/workbook.xml'), 'is an Excel workbook (.xlsx): open it there and save it as CSV UTF-8'],
    ['ods', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'), 'LibreOffice spreadsheet'],
    ['kmz', zip('doc.kml'), 'KMZ'],
    ['a zipped shapefile', zip('wards.shp'), 'shapefile'],
    ['another archive', zip('cases.csv'), 'ZIP archive: unpack it first'],
    ['a shapefile', file([0, 0, 0x27, 0x0a]), 'shapefile'],
    ['gzip', file([0x1f, 0x8b, 8, 0]), 'unpack it first'],
  ])('says what a file is that is no text: %s', async (_, bytes, words) => {
    const { details } = await refusalOf(() => decodeText(bytes))
    expect(details.rows).toEqual([{ part: 'the file', reason: expect.stringContaining(words) }])
  })

  test('refuses a NUL in UTF-16', async () => {
    const { details } = await refusalOf(() => decodeText(utf16le('name\nAbb\0ey')))
    expect(details.rows).toEqual([{ line: 2, reason: 'contains a NUL character' }])
  })

  test('reads UTF-16 with a byte order mark', () => {
    for (const text of ['', 'name\r\nTŷ Ddewi\r\n😀 \ufeff', '你好,\u0a0d,\u0d0a\n']) {
      expect(decodeText(utf16le(text))).toBe(text)
      expect(decodeText(utf16be(text))).toBe(text)
    }
  })

  test('leaves the bytes it is given as they are', () => {
    const bytes = utf16be('Abbey')
    decodeText(bytes)
    expect(bytes).toEqual(utf16be('Abbey'))
  })

  test('drops a byte order mark and keeps all else', () => {
    expect(decodeText(file([0xef, 0xbb, 0xbf], 'name\r\nTŷ Ddewi\n'))).toBe('name\r\nTŷ Ddewi\n')
    expect(decodeText(new Uint8Array(0))).toBe('')
  })
})

describe('parseCsv', () => {
  test.each([
    ['with a column too many', 'name,code\nAbbey,E1\nCastle,E2,x\n', 3],
    ['with CRLF and a column too many', 'name,code\r\nAbbey,E1\r\nCastle,E2,x\r\n', 3],
    ['whose quote is never closed', 'name,code\nAbbey,E1\n"Castle,E2\n', 3],
    ['with a quote inside a field', 'name,code\nAb"bey,E1\n', 2],
  ])('names the line %s', async (_, text, line) => {
    expect(await linesOf(() => parseCsv(text))).toEqual([line])
  })

  test('names every row that is too long, and by how much', async () => {
    const { details } = await refusalOf(() => parseCsv('name,code\nAbbey\nCastle,E2\n\nHill,E3,x\n'))
    expect(details.rows).toEqual([{ line: 5, reason: 'has too many values: 3, not 2' }])
  })

  test('passes over the empty rows and cells of a spreadsheet', () => {
    expect(parseCsv('name,code\n,\nAbbey,E1,,\n , \nCastle\n,,,\n"",""\n')).toEqual([
      { line: 3, values: { name: 'Abbey', code: 'E1' } },
      { line: 5, values: { name: 'Castle', code: '' } },
    ])
  })

  test('names a line that has the headings again', async () => {
    const { details } = await refusalOf(() => parseCsv('Name,Code\nAbbey,E1\nname,CODE\nHill,E2\n'))
    expect(details.rows).toEqual([{ line: 3, reason: 'has the headings again: take this line out' }])
  })

  test.each([
    ['semicolons', 'name;note\nAbbey;a,b\n'],
    ['tabs', 'name\tnote\nAbbey\ta,b\n'],
    ['bars', 'name|note\nAbbey|a,b\n'],
    ['what the first line says', 'sep=^\nname^note\nAbbey^a,b\n'],
    ['a comma, as the first line says', '\uFEFFsep=,\r\nname,note\r\nAbbey,"a,b"\r\n'],
    ['commas beside semicolons in quotes', '"name",note,"a;b;c;d"\nAbbey,"a,b",\n'],
  ])('reads cells with %s between them', (_, text) => {
    expect(parseCsv(text)[0]?.values).toMatchObject({ name: 'Abbey', note: 'a,b' })
  })

  test('counts the line that says what stands between the cells', async () => {
    expect(parseCsv('sep=;\nname;note\nAbbey;x\n')[0]?.line).toBe(3)
    expect(await linesOf(() => parseCsv('sep=;\nname;note\nAbbey;x;y\n'))).toEqual([3])
  })

  test.each([
    ['GeoJSON', ' {"type":"FeatureCollection","features":[]}', 'is GeoJSON'],
    ['JSON', '[{"summary":"A"}]', 'is JSON'],
    ['KML', '<?xml version="1.0"?>\n<kml xmlns="x">', 'KML'],
    ['a web page', '<html><table>', 'is a web page'],
    ['XML', '<?xml version="1.0"?><cases/>', 'is XML'],
  ])('says what a text is that is no table: %s', async (_, text, words) => {
    const { details } = await refusalOf(() => parseCsv(text))
    expect(details.rows).toEqual([{ part: 'the file', reason: expect.stringContaining(words) }])
  })

  test('names the line of a quote that is never closed in a large file, without reading on', async () => {
    const text = `name,note\nHill,x\nAbbey,"y\n${'Castle,z\n'.repeat(3_000_000)}`
    let rows: unknown
    const cost = await processorMs(async () => {
      rows = (await refusalOf(() => parseCsv(text))).details.rows
    })
    expect(rows).toEqual([{ line: 3, reason: 'opens a quote that is never closed' }])
    expect(cost).toBeLessThan(2_000)
  })

  test('names the line of a quote that is closed only where the next one opens', async () => {
    const { details } = await refusalOf(() => parseCsv('name,note\nHill,x\nAbbey,"y\n"Castle","z"\n'))
    expect(details.rows).toEqual([
      { line: 3, reason: expect.stringContaining('closed only in the middle of line 4: a quote is missing') },
    ])
  })

  test.each([
    ['a quote that is never closed', 'name,note\nAbbey,x\nCastle,"y\nHill,z\n', 3, 'never closed'],
    ['such a quote in CRLF after a value of two lines', 'a,b\r\n"1\r\n2","3\r\n', 3, 'never closed'],
    ['text after a closing quote', 'name,note\n\nAbbey,"x"y\n', 3, 'between a closing quote'],
    ['text after a closing quote and a space', 'name,note\rAbbey,"x" y\r', 2, 'between a closing quote'],
    ['a quote within a value', 'name,note\n"Ab\n\nbey",x"y"\n', 4, 'in the middle of a value'],
    ['a quote in the heading', 'na"me\nAbbey\n', 1, 'in the middle of a value'],
  ])('names the line of %s', async (_, text, line, reason) => {
    for (const trim of [true, false]) {
      const { details } = await refusalOf(() => parseCsv(text, { trim }))
      expect(details.rows).toEqual([{ line, reason: expect.stringContaining(reason) }])
    }
  })

  test.each([
    ['alike', 'name,code,name\nAbbey,E1,x\n', 1, 'name'],
    ['below empty lines', '\n\nname,name\nAbbey,x\n', 3, 'name'],
    ['without rows', 'name,name\n', 1, 'name'],
  ])('refuses a heading that stands twice, %s', async (_, text, line, heading) => {
    const { details } = await refusalOf(() => parseCsv(text))
    expect(details.rows).toEqual([{ line, reason: `has the heading "${heading}" twice` }])
  })

  test('names both headings that mean the same', async () => {
    const { details } = await refusalOf(() => parseCsv('Name, NAME \nAbbey,x\n'))
    expect(details.rows).toEqual([{ line: 1, reason: 'has two headings for name: "Name" and "NAME"' }])
  })

  test('refuses headings that the caller takes for the same', async () => {
    const heading = (text: string) => text.replace('Ward', 'Area')
    expect(await linesOf(() => parseCsv('Ward,Area\nAbbey,x\n', { heading }))).toEqual([1])
    expect(parseCsv('Area,area\nAbbey,x\n', { heading })[0]?.values).toEqual({ Area: 'Abbey', area: 'x' })
  })

  test('names a row with a value under no heading, and leaves out columns that hold nothing', async () => {
    expect(await linesOf(() => parseCsv('name,,\nAbbey,,\nCastle,,x\n'))).toEqual([3])
    expect(parseCsv('name,,\nAbbey,,\n')).toEqual([{ line: 2, values: { name: 'Abbey' } }])
  })

  test.each([
    ['an empty file', ''],
    ['a byte order mark alone', '\uFEFF'],
    ['lines of spaces', ' \n\t\n\u00a0\n'],
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

  test.each([
    ['CR', 'name,code\rAbbey,E1\rCastle,E2\r'],
    ['CRLF, LF and CR by turns', 'name,code\r\nAbbey,E1\nCastle,E2\r'],
    ['LF, then CRLF', 'name,code\nAbbey,E1\r\nCastle,E2\r\n'],
  ])('takes %s for the ends of lines', (_, text) => {
    expect(parseCsv(text)).toEqual([
      { line: 2, values: { name: 'Abbey', code: 'E1' } },
      { line: 3, values: { name: 'Castle', code: 'E2' } },
    ])
  })

  test('keeps spaces around values where told to, never around headings', () => {
    const text = ' Name , CODE\n Abbey ,"  E1"\n   \n\u00a0x,\t\n'
    expect(parseCsv(text, { trim: false })).toEqual([
      { line: 2, values: { name: ' Abbey ', code: '  E1' } },
      { line: 4, values: { name: '\u00a0x', code: '\t' } },
    ])
    expect(parseCsv(text)[0]?.values).toEqual({ name: 'Abbey', code: '  E1' })
  })

  test('takes a heading by any name for no more than a heading', () => {
    const [row] = parseCsv('__proto__,constructor,toString\nAbbey,x,y\n', { heading: (text) => text })
    expect(Object.entries(row?.values ?? {})).toEqual([
      ['__proto__', 'Abbey'],
      ['constructor', 'x'],
      ['toString', 'y'],
    ])
    expect(row?.line).toBe(2)
  })

  test('keeps an empty value in quotes where an empty line is left out', () => {
    expect(parseCsv('name\n""\n\nAbbey\n').map(({ line, values }) => [line, values.name])).toEqual([
      [2, ''],
      [4, 'Abbey'],
    ])
  })

  test('keeps line breaks inside quotes as they are, whatever ends the lines, and counts each once', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `name,note${end}Abbey,"1\n2\r\n3\r4\n\r5"${end}${end}Castle,"\r\n"${end}Hill,x`
      expect(parseCsv(`\uFEFF${text}`)).toEqual([
        { line: 2, values: { name: 'Abbey', note: '1\n2\r\n3\r4\n\r5' } },
        { line: 9, values: { name: 'Castle', note: '\r\n' } },
        { line: 11, values: { name: 'Hill', note: 'x' } },
      ])
    }
  })

  test('reads every cell that was written, each row on its line', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '=', "'", 'é', '"', ',', '\n', '\r', ' ', ';', '\u00a0', '😀'),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), fc.boolean(), (rows, trim) => {
        const text = csvLines([['one', 'two'], ...rows])
        const read = parseCsv(text, { trim })
        const isFilled = (row: readonly string[]) => row.some((value) => guardCell(value).trim() !== '')
        const kept = rows.filter(isFilled)
        expect(read.map(({ values }) => [values.one, values.two] as [string, string])).toEqual(kept)
        let line = 2
        for (const row of rows) {
          if (isFilled(row)) expect(read[kept.indexOf(row)]?.line).toBe(line)
          const breaks = row.flatMap((value) => value.match(/\r\n|\r|\n/g) ?? [])
          line += 1 + breaks.length
        }
      }),
    )
  })

  test('reads 100,000 rows in seconds and counts no line twice', async () => {
    const text = `${Array.from({ length: 30 }, (_, i) => `h${i}`).join()}\r\n${`1234${',"a\nb"'.repeat(3)}${',x'.repeat(26)}\r\n`.repeat(100_000)}`
    let rows: ReturnType<typeof parseCsv> = []
    const cost = await processorMs(() => {
      rows = parseCsv(text)
    })
    expect(cost).toBeLessThan(8_000)
    expect(rows).toHaveLength(100_000)
    expect(rows.at(-1)?.line).toBe(2 + 99_999 * 4)
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
