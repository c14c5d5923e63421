/** `CW-2026-0042`: four digits, more when a year needs them. */
export const formatReference = (prefix: string, year: number, number: number) =>
  `${prefix}-${year}-${String(number).padStart(4, '0')}`

/** Ids have no hyphen. */
export const looksLikeReference = (text: string) => /^[A-Za-z0-9]{1,10}-\d{4}-\d{4,}$/.test(text)

export function partsOf(reference: string): { year: number; number: number } {
  const [, year, number] = reference.split('-')
  return { year: Number(year), number: Number(number) }
}
