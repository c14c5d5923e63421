import { parseTree } from 'jsonc-parser'
import { AppError } from './errors'

/** A line, or where lines say little, what it is, such as `feature 3 (Ashley)`. */
export type FilePlace = { line: number } | { part: string }
export type RowFault = FilePlace & { reason: string }

export const placeName = (place: FilePlace): string => ('part' in place ? place.part : `line ${place.line}`)

const maxFaults = 1_000

/** Refuses the whole file and lists every bad line, up to 1,000 faults; call it before anything is changed. */
export function badFile(faults: readonly RowFault[]): AppError {
  const places = new Set(faults.map(placeName)).size
  const noun = faults.some((fault) => 'part' in fault) ? 'part' : 'line'
  return new AppError(
    'bad_request',
    `The file has ${places} bad ${noun}${places === 1 ? '' : 's'}; nothing was imported`,
    { rows: faults.slice(0, maxFaults) },
  )
}

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, which is removed. Throws a fault for the first line that is malformed or
 * contains a NUL.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(Buffer.from(bytes.subarray(2)))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(swapBytes(bytes.subarray(2)))
  const nul = bytes.indexOf(0)
  if (nul >= 0) {
    const reason = 'looks like UTF-16 without a byte order mark: save it as UTF-8'
    throw badFile([{ line: lineAt(Buffer.from(bytes.subarray(0, nul)).toString('latin1'), nul), reason }])
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badFile([{ line: firstBadLine(bytes), reason: 'is not valid UTF-8' }])
  }
}

/** Keeps an odd last byte. */
function swapBytes(bytes: Uint8Array): Buffer {
  const swapped = Buffer.from(bytes)
  swapped.subarray(0, swapped.length - (swapped.length % 2)).swap16()
  return swapped
}

/** `toString` does not fail on malformed UTF-16, but leaves lone surrogates. */
function decodeUtf16(bytes: Buffer): string {
  const text = bytes.toString('utf16le')
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
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, stop))
    } catch {
      return line
    }
    start = stop + 1
  }
  return line
}

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
