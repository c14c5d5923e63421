import type { CursorValue } from './cursor'

/** Rows that page numbers can reach; beyond them a cursor is needed. */
export const maxPagedRows = 100_000

export type PageInput = { page?: number; pageSize?: number; cursor?: string }

/** The requested part of a list: a page by its number, or rows after a place. */
export type Slice =
  | { kind: 'page'; page: number; pageSize: number; offset: number }
  | { kind: 'cursor'; pageSize: number; after: readonly CursorValue[] | null }

/** `total` is for pages; `next` is for cursors: the place of the last row, null at the end of the list. */
export type Found<Row> = { rows: Row[]; total: number | null; next: readonly CursorValue[] | null }

export type Pagination =
  | { page: number; pageSize: number; total: number; totalPages: number }
  | { pageSize: number; nextCursor: string | null }

export type Paged<Row> = { rows: Row[]; pagination: Pagination }

/** Slices a list held in memory, for which a cursor is an index. */
export function partOf(slice: Slice, total: number) {
  const start = slice.kind === 'page' ? slice.offset : Number(slice.after?.[0] ?? 0)
  const end = start + slice.pageSize
  const found: Omit<Found<never>, 'rows'> = slice.kind === 'page'
    ? { total, next: null }
    : { total: null, next: end < total ? [end] : null }
  return { start, end, found }
}
