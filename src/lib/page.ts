import type { CursorValue } from './cursor'

/** Rows that may be reached by page number; beyond them lists are followed by cursor. */
export const maxPagedRows = 100_000

export type PageInput = { page?: number; pageSize?: number; cursor?: string }

/** The part of a list that is asked for: a page by its number, or what comes after a place. */
export type Slice =
  | { kind: 'page'; page: number; pageSize: number; offset: number }
  | { kind: 'cursor'; pageSize: number; after: readonly CursorValue[] | null }

/** What was found: with the total for a page, with the place of its last row where more follows a cursor. */
export type Found<Row> = { rows: Row[]; total: number | null; next: readonly CursorValue[] | null }

export type Pagination =
  | { page: number; pageSize: number; total: number; totalPages: number }
  | { pageSize: number; nextCursor: string | null }

export type Paged<Row> = { rows: Row[]; pagination: Pagination }

/** The part of a list that is there whole: where it starts and ends, and what is said of it; a cursor is a number. */
export function partOf(slice: Slice, total: number) {
  const start = slice.kind === 'page' ? slice.offset : Number(slice.after?.[0] ?? 0)
  const end = start + slice.pageSize
  const found: Omit<Found<never>, 'rows'> = slice.kind === 'page'
    ? { total, next: null }
    : { total: null, next: end < total ? [end] : null }
  return { start, end, found }
}
