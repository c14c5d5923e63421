import { plainWord } from '../../lib/plain-words'

/** A field of a ward that a column can hold. */
export type WardField =
  | 'gssCode'
  | 'name'
  | 'nameCy'
  | 'slug'
  | 'tier'
  | 'description'
  | 'enabled'
  | 'validFrom'
  | 'validTo'
  | 'electorate'

export type Columns = {
  fields: ReadonlyMap<string, WardField>
  /** Codes of the areas that each area of the file lies in, such as `LAD24CD`. */
  parents: readonly string[]
  /** Neither field nor parent. */
  ignored: readonly string[]
  /** Why the headings cannot be read. */
  faults: readonly string[]
}

/** A heading of the Office for National Statistics: layer, year, then code, name or Welsh name; `_BGC` and the like may follow. */
const onsForm = /^([a-z]{2,7})(\d\d|20\d\d)(cd|nm|nmw)(_b[a-z]{2})?$/i
const onsFields: Record<string, WardField> = { cd: 'gssCode', nm: 'name', nmw: 'nameCy' }

/** Layers that people are elected for, or parishes: no one lies within another for certain. */
const areaLayers = ['wd', 'cmwd', 'ced', 'ed', 'par', 'pard', 'parncp', 'com', 'dea']

/** Layers that such areas lie in, the smallest first. */
const outerLayers = [
  ['lad', 'ltla', 'lgd', 'ua', 'nmd', 'md', 'lonb', 'cmlad'],
  ['utla', 'ctyua', 'cty', 'mcty'],
  ['cauth', 'rgn', 'gor', 'nuts1', 'itl1', 'ctry', 'nat', 'natn', 'cntry'],
]

/** Ours and those of Ordnance Survey’s Boundary-Line, whose `Area_Code` is a kind of area, as letters and digits alone. */
const ownNames: Record<string, WardField | undefined> = {
  gsscode: 'gssCode',
  censuscode: 'gssCode',
  wardcode: 'gssCode',
  code: 'gssCode',
  name: 'name',
  ward: 'name',
  wardname: 'name',
  namecy: 'nameCy',
  welshname: 'nameCy',
  slug: 'slug',
  tier: 'tier',
  description: 'description',
  enabled: 'enabled',
  validfrom: 'validFrom',
  validto: 'validTo',
  electorate: 'electorate',
}

/** The field that a heading of ours stands for. */
export const fieldOf = (heading: string): WardField | undefined => ownNames[plainWord(heading)]

type Ons = { heading: string; layer: string; year: string; part: string }

function onsHeading(heading: string): Ons | undefined {
  const [, layer = '', year = '', part = ''] = onsForm.exec(heading.trim()) ?? []
  const isKnown = areaLayers.includes(layer.toLowerCase()) || rankOf(layer) >= 0
  return isKnown ? { heading, layer: layer.toLowerCase(), year, part: part.toLowerCase() } : undefined
}

const rankOf = (layer: string) => outerLayers.findIndex((layers) => layers.includes(layer.toLowerCase()))

/** The columns of the areas themselves: those of the smallest layer there is, unless a heading of ours names the areas. */
function ownLayer(found: readonly Ons[], isNamedOtherwise: boolean): readonly Ons[] {
  const areas = found.filter(({ layer }) => areaLayers.includes(layer))
  if (areas.length > 0 || isNamedOtherwise) return areas
  const smallest = Math.min(...found.map(({ layer }) => rankOf(layer)))
  return found.filter(({ layer }) => rankOf(layer) === smallest)
}

/** Says what each heading of a file of wards is; every contradiction is named. */
export function readHeadings(headings: readonly string[]): Columns {
  const ons = headings.map(onsHeading).filter((found) => found !== undefined)
  const named = headings.flatMap((heading) => {
    const field = fieldOf(heading)
    return field ? [[heading, field] as const] : []
  })
  const own = ownLayer(
    ons,
    named.some(([, field]) => field === 'name' || field === 'gssCode'),
  )
  const fields = new Map<string, WardField>([
    ...own.map(({ heading, part }) => [heading, onsFields[part] as WardField] as const),
    ...named,
  ])
  const parents = ons.filter((found) => !own.includes(found) && found.part === 'cd')
  const read = new Set([...fields.keys(), ...parents.map(({ heading }) => heading)])
  return {
    fields,
    parents: parents.map(({ heading }) => heading),
    ignored: headings.filter((heading) => !read.has(heading)),
    faults: mixedLayers(own) ?? doubled(fields),
  }
}

/** Two layers or years, which would be two sets of areas in one file. */
function mixedLayers(own: readonly Ons[]): string[] | undefined {
  const [first] = own
  const other = own.find(({ layer, year }) => layer !== first?.layer || year !== first.year)
  if (!first || !other) return undefined
  const what = first.layer === other.layer ? 'two years' : 'two kinds of area'
  return [`has ${what}: ${first.heading} and ${other.heading}; keep the columns of one`]
}

function doubled(fields: ReadonlyMap<string, WardField>): string[] {
  return [...Map.groupBy(fields.keys(), (heading) => fields.get(heading) as WardField)]
    .filter(([, headings]) => headings.length > 1)
    .map(
      ([field, headings]) =>
        `has ${headings.length} columns for ${field}: ${headings.join(' and ')}; keep one`,
    )
}
