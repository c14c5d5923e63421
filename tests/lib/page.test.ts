import { describe, expect, test } from 'bun:test'
import { pageWindow, pagination } from '../../src/lib/page'
import { refusalOf } from '../support/store'

describe('pageWindow', () => {
  test.each([
    ['the page behind the last reachable row', 1_001, 100],
    ['a page that begins before it and ends behind', 1_429, 70],
    ['the largest page there can be', Number.MAX_SAFE_INTEGER, 100],
  ])('refuses %s', async (_, page, pageSize) => {
    const { kind, details } = await refusalOf(() => pageWindow({ page, pageSize }))
    expect({ kind, details }).toEqual({ kind: 'bad_request', details: { maxRows: 100_000, page, pageSize } })
  })

  test.each([
    ['the first 20 rows where nothing is asked', {}, { page: 1, pageSize: 20, offset: 0 }],
    ['a later page', { page: 3 }, { page: 3, pageSize: 20, offset: 40 }],
    ['another size', { page: 2, pageSize: 7 }, { page: 2, pageSize: 7, offset: 7 }],
    [
      'the last reachable row',
      { page: 1_000, pageSize: 100 },
      { page: 1_000, pageSize: 100, offset: 99_900 },
    ],
  ])('gives %s', (_, input, window) => {
    expect(pageWindow(input)).toEqual(window)
  })
})

describe('pagination', () => {
  test.each([
    [0, 0],
    [1, 1],
    [20, 1],
    [21, 2],
    [100_000, 5_000],
  ])('spreads %d rows over %d pages of 20', (total, totalPages) => {
    expect(pagination({ page: 1, pageSize: 20, offset: 0 }, total)).toEqual({
      page: 1,
      pageSize: 20,
      total,
      totalPages,
    })
  })
})
