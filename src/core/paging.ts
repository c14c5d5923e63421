import { openCursor, sealCursor } from '../lib/cursor'
import { badRequest, invalid } from '../lib/errors'
import {
  type Found,
  maxPagedRows,
  type Paged,
  type PageInput,
  type Pagination,
  type Slice,
} from '../lib/page'
import type { Ctx } from './ctx'

const defaultPageSize = 20

/** A cursor works only for the same council, list, filters and order. */
function bindingOf(ctx: Ctx, list: string, query: PageInput): string {
  const { page: _page, pageSize: _pageSize, cursor: _cursor, ...rest } = query
  const filters = Object.entries(rest).filter(([, value]) => value !== undefined)
  return JSON.stringify([ctx.tenantId, list, filters.sort(([a], [b]) => (a < b ? -1 : 1))])
}

function readSlice(
  ctx: Ctx,
  binding: string,
  { page, pageSize = defaultPageSize, cursor }: PageInput,
): Slice {
  if (cursor !== undefined) {
    if (page !== undefined) {
      throw invalid([
        { in: 'query', path: 'cursor', code: 'misplaced', message: 'Cannot be combined with page' },
      ])
    }
    const after = cursor === '' ? null : openCursor(ctx.secrets.cursor, binding, cursor)
    if (after === undefined) {
      const message =
        'This cursor does not belong to this list, filters and order: start again with an empty one'
      throw invalid([{ in: 'query', path: 'cursor', code: 'format', message }])
    }
    return { kind: 'cursor', pageSize, after }
  }
  const number = page ?? 1
  const offset = (number - 1) * pageSize
  if (offset + pageSize > maxPagedRows) {
    throw badRequest(
      `Only the first ${maxPagedRows} rows can be reached by page number: follow the list with cursor= instead`,
      {
        maxRows: maxPagedRows,
        page: number,
        pageSize,
      },
    )
  }
  return { kind: 'page', page: number, pageSize, offset }
}

function paginationOf<Row>(ctx: Ctx, binding: string, slice: Slice, { total, next }: Found<Row>): Pagination {
  const { pageSize } = slice
  if (slice.kind === 'cursor') {
    return { pageSize, nextCursor: next === null ? null : sealCursor(ctx.secrets.cursor, binding, next) }
  }
  const rows = total ?? 0
  return { page: slice.page, pageSize, total: rows, totalPages: Math.ceil(rows / pageSize) }
}

/** One page of a list, by page number or by cursor. `list` is part of the cursor, so that it works for no other list. */
export async function paged<Row>(
  ctx: Ctx,
  list: string,
  query: PageInput,
  find: (slice: Slice) => Promise<Found<Row>>,
): Promise<Paged<Row>> {
  const binding = bindingOf(ctx, list, query)
  const slice = readSlice(ctx, binding, query)
  const found = await find(slice)
  return { rows: found.rows, pagination: paginationOf(ctx, binding, slice, found) }
}
