import { badRequest } from './errors'

/** Rows that may be reached by page number; beyond them lists are followed by cursor. */
export const maxPagedRows = 100_000

export type PageInput = { page?: number; pageSize?: number }
export type PageWindow = { page: number; pageSize: number; offset: number }
export type Pagination = { page: number; pageSize: number; total: number; totalPages: number }

/** Page (1 upward, default 1) and page size (1 to 100, default 20) as an offset; both are validated before. */
export function pageWindow({ page = 1, pageSize = 20 }: PageInput): PageWindow {
  const offset = (page - 1) * pageSize
  if (offset + pageSize > maxPagedRows) {
    throw badRequest(`Only the first ${maxPagedRows} rows can be reached by page number`, {
      maxRows: maxPagedRows,
      page,
      pageSize,
    })
  }
  return { page, pageSize, offset }
}

export const pagination = ({ page, pageSize }: PageWindow, total: number): Pagination => ({
  page,
  pageSize,
  total,
  totalPages: Math.ceil(total / pageSize),
})
