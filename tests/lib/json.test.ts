import { describe, expect, test } from 'bun:test'
import { isBadText, parseJsonBody } from '../../src/lib/json'
import { processorMs } from '../support/cost'
import { refusalOf } from '../support/store'

const bytes = (text: string) => new TextEncoder().encode(text)
const parse = (text: string) => parseJsonBody(bytes(text))
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('parseJsonBody refuses', () => {
  test.each([
    ['an empty body', '', 'A JSON body is required'],
    ['a body of spaces', ' \r\n\t', 'A JSON body is required'],
    ['half an object', '{"a":1', 'The body is not valid JSON'],
    ['two values', '{} {}', 'The body is not valid JSON'],
    ['a comment', '{"a":1} // note', 'The body is not valid JSON'],
    ['a comma too many', '[1,]', 'The body is not valid JSON'],
    ['form fields', 'subject=Bins', 'The body is not valid JSON'],
    ['33 levels', nested(33), 'The body is nested deeper than 32 levels'],
    ['20,000 brackets that are never closed', '['.repeat(20_000), 'The body is nested deeper than 32 levels'],
    ['50,002 values', `[${'1,'.repeat(50_001)}1]`, 'The body has more than 50000 values'],
    ['20,000 nested lists', nested(20_000), 'The body is nested deeper than 32 levels'],
    ['20,000 nested objects', '{"a":'.repeat(20_000), 'The body is nested deeper than 32 levels'],
  ])('%s', async (_, text, message) => {
    const { kind, message: said, details } = await refusalOf(() => parse(text))
    expect({ kind, said, details }).toEqual({ kind: 'bad_request', said: message, details: {} })
  })

  test.each([
    ['a broken sequence', [0x22, 0xc3, 0x28, 0x22]],
    ['a sequence cut short', [0x22, 0xe2, 0x82, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('%s as not valid UTF-8', async (_, body) => {
    const { kind, message } = await refusalOf(() => parseJsonBody(new Uint8Array(body)))
    expect({ kind, message }).toEqual({ kind: 'bad_request', message: 'The body is not valid UTF-8' })
  })

  test.each([
    ['a NUL in a value', '{"a":"x\\u0000y"}', ['a']],
    ['a NUL in a nested value', '{"a":{"b":["ok","\\u0000"]}}', ['a.b.1']],
    ['a lone high surrogate in a value', '{"a":"\\ud800"}', ['a']],
    ['a lone low surrogate in a value', '{"a":"\\udc00 x"}', ['a']],
    ['surrogates in the wrong order', '{"a":"\\udc00\\ud800"}', ['a']],
    ['a NUL in a name', '{"a\\u0000":1}', ['(a field name)']],
    ['a lone surrogate in a name', '{"\\ud800":1}', ['(a field name)']],
    ['a lone surrogate in a nested name', '{"a":{"\\udfff":1}}', ['a.(a field name)']],
    ['every fault at once', '{"a":"\\u0000","b":"fine","c":"\\ud800"}', ['a', 'c']],
  ])('%s and names the field', async (_, text, paths) => {
    const { kind, message, details } = await refusalOf(() => parse(text))
    expect({ kind, message }).toEqual({ kind: 'bad_request', message: 'Invalid request' })
    expect(details.issues).toEqual(
      paths.map((path) => ({
        in: 'body',
        path,
        code: 'format',
        message: 'Contains a NUL or a lone surrogate',
      })),
    )
  })

  test.each([
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"\\u0061":2,"b":3,"b":4}', ['a', 'b']],
    ['{"a":{"b":1,"c":2,"b":3},"c":[{"d":1},{"d":1,"d":2}]}', ['a.b', 'c.1.d']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
  ])('a name that an object has twice, by its path: %s', async (text, paths) => {
    const { details } = await refusalOf(() => parse(text))
    const issues = details.issues as { in: string; path: string; message: string }[]
    expect(issues.map(({ path }) => path)).toEqual(paths)
    expect(issues[0]).toMatchObject({ in: 'body', message: 'Given more than once' })
  })

  test('a mebibyte of the same name in little time', async () => {
    const text = `{${'"a":1,'.repeat(170_000)}"a":1}`
    expect(await processorMs(() => refusalOf(() => parse(text)))).toBeLessThan(1_500)
  })

  test('a bomb of brackets in little time', async () => {
    expect(await processorMs(() => refusalOf(() => parse('['.repeat(1_000_000))))).toBeLessThan(500)
  })

  test('without repeating what was sent', async () => {
    const { message, details } = await refusalOf(() => parse('{"password":"hunter2"'))
    expect(message + JSON.stringify(details)).not.toContain('hunter2')
  })
})

describe('parseJsonBody reads', () => {
  test.each([
    ['an object', '{"a":[1,2.5,true,null,"x"]}', { a: [1, 2.5, true, null, 'x'] }],
    ['a pair of surrogates', '{"a":"\\ud83d\\ude00"}', { a: '😀' }],
    ['text beyond ASCII', '{"Enw":"Tŷ Ddewi"}', { Enw: 'Tŷ Ddewi' }],
    ['a value alone', '"x"', 'x'],
    ['a text after a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    [
      'one name in several objects',
      '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
      { a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] },
    ],
    ['brackets and braces inside strings', `{"a":"${'{['.repeat(100)}"}`, { a: '{['.repeat(100) }],
    ['brackets behind an escaped quote', `{"a":"\\"${'['.repeat(100)}\\\\"}`, { a: `"${'['.repeat(100)}\\` }],
    ['many lists side by side', `[${'[],'.repeat(100)}[]]`, Array.from({ length: 101 }, () => [])],
  ])('%s', (_, text, value) => {
    expect(parse(text)).toEqual(value as never)
  })

  test('32 levels, the deepest allowed', () => {
    expect(JSON.stringify(parse(nested(32)))).toBe(nested(32))
  })

  test('a field named __proto__ as a field and not as a prototype', () => {
    const value = parse('{"__proto__":{"isAdmin":true}}') as { isAdmin?: boolean }
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(value.isAdmin).toBeUndefined()
  })
})

test('isBadText tells NUL and lone surrogates from all other text', () => {
  expect(['\0', 'a\0b', '\ud800', 'a\udc00'].map(isBadText)).toEqual([true, true, true, true])
  expect(['', 'plain', '😀', '\u0001', '\uffff'].map(isBadText)).toEqual([false, false, false, false, false])
})
