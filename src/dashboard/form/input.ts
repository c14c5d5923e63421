import type { Static, TSchema } from '@sinclair/typebox'
import { validate } from '../../core/validation'
import { invalid } from '../../lib/errors'

/** What was read of a form, as input of a verb; every fault of it is named. */
export function checkInput<T extends TSchema>(schema: T, input: unknown): Static<T> {
  const issues = validate(schema, input, 'body')
  if (issues.length > 0) throw invalid(issues)
  return input as Static<T>
}
