import type { Static, TObject, TSchema } from '@sinclair/typebox'
import {
  badFile,
  decodeText,
  type FilePlace,
  parseJsonFile,
  placeName,
  type RowFault,
} from '../lib/import-file'
import { plainWord, yesOrNo } from '../lib/plain-words'
import { type FileOptions, fieldsByHeading, readTable, renamed } from '../lib/table-file'
import type { Ctx } from './ctx'
import { type Column, formatted } from './files'
import type { ImportCounts } from './upsert'
import { inspect } from './validation'

/** How the things of one kind leave a council as a file, from which they come in again as they were. */
export type Export = {
  /** In the plural, as commands have it. */
  name: string
  /** The first is the default. */
  formats: readonly string[]
  /** The file's text in parts, in an order that does not depend on ids. */
  write: (ctx: Ctx, format: string) => AsyncIterable<string>
}

/** Headings that no field takes are `ignored`. */
export type Parsed<Input> = { inputs: Input[]; ignored?: readonly string[] }

/** How a file comes in, all or nothing; `preview` only counts. */
export type Import<Input, Options = FileOptions, Counts extends ImportCounts = ImportCounts> = {
  name: string
  description: string
  parse: (bytes: Uint8Array, ctx: Ctx, options: Options) => Parsed<Input>
  preview: (ctx: Ctx, inputs: Input[], options: Options) => Promise<Counts>
  save: (ctx: Ctx, inputs: Input[], onRow: () => void, options: Options) => Promise<Counts>
}

/** A thing as one flat record, whose schema says what each column holds. `nameOf` is what faults call it. */
export type RecordShape<S extends TObject> = {
  list: string
  one: string
  schema: S
  nameOf: (values: Record<string, unknown>) => unknown
}

type Value = string | number | boolean | null | readonly string[]

const separator = ', '

const cellOf = (value: unknown) =>
  Array.isArray(value) ? value.join(separator) : (value as Exclude<Value, readonly string[]>)

export const recordFormats = ['csv', 'json'] as const

/** Writes records as CSV, where lists are separated by commas, or as JSON. */
export function writeRecords<S extends TObject>(
  format: string,
  { list, schema }: Pick<RecordShape<S>, 'list' | 'schema'>,
  parts: AsyncIterable<readonly Static<S>[]>,
): AsyncGenerator<string> {
  const columns = Object.keys(schema.properties).map(
    (heading): Column<Static<S>> => ({
      heading,
      cell: (record) => cellOf((record as Record<string, unknown>)[heading]),
    }),
  )
  return formatted(format === 'json' ? 'json' : 'csv', { list, columns }, parts)
}

/** A record of a file that fits its schema as far as it goes: a field that the file lacks is absent. */
export type FileRecord<S extends TObject> = { place: FilePlace; values: Partial<Static<S>> }

type Raw = { place: FilePlace; values: Record<string, unknown> }

/** Reads what `writeRecords` wrote, or somebody in the same form; every faulty record is named. */
export function readRecords<S extends TObject>(
  bytes: Uint8Array,
  shape: RecordShape<S>,
  options: FileOptions,
): FileRecord<S>[] {
  const text = decodeText(bytes, options.encoding)
  const raw = /^\s*[{[]/.test(text) ? readJson(text, shape, options) : readRows(bytes, shape, options)
  if (raw.length === 0) throw badFile([{ part: 'the file', reason: `contains no ${shape.list}` }])
  const faults: RowFault[] = []
  const records = raw.map(({ place, values }) => {
    const { issues, sound } = inspect(shape.schema, values)
    for (const { path, message } of issues) faults.push({ ...place, reason: `${path}: ${message}` })
    return { place, values: sound }
  })
  if (faults.length > 0) throw badFile(faults)
  return records
}

const fieldsIn = ({ properties }: TObject) =>
  fieldsByHeading(Object.fromEntries(Object.keys(properties).map((name) => [name, []])))

function readJson<S extends TObject>(
  text: string,
  { list, one, schema, nameOf }: RecordShape<S>,
  { map = [] }: FileOptions,
): Raw[] {
  const file = parseJsonFile(text) as Record<string, unknown> | null
  const items = Array.isArray(file) ? file : file?.[list]
  if (!Array.isArray(items)) {
    const what = file && 'features' in file ? 'is GeoJSON' : 'is JSON'
    throw badFile([{ part: 'the file', reason: `${what} without a list of ${list}` }])
  }
  const records = items.map((item: unknown, i) => {
    const values = item !== null && typeof item === 'object' ? (item as Record<string, unknown>) : {}
    const name = String(nameOf(values) ?? '').slice(0, 50)
    return { place: { part: `${one} ${i + 1}${name && ` (${name})`}` }, values }
  })
  const fields = fieldsIn(schema)
  return renamed(records, map, (heading) => fields.get(plainWord(heading)))
}

function readRows<S extends TObject>(
  bytes: Uint8Array,
  { list, schema }: RecordShape<S>,
  options: FileOptions,
): Raw[] {
  const { rows } = readTable(bytes, { what: list, fields: fieldsIn(schema) }, options)
  return rows.map(({ line, values }) => ({
    place: { line },
    values: Object.fromEntries(
      Object.entries(values).map(([name, cell]) => [name, typed(schema.properties[name] as TSchema, cell)]),
    ),
  }))
}

const numberForm = /^-?\d{1,12}(\.\d{1,20})?(e-?\d{1,3})?$/

/** A cell as its schema wants it; the text itself if it does not fit, for the schema to refuse. */
function typed(schema: TSchema, cell: string): Value | undefined {
  const kinds = [schema, ...((schema.anyOf ?? []) as TSchema[])].map(({ type }) => type as unknown)
  if (kinds.includes('array')) return cell === '' ? [] : cell.split(',').map((text) => text.trim())
  if (cell === '') return kinds.includes('null') ? null : undefined
  if (kinds.includes('boolean')) return yesOrNo(cell) ?? cell
  if (kinds.includes('number') && numberForm.test(cell)) return Number(cell)
  return cell
}

/** Faults of records that have the key of one before. */
export function faultsOfTwins(keyed: readonly { place: FilePlace; key: string }[]): RowFault[] {
  const seen = new Map<string, FilePlace>()
  return keyed.flatMap(({ place, key }): RowFault[] => {
    const before = seen.get(key)
    seen.set(key, before ?? place)
    return before ? [{ ...place, reason: `${key} is already used by ${placeName(before)}` }] : []
  })
}
