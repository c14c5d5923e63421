import type { TObject, TSchema } from '@sinclair/typebox'
import { validate } from '../core/validation'
import { type Issue, maxIssues, shortName } from '../lib/errors'
import { isBadText } from '../lib/json'

type Decoded = { value: Record<string, unknown>; issues: Issue[] }

/**
 * Reads a query string strictly by its schema: plain decimal numbers, `true` and `false`, lists repeated, separated by commas, or
 * as the libraries of many clients write them (`status[]=open`, `status[0]=open`); no other repeated parameters. A value that does not fit its type stays text, which `validate` then reports. Clients of the API
 * must learn of a misspelt parameter; to the address of a feed or a page others may add parameters of their own.
 */
export function decodeQuery(schema: TObject | null, search: string, unknown: 'refuse' | 'ignore'): Decoded {
  const properties: Record<string, TSchema> = schema?.properties ?? {}
  const given = new Map<string, string[]>()
  const issues: Issue[] = []
  for (const pair of search.replace(/^\?/, '').split('&')) {
    if (pair === '') continue
    const [written, value] = splitPair(pair)
    const name = written === null ? null : nameOf(properties, written)
    const isKnown = name !== null && Object.hasOwn(properties, name)
    if (!isKnown && unknown === 'ignore') continue
    if (name === null || value === null || isBadText(name) || isBadText(value)) {
      issues.push({
        in: 'query',
        path: shortName(name ?? ''),
        code: 'format',
        message: 'Must be well-formed text',
      })
    } else if (!isKnown) {
      issues.push({ in: 'query', path: shortName(name), code: 'unknown', message: 'Unknown parameter' })
    } else given.set(name, [...(given.get(name) ?? []), value])
    if (issues.length >= maxIssues) break
  }
  const value: Record<string, unknown> = {}
  for (const [name, texts] of given) {
    const property = properties[name] as TSchema
    if (property.type === 'array') {
      value[name] = texts.flatMap((text) => text.split(',')).map((text) => decodeText(property.items, text))
    } else if (texts.length > 1) {
      issues.push({ in: 'query', path: name, code: 'misplaced', message: 'Given more than once' })
    } else value[name] = decodeText(property, texts[0] as string)
  }
  return { value, issues }
}

/** The parameter that a name means, without the brackets that some clients add to lists. */
function nameOf(properties: Record<string, TSchema>, written: string): string {
  const [, name = ''] = /^(\w+)\[\d{0,4}\]$/.exec(written) ?? []
  return Object.hasOwn(properties, name) && properties[name]?.type === 'array' ? name : written
}

/** The faults of a query under its parameters: a faulty value of a list counts as a fault of its parameter. */
export function queryIssues(schema: TObject, value: unknown, known: readonly Issue[]): Issue[] {
  const issues = new Map(known.map((issue) => [issue.path, issue]))
  for (const issue of validate(schema, value, 'query')) {
    const [path = '', place] = issue.path.split('.')
    if (issues.has(path)) continue
    const values = (value as Record<string, unknown>)[path]
    const isOneOfMany = place !== undefined && Array.isArray(values) && values.length > 1
    const which = isOneOfMany ? `, not "${shortName(String(values[Number(place)]))}"` : ''
    issues.set(path, { ...issue, path, message: `${issue.message}${which}` })
  }
  return [...issues.values()]
}

function splitPair(pair: string): [string | null, string | null] {
  const at = pair.indexOf('=')
  return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Percent signs that do not encode UTF-8: the caller reports the parameter.
    return null
  }
}

function decodeText(schema: TSchema, text: string): unknown {
  if (schema.type === 'integer') return /^-?\d{1,16}$/.test(text) ? Number(text) : text
  if (schema.type === 'number') return /^-?\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : text
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}
