/** Positions of the first and last byte, both included. */
export type ByteRange = { first: number; last: number }

const form = /^bytes=(\d{0,15})-(\d{0,15})$/i

/**
 * What a `Range` header asks of so many bytes (RFC 9110, 14.1.2): null for everything, which is also the answer to several
 * ranges or a malformed header; `beyond` if it begins after the end.
 */
export function byteRange(header: string | null, size: number): ByteRange | 'beyond' | null {
  const [, first = '', last = ''] = form.exec((header ?? '').trim()) ?? []
  if (first === '' && last === '') return null
  // Without a beginning, the number says how many of the last bytes.
  if (first === '') {
    return Number(last) === 0 || size === 0
      ? 'beyond'
      : { first: Math.max(0, size - Number(last)), last: size - 1 }
  }
  if (last !== '' && Number(last) < Number(first)) return null
  if (Number(first) >= size) return 'beyond'
  return { first: Number(first), last: Math.min(last === '' ? size - 1 : Number(last), size - 1) }
}
