import type { Static, TSchema } from '@sinclair/typebox'
import { tidied, validate } from '../../core/validation'
import { invalid } from '../../lib/errors'
import { type FormValues, linesIn } from './fields'

type Sent = Record<string, string[]>

/** Reads the fields of a form that was sent as a verb takes them. */
export type Values = {
  text: (name: string) => string
  /** Undefined if nothing was entered or chosen. */
  given: (name: string) => string | undefined
  /** Null if nothing was entered, so that the old value is cleared. */
  clearable: (name: string) => string | null
  /** A whole number, or null if nothing was entered; any other text is left for the verb to refuse. */
  number: (name: string) => number | string | null
  list: (name: string) => string[]
  /** The lines of a text that are not blank. */
  lines: (name: string) => string[]
  isTicked: (name: string) => boolean
}

export const valuesOf = (sent: Sent): Values => {
  const list = (name: string) => sent[name] ?? []
  const given = (name: string): string | undefined => list(name)[0]
  const text = (name: string) => given(name) ?? ''
  return {
    list,
    given,
    text,
    clearable: (name) => given(name) ?? null,
    number: (name) => {
      const digits = given(name)
      if (digits === undefined) return null
      return /^\d{1,12}$/.test(digits) ? Number(digits) : digits
    },
    lines: (name) => linesIn(text(name)),
    isTicked: (name) => given(name) === 'true',
  }
}

/** Checks what was read of a form against the input of a verb; throws with every fault. */
export function checkInput<T extends TSchema>(schema: T, given: unknown): Static<T> {
  const input = tidied(schema, given)
  const issues = validate(schema, input, 'body')
  if (issues.length > 0) throw invalid(issues)
  return input as Static<T>
}

/**
 * The fields that were sent with a new value. The others are not sent on: the old value may be an option that is no longer
 * offered, and a form shows only the day of an instant.
 */
export const changedNames = (shown: FormValues, sent: Record<string, readonly string[]>): string[] =>
  Object.keys(sent).filter((name) => {
    const now = shown[name] ?? ''
    return (typeof now === 'string' ? now : now.join('\n')) !== (sent[name] as readonly string[]).join('\n')
  })

/** The values as an object, nested by the dots in the names. */
export function nested(names: readonly string[], read: (name: string) => unknown): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const name of names) {
    const [outer = name, inner] = name.split('.')
    if (inner === undefined) input[outer] = read(name)
    else input[outer] = { ...(input[outer] as object | undefined), [inner]: read(name) }
  }
  return input
}
