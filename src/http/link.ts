import type { Pagination } from '../lib/page'

/** `Link` header (RFC 8288) to other pages of a list with the same filters. */
export function linkHeader(url: string, pagination: Pagination): string {
  const { pathname, searchParams } = new URL(url)
  const link = (relation: string, parameter: 'page' | 'cursor', value: string) => {
    const query = new URLSearchParams(searchParams)
    query.set(parameter, value)
    return `<${pathname}?${query}>; rel="${relation}"`
  }
  if ('nextCursor' in pagination) {
    const { nextCursor } = pagination
    return [
      link('first', 'cursor', ''),
      ...(nextCursor === null ? [] : [link('next', 'cursor', nextCursor)]),
    ].join(', ')
  }
  const { page, totalPages } = pagination
  const last = Math.max(1, totalPages)
  return [
    link('first', 'page', '1'),
    ...(page > 1 ? [link('prev', 'page', String(Math.min(page - 1, last)))] : []),
    ...(page < last ? [link('next', 'page', String(page + 1))] : []),
    link('last', 'page', String(last)),
  ].join(', ')
}
