import { visit } from 'jsonc-parser'
import { badRequest, type Issue, invalid, maxIssues, shortName } from './errors'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export const maxBodyBytes = 1_048_576
const maxDepth = 32
const maxValues = 50_000

/**
 * Parses a JSON request body strictly: well-formed UTF-8, at most 32 levels deep and 50,000 values, no name twice in an object, no NUL and no lone
 * surrogate in any string or name. Throws a `bad_request` that never repeats what was sent.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw badRequest('The body is not valid UTF-8')
  }
  if (text.trim() === '') throw badRequest('A JSON body is required')
  const fault = shapeFault(text)
  if (fault !== null) throw badRequest(fault)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badRequest('The body is not valid JSON')
  }
  const faults = [...findBadText(value, '').take(maxIssues)]
  if (faults.length > 0) throw invalid(faults.map((path) => faultAt(path, 'format', badTextMessage)))
  const repeated = findRepeated(text)
  if (repeated.length > 0)
    throw invalid(repeated.map((path) => faultAt(path, 'misplaced', 'Given more than once')))
  return value
}

const badTextMessage = 'Contains a NUL or a lone surrogate'

const faultAt = (path: string, code: 'format' | 'misplaced', message: string): Issue => ({
  in: 'body',
  path: shortName(path),
  code,
  message,
})

/** Paths of the names that an object has more than once: of two values, readers take now the first, now the last. */
function findRepeated(text: string): string[] {
  const open: Set<string>[] = []
  const repeated = new Set<string>()
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, _offset, _length, _line, _character, pathOf) => {
      const names = open.at(-1)
      if (names?.has(name) && repeated.size < maxIssues) repeated.add([...pathOf(), name].join('.'))
      names?.add(name)
    },
  })
  return [...repeated]
}

/** Checked before parsing, so that thousands of brackets or values cost only one pass. */
function shapeFault(text: string): string | null {
  let depth = 0
  let values = 0
  let isInString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isInString) {
      if (code === 0x5c) i++
      else if (code === 0x22) isInString = false
    } else if (code === 0x22) isInString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return `The body is nested deeper than ${maxDepth} levels`
    } else if (code === 0x5d || code === 0x7d) depth--
    else if (code === 0x2c && ++values > maxValues) return `The body has more than ${maxValues} values`
  }
  return null
}

export const isBadText = (text: string) => text.includes('\0') || !text.isWellFormed()

function* findBadText(value: unknown, path: string): Generator<string> {
  if (typeof value === 'string') {
    if (isBadText(value)) yield path
  } else if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      const printable = isBadText(name) ? '(a field name)' : name
      const innerPath = path === '' ? printable : `${path}.${printable}`
      if (printable !== name) yield innerPath
      else yield* findBadText(inner, innerPath)
    }
  }
}
