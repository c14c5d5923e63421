import { maxPagedRows, type Pagination } from '../../lib/page'

type Item = { number: number; href: string; current: boolean } | { ellipsis: true }

/** Which rows of a list are shown, and the links to the others. */
export type Pages = {
  summary: string
  items: Item[]
  previous: { href: string } | null
  next: { href: string } | null
}

export type Noun = { one: string; many: string }

const figure = (count: number) => count.toLocaleString('en-GB')

function summarise({ page, pageSize, total }: Extract<Pagination, { page: number }>, { one, many }: Noun) {
  if (total === 0) return `No ${many}`
  if (total === 1) return `1 ${one}`
  const first = (page - 1) * pageSize + 1
  if (total <= pageSize && page === 1) return `${figure(total)} ${many}`
  // Rows that no page number reaches are not counted.
  const all = total > maxPagedRows ? `more than ${figure(maxPagedRows)}` : figure(total)
  if (first > total) return `${all} ${many}, none of them on this page`
  return `${figure(first)} to ${figure(Math.min(total, first + pageSize - 1))} of ${all} ${many}`
}

/** `address` gives the address of a page by its number. */
export function pagesOf(pagination: Pagination, noun: Noun, address: (page: number) => string): Pages {
  if (!('page' in pagination)) throw new Error('A page lists by number')
  const { page, pageSize, total } = pagination
  const last = Math.ceil(Math.min(total, maxPagedRows) / pageSize)
  const near = [1, page - 1, page, page + 1, last].filter((number) => number >= 1 && number <= last)
  const shown = last > 1 ? [...new Set(near)].sort((a, b) => a - b) : []
  const items = shown.flatMap((number, i): Item[] => {
    const item = { number, href: address(number), current: number === page }
    return i > 0 && number > (shown[i - 1] as number) + 1 ? [{ ellipsis: true }, item] : [item]
  })
  const link = (number: number) =>
    number >= 1 && number <= last && last > 1 ? { href: address(number) } : null
  return { summary: summarise(pagination, noun), items, previous: link(page - 1), next: link(page + 1) }
}
