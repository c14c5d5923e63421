import { foldedWords } from '../../../lib/fold'

/** `CW-2026-0042`: four digits, more when a year needs them. */
export const formatReference = (prefix: string, year: number | string, number: number | string) =>
  `${prefix}-${year}-${String(number).padStart(4, '0')}`

/** Ids have no hyphen. */
export const looksLikeReference = (text: string) => /^[A-Za-z0-9]{1,10}-\d{4}-\d{4,}$/.test(text)

const typedParts = /^([a-z\d]{1,10}) (\d{4}) (\d{1,9})$/
/** Run together, only a likely year shows where the prefix ends. An id is longer. */
const typedTogether = /^([a-z][a-z\d]{0,9}?) ?((?:19|20|21)\d\d) ?(\d{1,7})$/

/** The reference in what somebody typed, such as `cw 2026 42`, `CW/2026/0042` or `cw20260042`; undefined if it is none. */
export function readReference(text: string): string | undefined {
  const typed = foldedWords(text).join(' ')
  const [, prefix, year, number] = typedParts.exec(typed) ?? typedTogether.exec(typed) ?? []
  if (prefix === undefined || year === undefined || number === undefined) return undefined
  return formatReference(prefix.toUpperCase(), year, number)
}

export function partsOf(reference: string): { year: number; number: number } {
  const [, year, number] = reference.split('-')
  return { year: Number(year), number: Number(number) }
}
