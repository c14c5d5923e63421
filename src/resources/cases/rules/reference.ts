import { foldedWords } from '../../../lib/fold'

/** `CW-2026-0042`: four digits, more when a year needs them. */
export const formatReference = (prefix: string, year: number | string, number: number | string) =>
  `${prefix}-${year}-${String(number).padStart(4, '0')}`

const inThreeParts = /^([A-Z\d]{1,10}) (\d{4}) (\d{1,9})$/

/** Without separators, only a likely year shows where the prefix ends. Ids are longer. */
const together = (prefix: string) => new RegExp(`^(${prefix}|[A-Z]{1,10}) ?((?:19|20|21)\\d\\d) ?(\\d{1,9})$`)

/**
 * The reference that somebody means by ` cw-2026-503 `, `CW 2026 0503` or `CW2026503`; undefined if it cannot be one. Only
 * letters and digits count, in upper or lower case, and leading zeros do not. Without separators it must begin with letters
 * alone or with the council’s `prefix`.
 */
export function meantReference(typed: string, prefix: string): string | undefined {
  const parts = foldedWords(typed).join(' ').toUpperCase()
  const [, begins, year, number] = inThreeParts.exec(parts) ?? together(prefix).exec(parts) ?? []
  return begins === undefined ? undefined : formatReference(begins, Number(year), Number(number))
}

export function partsOf(reference: string): { year: number; number: number } {
  const [, year, number] = reference.split('-')
  return { year: Number(year), number: Number(number) }
}
