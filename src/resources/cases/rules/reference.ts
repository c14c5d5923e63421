/** A case's public name: `CW-2026-0042`; four digits at least, more when a year needs them. */
export const formatReference = (prefix: string, year: number, number: number) =>
  `${prefix}-${year}-${String(number).padStart(4, '0')}`

/** Whether the text could be a reference rather than an id, which has no hyphen. */
export const looksLikeReference = (text: string) => /^[A-Za-z0-9]{1,10}-\d{4}-\d{4,}$/.test(text)
