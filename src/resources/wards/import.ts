import { parseCsv } from '../../lib/csv'
import { badFile, decodeText, linesOfList, parseJsonFile, type RowFault } from '../../lib/import-file'
import { slugify } from '../../lib/slug'
import { boundaryFault, roundBoundary } from './boundary'
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

type Source = { line: number; values: Record<string, unknown>; geometry?: unknown }

/**
 * Property names as used by the Office for National Statistics (`WD13CD`, `WD24NM`, `WD13NMW`, `CED23CD`, `PAR21NM`:
 * area type, year, then code, name or Welsh name), or our own field names; in any case.
 */
const names: [field: keyof WardInput, form: RegExp][] = [
  ['gssCode', /^((wd|ced|par|pard)\d\dcd|gss_?code)$/i],
  ['name', /^((wd|ced|par|pard)\d\dnm|name)$/i],
  ['nameCy', /^((wd|ced|par|pard)\d\dnmw|name_?cy)$/i],
  ['slug', /^slug$/i],
  ['tier', /^tier$/i],
  ['description', /^description$/i],
  ['enabled', /^enabled$/i],
  ['validFrom', /^valid_?from$/i],
  ['validTo', /^valid_?to$/i],
  ['electorate', /^electorate$/i],
]

/** Tiers by the first three characters of a GSS code (ONS register of geographic codes). */
const tiersByPrefix: Record<string, WardTier> = {
  E04: 'parish',
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

/** Reads GeoJSON or CSV, told apart by the first character; every bad line is named. */
export function parseWards(bytes: Uint8Array): WardInput[] {
  const text = decodeText(bytes)
  const sources = /^\s*[{[]/.test(text) ? readGeoJson(text) : parseCsv(text)
  if (sources.length === 0) throw badFile([{ line: 1, reason: 'holds no wards' }])
  const faults: RowFault[] = []
  const seen = new Map<string, number>()
  const wards = sources.map((source) => {
    const ward = readWard(source, faults)
    const key = ward.gssCode ?? ward.slug
    const before = seen.get(key)
    if (before !== undefined)
      faults.push({ line: source.line, reason: `${key} stands on line ${before} already` })
    seen.set(key, source.line)
    return ward
  })
  if (faults.length > 0) throw badFile(faults)
  return wards
}

function readGeoJson(text: string): Source[] {
  const value = parseJsonFile(text) as { type?: unknown; features?: unknown } | null
  if (value?.type !== 'FeatureCollection' || !Array.isArray(value.features)) {
    throw badFile([{ line: 1, reason: 'is not a GeoJSON FeatureCollection' }])
  }
  const lines = linesOfList(text, 'features')
  return value.features.map((feature: { properties?: unknown; geometry?: unknown } | null, i) => ({
    line: lines[i] ?? 1,
    values: { ...(feature?.properties as Record<string, unknown> | undefined) },
    geometry: feature?.geometry,
  }))
}

function readWard({ line, values, geometry }: Source, faults: RowFault[]): WardInput {
  const fault = (reason: string) => void faults.push({ line, reason })
  const given = new Map<keyof WardInput, string | null>()
  for (const [property, value] of Object.entries(values)) {
    const field = names.find(([, form]) => form.test(property))?.[0]
    if (field) given.set(field, value === null || value === '' ? null : String(value).trim())
  }
  const read = (field: keyof WardInput, form: RegExp, meaning: string) => {
    const text = given.get(field)
    if (typeof text !== 'string' || form.test(text)) return text
    fault(`${field} "${text.slice(0, 50)}" is not ${meaning}`)
    return undefined
  }
  const name = given.get('name') ?? ''
  if (name === '' || name.length > 200) fault('has no name, or one of more than 200 characters')
  const gssCode = read('gssCode', forms.gssCode.form, forms.gssCode.meaning)
  const tierText = read('tier', new RegExp(`^(${wardTiers.join('|')})$`), `one of ${wardTiers.join(', ')}`)
  const enabled = read('enabled', /^(true|false|yes|no|1|0)$/i, 'yes or no')
  const electorate = read('electorate', /^\d{1,9}$/, 'a whole number')
  const ward: WardInput = {
    name,
    slug: read('slug', forms.slug.form, forms.slug.meaning) || slugify(name),
    nameCy: given.get('nameCy'),
    gssCode,
    description: given.get('description'),
    validFrom: read('validFrom', /^\d{4}-\d{2}-\d{2}$/, 'a date (YYYY-MM-DD)'),
    validTo: read('validTo', /^\d{4}-\d{2}-\d{2}$/, 'a date (YYYY-MM-DD)'),
  }
  const tier = (tierText as WardTier | null | undefined) ?? tierOf(gssCode)
  if (tier) ward.tier = tier
  if (given.get('slug')) ward.isSlugGiven = true
  if (enabled) ward.enabled = /^(true|yes|1)$/i.test(enabled)
  if (electorate !== undefined) ward.electorate = electorate === null ? null : Number(electorate)
  for (const { path, message } of dateIssues(ward)) fault(`${path}: ${message}`)
  if (ward.slug === '' && name !== '') fault(`the name "${name}" gives no slug`)
  if (geometry !== undefined && geometry !== null) {
    const wrong = boundaryFault(geometry)
    if (wrong) fault(wrong)
    else ward.boundary = roundBoundary(geometry as Boundary)
  }
  return ward
}
