import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { type Issue, maxIssues, shortName } from '../lib/errors'

type Part = Issue['in']

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>()

function checkOf(schema: TSchema): TypeCheck<TSchema> {
  let check = compiled.get(schema)
  if (!check) {
    check = TypeCompiler.Compile(schema)
    compiled.set(schema, check)
  }
  return check
}

/** Every fault of a value, in words; empty where it fits its schema. */
export function validate(schema: TSchema, value: unknown, part: Part): Issue[] {
  const check = checkOf(schema)
  if (check.Check(value)) return []
  const issues = new Map<string, Issue>()
  for (const error of leaves(check.Errors(value))) {
    if (issues.size >= maxIssues) break
    const path = shortName(
      error.path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
    )
    if (!issues.has(path)) issues.set(path, { in: part, path, message: sentence(error, part) })
  }
  return [...issues.values()]
}

/**
 * Every fault of what was sent, and its fields that have none: rules that no schema says can look at those, so that all
 * faults are told at once.
 */
export function inspect<T extends TObject>(
  schema: T,
  value: unknown,
): { issues: Issue[]; sound: Partial<Static<T>> } {
  const issues = validate(schema, value, 'body')
  const faulty = new Set(issues.map(({ path }) => path.split('.')[0]))
  const isKnown = (name: string) => name in schema.properties && !faulty.has(name)
  // Faults beyond the last that is listed are not known.
  const fields = issues.length < maxIssues && value instanceof Object ? Object.entries(value) : []
  const sound = fields.filter(([name, given]) => given !== undefined && isKnown(name))
  return { issues, sound: Object.fromEntries(sound) as Partial<Static<T>> }
}

/** Of a union with null, the faults of its other member say more than that no member fits. */
function* leaves(errors: Iterable<ValueError>): Generator<ValueError> {
  for (const error of errors) {
    const member = error.type === ValueErrorType.Union && !wordsOf(error.schema) ? error.errors[0] : undefined
    if (member) yield* leaves(member)
    else yield error
  }
}

function wordsOf(schema: TSchema): string | undefined {
  const members: unknown = schema.anyOf
  if (!Array.isArray(members)) return undefined
  const words = members.map((member: TSchema) => (member.type === 'null' ? 'null' : member.const))
  return words.every((word) => word !== undefined) ? words.join(', ') : undefined
}

function sentence({ type, schema }: ValueError, part: Part): string {
  switch (type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return part === 'query' ? 'Unknown parameter' : 'Unknown field'
    case ValueErrorType.ObjectRequiredProperty:
      return 'Required'
    case ValueErrorType.Object:
      return 'Must be an object'
    case ValueErrorType.Array:
      return 'Must be a list'
    case ValueErrorType.ArrayMinItems:
      return `Must have at least ${schema.minItems} ${schema.minItems === 1 ? 'value' : 'values'}`
    case ValueErrorType.ArrayMaxItems:
      return `Must have at most ${schema.maxItems} values`
    case ValueErrorType.Integer:
      return 'Must be a whole number'
    case ValueErrorType.Number:
      return 'Must be a number'
    case ValueErrorType.IntegerMinimum:
    case ValueErrorType.NumberMinimum:
      return `Must be at least ${schema.minimum}`
    case ValueErrorType.IntegerMaximum:
    case ValueErrorType.NumberMaximum:
      return `Must be at most ${schema.maximum}`
    case ValueErrorType.Boolean:
      return 'Must be true or false'
    case ValueErrorType.String:
      return 'Must be text'
    case ValueErrorType.StringMinLength:
      return schema.minLength === 1
        ? 'Must not be empty'
        : `Must have at least ${schema.minLength} characters`
    case ValueErrorType.StringMaxLength:
      return `Must have at most ${schema.maxLength} characters`
    case ValueErrorType.StringPattern:
      return schema.pattern === '\\S'
        ? 'Must not be blank'
        : `Has the wrong form: ${schema.description ?? 'see the documentation'}`
    case ValueErrorType.Union: {
      const words = wordsOf(schema)
      return words ? `Must be one of ${words}` : 'Has the wrong form'
    }
    default:
      return 'Has the wrong form'
  }
}
