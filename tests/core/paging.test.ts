import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Ctx } from '../../src/core/ctx'
import { paged } from '../../src/core/paging'
import type { Found, PageInput, Slice } from '../../src/lib/page'
import { createCouncil, createTestApp, type TestApp } from '../support/app'
import { refusalOf } from '../support/store'

let app: TestApp
let ctx: Ctx
let other: Ctx

beforeAll(async () => {
  app = await createTestApp()
  ctx = (await createCouncil(app, 'avon')).ctx
  other = (await createCouncil(app, 'severn')).ctx
})
afterAll(() => app.close())

const nothing: Found<string> = { rows: [], total: 0, next: null }

const sliceOf = async (query: PageInput): Promise<Slice> => {
  let asked: Slice | undefined
  await paged(ctx, 'things', query, async (slice) => {
    asked = slice
    return nothing
  })
  return asked as Slice
}

const cursorAfter = async (query: Record<string, unknown>, by = ctx, list = 'things') => {
  const found = { rows: ['x'], total: null, next: ['Ashley', 7] }
  const { pagination } = await paged(by, list, { ...query, cursor: '' }, async () => found)
  return (pagination as { nextCursor: string }).nextCursor
}

describe('a part of a list is refused', () => {
  test.each([
    ['the page behind the last reachable row', 1_001, 100],
    ['a page that begins before it and ends behind', 1_429, 70],
    ['the largest page there can be', Number.MAX_SAFE_INTEGER, 100],
  ])('%s, pointing to cursor', async (_, page, pageSize) => {
    const { kind, details, message } = await refusalOf(() => sliceOf({ page, pageSize }))
    expect({ kind, details }).toEqual({ kind: 'bad_request', details: { maxRows: 100_000, page, pageSize } })
    expect(message).toContain('cursor=')
  })

  test('a page number beside a cursor', async () => {
    const { details } = await refusalOf(() => sliceOf({ page: 1, cursor: '' }))
    expect(details.issues).toEqual([
      { in: 'query', path: 'cursor', code: 'misplaced', message: 'Cannot be combined with page' },
    ])
  })

  test('a cursor with any one character changed, cut or added', async () => {
    const cursor = await cursorAfter({})
    const changed = [...cursor].map(
      (c, i) => cursor.slice(0, i) + (c === 'A' ? 'B' : 'A') + cursor.slice(i + 1),
    )
    for (const bad of [...changed, cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, 'A', 'A'.repeat(22)]) {
      expect((await refusalOf(() => sliceOf({ cursor: bad }))).kind).toBe('bad_request')
    }
  })

  test('a cursor of another tenant, another list, other filters or another order', async () => {
    const foreign = [
      await cursorAfter({}, other),
      await cursorAfter({}, ctx, 'others'),
      await cursorAfter({ tier: 'parish' }),
      await cursorAfter({ sort: '-name' }),
    ]
    for (const cursor of foreign) {
      expect((await refusalOf(() => sliceOf({ cursor }))).kind).toBe('bad_request')
    }
  })
})

describe('a part of a list', () => {
  test.each([
    ['the first 20 rows where nothing is asked', {}, { page: 1, pageSize: 20, offset: 0 }],
    ['a later page', { page: 3 }, { page: 3, pageSize: 20, offset: 40 }],
    ['another size', { page: 2, pageSize: 7 }, { page: 2, pageSize: 7, offset: 7 }],
    [
      'the last reachable row',
      { page: 1_000, pageSize: 100 },
      { page: 1_000, pageSize: 100, offset: 99_900 },
    ],
  ])('is %s', async (_, input, slice) => {
    expect(await sliceOf(input)).toEqual({ kind: 'page', ...slice })
  })

  test('starts with an empty cursor and goes on from where it ended, in parts of any size', async () => {
    expect(await sliceOf({ cursor: '' })).toEqual({ kind: 'cursor', pageSize: 20, after: null })
    const cursor = await cursorAfter({ pageSize: 1 })
    expect(await sliceOf({ cursor, pageSize: 50 })).toEqual({
      kind: 'cursor',
      pageSize: 50,
      after: ['Ashley', 7],
    })
  })

  test.each([
    [0, 0],
    [1, 1],
    [20, 1],
    [21, 2],
    [100_000, 5_000],
  ])('of %d rows stands among %d pages of 20', async (total, totalPages) => {
    const { pagination } = await paged(ctx, 'things', {}, async () => ({ ...nothing, total }))
    expect(pagination).toEqual({ page: 1, pageSize: 20, total, totalPages })
  })

  test('by cursor counts nothing and ends with null', async () => {
    const { pagination } = await paged(ctx, 'things', { cursor: '' }, async () => nothing)
    expect(pagination).toEqual({ pageSize: 20, nextCursor: null })
  })
})
