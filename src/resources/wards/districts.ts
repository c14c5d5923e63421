import { badRequest } from '../../lib/errors'
import { nearest } from '../../lib/nearest'
import type { Source } from './geojson'
import type { Columns } from './headings'

const listed = 5

/** The rows with one of these codes in their column of districts, such as `LAD24CD`; throws if a code is in no row. */
export function inDistricts(
  sources: readonly Source[],
  { parents, fields, ignored }: Columns,
  codes: readonly string[],
): Source[] {
  if (parents.length === 0) {
    const there = [...fields.keys(), ...ignored].slice(0, 20).join(', ')
    throw badRequest(`--district needs a column of districts, such as LAD24CD; the file has ${there}`)
  }
  const codesOf = ({ values }: Source) => parents.map((heading) => String(values[heading] ?? '').trim())
  const known = new Set(sources.flatMap(codesOf))
  known.delete('')
  const wanted = codes.map((code) => code.trim().toUpperCase())
  const missing = wanted.find((code) => !known.has(code))
  if (missing !== undefined) {
    const near = nearest(missing, [...known], listed).join(', ')
    throw badRequest(`No row has ${missing} in ${parents.join(' or ')}; the nearest codes are ${near}`)
  }
  return sources.filter((source) => codesOf(source).some((code) => wanted.includes(code)))
}
