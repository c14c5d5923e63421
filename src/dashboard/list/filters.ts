import type { Static, TObject } from '@sinclair/typebox'
import { tidied } from '../../core/validation'
import { decodeQuery, queryIssues } from '../../http/query'
import { invalid } from '../../lib/errors'
import type { Field, Option } from '../form/fields'

/** A list whose first option, `all`, filters nothing. */
export const choice = (name: string, label: string, all: string, options: readonly Option[]): Field => ({
  name,
  label,
  kind: 'select',
  options: [{ value: '', text: all }, ...options],
})

/** `name` is that of the field that says what is in use. */
export const inUseFilter = (name: string): Field =>
  choice(name, 'In use', 'In use or not', [
    { value: 'true', text: 'In use' },
    { value: 'false', text: 'Not in use' },
  ])

/** Reads what an address asks of a list as the API would, parameters of others aside; throws with every fault. */
export function readQuery<T extends TObject>(schema: T, search: URLSearchParams): Static<T> {
  const decoded = decodeQuery(schema, search.toString(), 'ignore')
  const value = tidied(schema, decoded.value)
  const issues = queryIssues(schema, value, decoded.issues)
  if (issues.length > 0) throw invalid(issues)
  return value as Static<T>
}
