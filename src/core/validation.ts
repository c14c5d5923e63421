import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { type Issue, maxIssues, shortName } from '../lib/errors'
import { notBlank, oneLine } from './schema'

type Part = Issue['in']

/** Marks of no width and of direction: pasted along unknowingly, and seen by nobody. Joiners (U+200C, U+200D) shape letters. */
const invisible = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function tidiedText({ pattern }: TSchema, text: string): string {
  if (pattern === undefined || pattern === notBlank) return text
  const seen = text.replace(invisible, '')
  if (pattern === oneLine) return seen.replace(breaks, ' ')
  // Nothing else with a form of its own, such as an id or a date, begins or ends with a space. But a space is not nothing.
  return seen.trim() || seen
}

/**
 * The value as it will be kept: ids, dates and the like without invisible marks and spaces around them; texts of one line
 * without invisible marks, and with a space in place of line breaks and tabs, as a text field of a browser would have it.
 */
export function tidied(schema: TSchema, value: unknown): unknown {
  const members: unknown = schema.anyOf
  if (Array.isArray(members)) {
    const member = members.find(({ type }: TSchema) => type !== 'null')
    return member === undefined ? value : tidied(member, value)
  }
  if (typeof value === 'string') return tidiedText(schema, value)
  if (Array.isArray(value) && schema.items) return value.map((item) => tidied(schema.items, item))
  if (!isObject(value) || !isObject(schema.properties)) return value
  const { properties } = schema
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      Object.hasOwn(properties, name) ? tidied(properties[name] as TSchema, inner) : inner,
    ]),
  )
}

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>()

function checkOf(schema: TSchema): TypeCheck<TSchema> {
  let check = compiled.get(schema)
  if (!check) {
    check = TypeCompiler.Compile(schema)
    compiled.set(schema, check)
  }
  return check
}

/** Every fault of a value; none if it fits its schema. */
export function validate(schema: TSchema, value: unknown, part: Part): Issue[] {
  const check = checkOf(schema)
  if (check.Check(value)) return []
  const issues = new Map<string, Issue>()
  for (const error of leaves(check.Errors(value))) {
    if (issues.size >= maxIssues) break
    const path = shortName(
      error.path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
    )
    if (!issues.has(path)) issues.set(path, { in: part, path, ...faultOf(error, part) })
  }
  return [...issues.values()]
}

/**
 * Every fault of what was sent, and its fields that have none: rules beyond the schema can check those, so that the caller
 * learns of all faults at once.
 */
export function inspect<T extends TObject>(
  schema: T,
  given: unknown,
): { issues: Issue[]; sound: Partial<Static<T>> } {
  const value = tidied(schema, given)
  const issues = validate(schema, value, 'body')
  const faulty = new Set(issues.map(({ path }) => path.split('.')[0]))
  const isKnown = (name: string) => name in schema.properties && !faulty.has(name)
  // Beyond the last fault that is listed, any field may have one.
  const fields = issues.length < maxIssues && value instanceof Object ? Object.entries(value) : []
  const sound = fields.filter(([name, field]) => field !== undefined && isKnown(name))
  return { issues, sound: Object.fromEntries(sound) as Partial<Static<T>> }
}

/** In a union with null, the faults of the other member say more than “no member fits”. */
function* leaves(errors: Iterable<ValueError>): Generator<ValueError> {
  for (const error of errors) {
    const member = error.type === ValueErrorType.Union && !wordsOf(error.schema) ? error.errors[0] : undefined
    if (member) yield* leaves(member)
    else yield error
  }
}

/** The words that a schema allows; undefined if it allows other values too. */
export function wordsOf(schema: TSchema): string[] | undefined {
  const members: unknown = schema.anyOf
  if (!Array.isArray(members)) return undefined
  const words = members.map((member: TSchema) => (member.type === 'null' ? 'null' : member.const))
  return words.every((word) => word !== undefined) ? words : undefined
}

type Fault = Pick<Issue, 'code' | 'message'>

function faultOf({ type, schema, value }: ValueError, part: Part): Fault {
  switch (type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return { code: 'unknown', message: part === 'query' ? 'Unknown parameter' : 'Unknown field' }
    case ValueErrorType.ObjectRequiredProperty:
      return { code: 'required', message: 'Required' }
    case ValueErrorType.Object:
      return { code: 'type', message: 'Must be an object' }
    case ValueErrorType.Array:
      return { code: 'type', message: 'Must be a list' }
    case ValueErrorType.Integer:
      return { code: 'type', message: 'Must be a whole number' }
    case ValueErrorType.Number:
      return { code: 'type', message: 'Must be a number' }
    case ValueErrorType.Boolean:
      return { code: 'type', message: 'Must be true or false' }
    case ValueErrorType.String:
      return { code: 'type', message: 'Must be text' }
    case ValueErrorType.IntegerMinimum:
    case ValueErrorType.NumberMinimum:
      return { code: 'range', message: `Must be at least ${schema.minimum}` }
    case ValueErrorType.IntegerMaximum:
    case ValueErrorType.NumberMaximum:
      return { code: 'range', message: `Must be at most ${schema.maximum}` }
    default:
      return lengthFault(type, schema) ?? formatFault(type, schema, value)
  }
}

function lengthFault(type: ValueErrorType, schema: TSchema): Fault | undefined {
  switch (type) {
    case ValueErrorType.ArrayMinItems:
      return schema.minItems === 1
        ? { code: 'required', message: 'Must have at least 1 value' }
        : { code: 'length', message: `Must have at least ${schema.minItems} values` }
    case ValueErrorType.ArrayMaxItems:
      return { code: 'length', message: `Must have at most ${schema.maxItems} values` }
    case ValueErrorType.StringMinLength:
      return schema.minLength === 1
        ? { code: 'required', message: 'Must not be empty' }
        : { code: 'length', message: `Must have at least ${schema.minLength} characters` }
    case ValueErrorType.StringMaxLength:
      return { code: 'length', message: `Must have at most ${schema.maxLength} characters` }
    default:
      return undefined
  }
}

function formatFault(type: ValueErrorType, schema: TSchema, value: unknown): Fault {
  if (type === ValueErrorType.StringPattern) {
    const isText = schema.pattern === notBlank || schema.pattern === oneLine
    if (isText && String(value).trim() === '') return { code: 'required', message: 'Must not be blank' }
    return {
      code: 'format',
      message: isText
        ? 'Must not contain control characters'
        : `Must be ${schema.description ?? 'of another form: see the documentation'}`,
    }
  }
  const words = type === ValueErrorType.Union ? wordsOf(schema) : undefined
  return words
    ? { code: 'choice', message: `Must be one of ${words.join(', ')}` }
    : { code: 'format', message: 'Has the wrong form' }
}
