import { describe, expect, test } from 'bun:test'
import { byteRange } from '../../src/lib/byte-range'

describe('of 1,000 bytes', () => {
  test.each([
    [null, null],
    ['', null],
    ['bytes=', null],
    ['bytes=-', null],
    ['bytes=5-4', null],
    ['bytes=0-1,5-6', null],
    ['lines=0-9', null],
    ['bytes=a-b', null],
    ['bytes=1000-', 'beyond'],
    ['bytes=2000-3000', 'beyond'],
    ['bytes=-0', 'beyond'],
  ] as const)('%p asks for %p', (header, asked) => {
    expect(byteRange(header, 1_000)).toBe(asked)
  })

  test.each([
    ['bytes=0-0', 0, 0],
    ['Bytes=0-499', 0, 499],
    ['bytes=500-', 500, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=-100', 900, 999],
    ['bytes=-5000', 0, 999],
    [' bytes=1-2 ', 1, 2],
  ])('%p asks for %d to %d', (header, first, last) => {
    expect(byteRange(header, 1_000)).toEqual({ first, last })
  })
})

test('nothing can be asked of nothing', () => {
  expect(byteRange('bytes=-5', 0)).toBe('beyond')
  expect(byteRange('bytes=0-', 0)).toBe('beyond')
})
