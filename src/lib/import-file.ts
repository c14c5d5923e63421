import { parseTree } from 'jsonc-parser'
import { AppError } from './errors'
import { foreignFile } from './file-kind'

/** A line, or where lines say little, what it is, such as `feature 3 (Ashley)`. */
export type FilePlace = { line: number } | { part: string }
export type RowFault = FilePlace & { reason: string }

export const placeName = (place: FilePlace): string => ('part' in place ? place.part : `line ${place.line}`)

const maxFaults = 1_000

/** Refuses the whole file and lists every bad line, up to 1,000 faults; call it before anything is changed. */
export function badFile(faults: readonly RowFault[]): AppError {
  const places = new Set(faults.map(placeName)).size
  const noun = faults.some((fault) => 'part' in fault) ? 'part' : 'line'
  const rows = faults.slice(0, maxFaults)
  const more =
    faults.length > rows.length ? `; the first ${rows.length} of ${faults.length} faults follow` : ''
  const message = `The file has ${places} bad ${noun}${places === 1 ? '' : 's'}; nothing was imported${more}`
  return new AppError('bad_request', message, { rows })
}

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

const utf16Marks: [first: number, second: number, encoding: Encoding][] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
]

/**
 * Decodes UTF-8, UTF-16 with a byte order mark, which is removed, or what `encoding` says. Throws a fault for the first line that
 * is malformed or contains a NUL, and for files that are no text.
 */
export function decodeText(bytes: Uint8Array, encoding?: Encoding): string {
  const foreign = foreignFile(bytes)
  if (foreign) throw badFile([{ part: 'the file', reason: foreign }])
  const marked = utf16Marks.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2]
  if (marked) return decodeUtf16(bytes.subarray(2), marked)
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return decodeUtf16(bytes, encoding)
  const nul = bytes.indexOf(0)
  if (nul >= 0) throw badFile([{ line: lineOfByte(bytes, nul), reason: reasonForNul(bytes, nul) }])
  const utf8 = decodeUtf8(bytes)
  if (encoding === 'windows-1252') return decodeWindows1252(bytes, utf8)
  if (utf8 !== undefined) return utf8
  throw badFile([{ line: firstBadLine(bytes), reason: notUtf8 }])
}

const notUtf8 =
  'is not valid UTF-8: save the file as CSV UTF-8, or import it with --encoding windows-1252 if Excel saved it as plain CSV'

function reasonForNul(bytes: Uint8Array, nul: number): string {
  if (bytes.subarray(nul, nul + 64).filter((byte) => byte === 0).length < 8) return 'contains a NUL character'
  const encoding = nul % 2 === 1 ? 'utf-16le' : 'utf-16be'
  return `looks like UTF-16 without a byte order mark: save it as CSV UTF-8, or import it with --encoding ${encoding}`
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Almost no text in Windows-1252 is valid UTF-8 by chance, unless it is plain ASCII. */
function decodeWindows1252(bytes: Uint8Array, utf8: string | undefined): string {
  const text = new TextDecoder('windows-1252').decode(bytes)
  if (utf8 === undefined || utf8 === text) return text
  throw badFile([{ line: 1, reason: 'is UTF-8, not Windows-1252: leave out --encoding' }])
}

/** Keeps an odd last byte. */
function swapBytes(bytes: Uint8Array): Buffer {
  const swapped = Buffer.from(bytes)
  swapped.subarray(0, swapped.length - (swapped.length % 2)).swap16()
  return swapped
}

/** `toString` does not fail on malformed UTF-16, but leaves lone surrogates. */
function decodeUtf16(bytes: Uint8Array, encoding: Encoding): string {
  const littleEndian = encoding === 'utf-16le' ? Buffer.from(bytes) : swapBytes(bytes)
  const text = littleEndian.toString('utf16le')
  const lone = text.search(/\p{Surrogate}/u)
  if (lone >= 0 || bytes.length % 2 === 1) {
    throw badFile([{ line: lineAt(text, lone >= 0 ? lone : text.length), reason: 'is not valid UTF-16' }])
  }
  const nul = text.indexOf('\0')
  if (nul >= 0) throw badFile([{ line: lineAt(text, nul), reason: 'contains a NUL character' }])
  return text
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    const stop = end < 0 ? bytes.length : end
    if (decodeUtf8(bytes.subarray(start, stop)) === undefined) return line
    start = stop + 1
  }
  return line
}

const lineOfByte = (bytes: Uint8Array, offset: number) =>
  lineAt(Buffer.from(bytes.subarray(0, offset)).toString('latin1'), offset)

/** Malformed text throws a fault for the line where it breaks. */
export function parseJsonFile(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const errors: { offset: number; error: number; length: number }[] = []
    parseTree(text, errors, { disallowComments: true })
    throw badFile([
      { line: lineAt(text, errors[0]?.offset ?? text.length), reason: 'is not valid JSON here' },
    ])
  }
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length
