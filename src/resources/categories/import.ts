import { parseCsv } from '../../lib/csv'
import { badFile, decodeText, type RowFault } from '../../lib/import-file'
import { slugify } from '../../lib/slug'
import { dayTypes } from '../../lib/workdays'
import { maxTargetDays, slugForm } from './model'
import { type CategoryRow, visibilities } from './table'

/** A field missing from the file is undefined and left unchanged. */
export type CategoryInput = Pick<CategoryRow, 'name' | 'slug'> &
  Partial<Pick<CategoryRow, 'group' | 'description' | 'visibility' | 'active' | 'targetDays' | 'dayType'>>

type Field = { heading: string; form: RegExp; meaning: string }

const fields = {
  slug: { heading: 'slug', ...slugForm },
  visibility: {
    heading: 'visibility',
    form: anyWord(visibilities),
    meaning: `one of ${visibilities.join(', ')}`,
  },
  active: { heading: 'active', form: /^(true|false|yes|no|1|0)$/i, meaning: 'yes or no' },
  targetDays: {
    heading: 'targetdays',
    form: /^[1-9]\d{0,3}$/,
    meaning: `a whole number of days from 1 to ${maxTargetDays}`,
  },
  dayType: { heading: 'daytype', form: anyWord(dayTypes), meaning: `one of ${dayTypes.join(', ')}` },
} satisfies Record<string, Field>

function anyWord(words: readonly string[]): RegExp {
  return new RegExp(`^(${words.join('|')})$`)
}

const known = ['name', 'group', 'description', ...Object.values(fields).map(({ heading }) => heading)]

/** Reads CSV with our field names as headings, in any order and case; every bad line is named. */
export function parseCategories(bytes: Uint8Array): CategoryInput[] {
  const rows = parseCsv(decodeText(bytes))
  if (rows.length === 0) throw badFile([{ line: 1, reason: 'holds no categories' }])
  const unknown = Object.keys(rows[0]?.values ?? {}).filter((heading) => !known.includes(heading))
  if (unknown.length > 0) throw badFile([{ line: 1, reason: `has unknown headings: ${unknown.join(', ')}` }])
  const faults: RowFault[] = []
  const seen = new Map<string, number>()
  const categories = rows.map(({ line, values }) => {
    const category = readCategory(values, (reason) => void faults.push({ line, reason }))
    const before = seen.get(category.slug)
    if (before !== undefined)
      faults.push({ line, reason: `${category.slug} stands on line ${before} already` })
    seen.set(category.slug, line)
    return category
  })
  if (faults.length > 0) throw badFile(faults)
  return categories
}

function readCategory(values: Record<string, string>, fault: (reason: string) => void): CategoryInput {
  const read = (field: keyof typeof fields) => {
    const { heading, form, meaning } = fields[field]
    const text = values[heading]
    if (text && !form.test(text)) fault(`${field} "${text.slice(0, 50)}" is not ${meaning}`)
    return text
  }
  const name = values.name ?? ''
  if (name === '' || name.length > 200) fault('has no name, or one of more than 200 characters')
  const slug = read('slug') || slugify(name)
  if (slug === '' && name !== '') fault(`the name "${name}" gives no slug`)
  const input: CategoryInput = { name, slug }
  if (values.group !== undefined) input.group = values.group || null
  if (values.description !== undefined) input.description = values.description || null
  const [visibility, active, targetDays, dayType] = [
    read('visibility'),
    read('active'),
    read('targetDays'),
    read('dayType'),
  ]
  if (visibility) input.visibility = visibility as CategoryRow['visibility']
  if (active) input.active = /^(true|yes|1)$/i.test(active)
  if (targetDays !== undefined) input.targetDays = targetDays === '' ? null : Number(targetDays)
  if (dayType) input.dayType = dayType as CategoryRow['dayType']
  return input
}
