import type { TSchema } from '@sinclair/typebox'
import { type CsvForm, startOfCsv, timeCell } from '../../core/files'
import { csvLines } from '../../lib/csv'

type Cell = string | number | boolean | null
type Flat = Record<string, Cell>

/** Nested figures get a dotted name: `share.value`. */
export function flatten(value: object, prefix = ''): Flat {
  const flat: Flat = {}
  for (const [name, inner] of Object.entries(value)) {
    const path = `${prefix}${name}`
    if (inner !== null && typeof inner === 'object') Object.assign(flat, flatten(inner, `${path}.`))
    else flat[path] = inner as Cell
  }
  return flat
}

const namesOf = ({ properties }: TSchema, prefix = ''): string[] =>
  Object.entries(properties as Record<string, TSchema>).flatMap(([name, inner]) =>
    inner.properties ? namesOf(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  )

const rowOf = ({ properties }: TSchema) =>
  (properties as Record<string, TSchema>).rows?.items as TSchema | undefined

export function headingsOf(schema: TSchema): string[] {
  const row = rowOf(schema)
  return row ? namesOf(row) : ['figure', 'value']
}

/**
 * One row per row of the report, or one row per figure if it has none. Made from the JSON answer, so that the two
 * agree.
 */
export function toCsv(
  schema: TSchema,
  report: { generatedAt: string; rows?: readonly object[] },
  form: CsvForm,
): string {
  const headings = headingsOf(schema)
  const start = startOfCsv(form)
  if (!rowOf(schema)) {
    const figures = flatten({ ...report, generatedAt: timeCell(report.generatedAt, form) })
    return start + csvLines([headings, ...Object.entries(figures)])
  }
  const rows = (report.rows ?? []).map((one) => flatten(one))
  return start + csvLines([headings, ...rows.map((flat) => headings.map((heading) => flat[heading] ?? null))])
}
