import type { Static, TObject } from '@sinclair/typebox'
import { validate } from '../../core/validation'
import { decodeQuery } from '../../http/query'
import { invalid } from '../../lib/errors'

/** What an address asks of a list, read as the API reads it; every fault is named. */
export function readQuery<T extends TObject>(schema: T, asked: URLSearchParams): Static<T> {
  const { value, issues } = decodeQuery(schema, asked.toString())
  const known = new Set(issues.map(({ path }) => path))
  issues.push(...validate(schema, value, 'query').filter(({ path }) => !known.has(path)))
  if (issues.length > 0) throw invalid(issues)
  return value as Static<T>
}
