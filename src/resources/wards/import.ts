import { isOnOneLine, noControls } from '../../core/schema'
import { parseCsv } from '../../lib/csv'
import { isEqual } from '../../lib/equal'
import { badFile, decodeText, type FilePlace, placeName, type RowFault } from '../../lib/import-file'
import { isBadText } from '../../lib/json'
import { wordAmong, yesOrNo } from '../../lib/plain-words'
import { slugify } from '../../lib/slug'
import { type FileOptions, renamed } from '../../lib/table-file'
import { readDate } from '../../lib/typed-date'
import { joined, readBoundary } from './boundary'
import { inDistricts } from './districts'
import { readGeoJson, type Source } from './geojson'
import { type Columns, fieldOf, readHeadings, type WardField } from './headings'
import { dateIssues, forms } from './model'
import { type Boundary, type WardTier, wardTiers } from './table'

/** A field missing from the file is undefined and left unchanged. */
export type WardInput = {
  name: string
  slug: string
  /** Absent if the slug was derived from the name: an existing ward then keeps its own. */
  isSlugGiven?: true
  tier?: WardTier
  nameCy?: string | null
  gssCode?: string | null
  description?: string | null
  enabled?: boolean
  validFrom?: string | null
  validTo?: string | null
  electorate?: number | null
  boundary?: Boundary
}

export type WardFileOptions = FileOptions & {
  /** The file has the latitude first. */
  isSwapped?: boolean
  /** Only wards of these districts, by the code in a column such as `LAD24CD`. */
  districts?: readonly string[]
}

/** `ignored` are the headings whose columns were not read. */
export type WardFile = { wards: WardInput[]; ignored: readonly string[] }

/** Tiers by the first three characters of a GSS code (ONS register of geographic codes). */
const tiersByPrefix: Record<string, WardTier> = {
  E04: 'parish',
  E43: 'parish',
  W04: 'parish',
  E58: 'division',
  E07: 'district',
  E08: 'district',
  E09: 'district',
  N09: 'district',
  E10: 'county',
  E06: 'unitary',
  W06: 'unitary',
  S12: 'unitary',
}

const tierOf = (gssCode: string | null | undefined): WardTier | undefined =>
  gssCode ? (tiersByPrefix[gssCode.slice(0, 3)] ?? 'ward') : undefined

export const parseWards = (bytes: Uint8Array, options?: WardFileOptions): WardInput[] =>
  readWardFile(bytes, options).wards

/** Reads GeoJSON or CSV, told apart by the first character; every bad line or feature is named. */
export function readWardFile(bytes: Uint8Array, options: WardFileOptions = {}): WardFile {
  const { districts = [], isSwapped = false, map = [], encoding } = options
  const sources = renamed(sourcesOf(decodeText(bytes, encoding)), map, fieldOf)
  if (sources.length === 0) throw badFile([{ line: 1, reason: 'contains no wards' }])
  const columns = readHeadings([...new Set(sources.flatMap(({ values }) => Object.keys(values)))])
  const head: FilePlace = 'part' in (sources[0] as Source).place ? { part: 'the file' } : { line: 1 }
  if (columns.faults.length > 0) throw badFile(columns.faults.map((reason) => ({ ...head, reason })))
  const chosen = districts.length > 0 ? inDistricts(sources, columns, districts) : sources
  return { wards: readSources(chosen, columns, isSwapped), ignored: columns.ignored }
}

function sourcesOf(text: string): Source[] {
  if (/^\s*[{[]/.test(text)) return readGeoJson(text)
  return parseCsv(text, { heading: (title) => title }).map(({ line, values }) => ({
    place: { line },
    values,
  }))
}

function readSources(sources: readonly Source[], columns: Columns, isSwapped: boolean): WardInput[] {
  const faults: RowFault[] = []
  const seen = new Map<string, { ward: WardInput; place: FilePlace }>()
  for (const source of sources) {
    const { ward, place } = readWard(source, columns, isSwapped, faults)
    const key = ward.gssCode ?? ward.slug
    const before = seen.get(key)
    if (before === undefined) seen.set(key, { ward, place })
    else if (!addPart(before.ward, ward)) {
      faults.push({ ...place, reason: `${key} is already used by ${placeName(before.place)}` })
    }
  }
  if (faults.length > 0) throw badFile(alike(faults, sources.length))
  return [...seen.values()].map(({ ward }) => ward)
}

/** Features with the same code that say the same are parts of one ward, as Ordnance Survey has them. */
function addPart(ward: WardInput, { boundary, ...part }: WardInput): boolean {
  const { boundary: before, ...whole } = ward
  if (!ward.gssCode || !before || !boundary || !isEqual(whole, part)) return false
  const both = joined(before, boundary)
  if (both) ward.boundary = both
  return both !== undefined
}

/** One fault for the whole file where every ward has the same, as where the file is of another kind. */
function alike(faults: readonly RowFault[], total: number): readonly RowFault[] {
  const kind = ({ reason }: RowFault) => reason.replace(/\(-?[\d.e+-]+, -?[\d.e+-]+\)/, '()')
  const [first] = faults
  const isOne =
    first && total > 1 && faults.length === total && faults.every((one) => kind(one) === kind(first))
  return isOne ? [{ part: `each of the ${total}, as ${placeName(first)}`, reason: first.reason }] : faults
}

type Given = ReadonlyMap<WardField, string | null>

/** A single space is how files of the ONS write no value. */
function givenIn(
  values: Record<string, unknown>,
  { fields }: Columns,
  fault: (reason: string) => void,
): Given {
  const given = new Map<WardField, string | null>()
  for (const [heading, field] of fields) {
    if (!(heading in values)) continue
    const value = values[heading] ?? ''
    const text = typeof value === 'object' ? '' : String(value)
    if (typeof value === 'object') fault(`${field} must be text, not a list or an object`)
    if (isBadText(text)) fault(`${field} contains a NUL or a lone surrogate`)
    else if (field !== 'description' && !isOnOneLine(text)) fault(`${field} ${noControls}`)
    const kept = field === 'description' ? text : text.trim()
    given.set(field, text.trim() === '' ? null : kept)
  }
  return given
}

function readWard(
  { place, values, geometry: geometryOf }: Source,
  columns: Columns,
  isSwapped: boolean,
  faults: RowFault[],
): { ward: WardInput; place: FilePlace } {
  const reasons: string[] = []
  const fault = (reason: string) => void reasons.push(reason)
  const given = givenIn(values, columns, fault)
  const name = given.get('name') ?? ''
  const named = 'part' in place && name !== '' ? { part: `${place.part} (${name.slice(0, 50)})` } : place
  if (name === '' && reasons.length === 0) fault(noName(given, columns))
  else if (name.length > 200) fault('has a name of more than 200 characters')
  const ward = readFields(name, given, fault)
  const geometry = geometryOf?.()
  if (geometry !== undefined && geometry !== null) {
    const read = readBoundary(geometry, isSwapped)
    if ('fault' in read) fault(read.fault)
    else ward.boundary = read.boundary
  }
  faults.push(...reasons.map((reason) => ({ ...named, reason })))
  return { ward, place: named }
}

const onsCode = /\dcd(_\w+)?$/i

function noName(given: Given, { fields, ignored, parents }: Columns): string {
  if (given.has('name')) return 'has no name'
  const code = [...fields].find(([, field]) => field === 'gssCode')?.[0]
  const wanted = code && onsCode.test(code) ? code.replace(/cd(_\w+)?$/i, 'NM') : 'name'
  const there = [...fields.keys(), ...parents, ...ignored].slice(0, 20).join(', ')
  if (there === '') return 'has no name: it has no properties'
  return `has no name: there is no column "${wanted}" among ${there}`
}

function readFields(name: string, given: Given, fault: (reason: string) => void): WardInput {
  const readAs = <Value>(field: WardField, asValue: (text: string) => Value | undefined, meaning: string) => {
    const text = given.get(field)
    if (typeof text !== 'string') return text
    const value = asValue(text)
    if (value === undefined) fault(`${field} "${text.slice(0, 50)}" is not ${meaning}`)
    return value
  }
  const read = (field: WardField, form: RegExp, meaning: string) =>
    readAs(field, (text) => (form.test(text) ? text : undefined), meaning)
  const date = (field: WardField) => {
    const text = given.get(field)
    if (typeof text !== 'string') return text
    const { value, fault: why } = readDate(text)
    if (value === undefined) fault(`${field} "${text.slice(0, 50)}": ${why}`)
    return value
  }
  const gssCode = read('gssCode', forms.gssCode.form, forms.gssCode.meaning)
  const tier =
    readAs('tier', (text) => wordAmong(wardTiers, text), `one of ${wardTiers.join(', ')}`) ?? tierOf(gssCode)
  const enabled = readAs('enabled', yesOrNo, 'yes or no')
  const electorate = read('electorate', /^\d{1,9}$/, 'a whole number')
  const ward: WardInput = {
    name,
    slug: read('slug', forms.slug.form, forms.slug.meaning) || slugify(name),
    nameCy: given.get('nameCy'),
    gssCode,
    description: given.get('description'),
    validFrom: date('validFrom'),
    validTo: date('validTo'),
  }
  if (tier) ward.tier = tier
  if (given.get('slug')) ward.isSlugGiven = true
  if (typeof enabled === 'boolean') ward.enabled = enabled
  if (electorate !== undefined) ward.electorate = electorate === null ? null : Number(electorate)
  for (const { path, message } of dateIssues(ward)) fault(`${path}: ${message}`)
  if (ward.slug === '' && name !== '') fault(`the name "${name}" gives no slug`)
  return ward
}
