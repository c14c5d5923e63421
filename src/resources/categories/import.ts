import { isOnOneLine, noControls } from '../../core/schema'
import { badFile, type RowFault } from '../../lib/import-file'
import { wordAmong, yesOrNo } from '../../lib/plain-words'
import { slugify } from '../../lib/slug'
import { type FileOptions, fieldsByHeading, readTable } from '../../lib/table-file'
import { dayTypes } from '../../lib/workdays'
import { maxTargetDays, slugForm } from './model'
import { type CategoryRow, visibilities } from './table'

/** A field missing from the file is undefined and left unchanged. */
export type CategoryInput = Pick<CategoryRow, 'name' | 'slug'> &
  Partial<Pick<CategoryRow, 'group' | 'description' | 'visibility' | 'active' | 'targetDays' | 'dayType'>>

const fields = fieldsByHeading({
  name: [],
  slug: [],
  group: [],
  description: [],
  visibility: [],
  active: [],
  targetDays: [],
  dayType: [],
})
type Field = typeof fields extends ReadonlyMap<string, infer Name> ? Name : never

/** Reads CSV with our field names as headings, or others by `map`; every bad line is named. */
export function parseCategories(bytes: Uint8Array, options?: FileOptions): CategoryInput[] {
  const { rows } = readTable(bytes, { what: 'categories', fields, required: 'name' }, options)
  const faults: RowFault[] = []
  const seen = new Map<string, number>()
  const categories = rows.map(({ line, values }) => {
    const category = readCategory(values, (reason) => void faults.push({ line, reason }))
    const before = seen.get(category.slug)
    if (before !== undefined && category.slug !== '')
      faults.push({ line, reason: `${category.slug} is on line ${before} already` })
    seen.set(category.slug, line)
    return category
  })
  if (faults.length > 0) throw badFile(faults)
  return categories
}

type Fault = (reason: string) => void
type Values = Partial<Record<Field, string>>

function readCategory(values: Values, fault: Fault): CategoryInput {
  /** Undefined for an empty cell, and for one that does not fit. */
  const read = <Value>(field: Field, meaning: string, asValue: (text: string) => Value | undefined) => {
    const text = values[field]
    const value = text ? asValue(text) : undefined
    if (text && value === undefined) fault(`${field} "${text.slice(0, 50)}" is not ${meaning}`)
    return value
  }
  const word = <Word extends string>(field: Field, words: readonly Word[], asValue = wordAmong<Word>) =>
    read(field, `one of ${words.join(', ')}`, (text) => asValue(words, text))
  const name = values.name ?? ''
  if (name === '' || name.length > 200) fault('has no name, or one of more than 200 characters')
  if (!isOnOneLine(name)) fault(`name ${noControls}`)
  if (values.group && !isOnOneLine(values.group)) fault(`group ${noControls}`)
  const given = read('slug', slugForm.meaning, (text) => (slugForm.form.test(text) ? text : undefined))
  const slug = given ?? slugify(name)
  if (slug === '' && name !== '') fault(`the name "${name}" gives no slug`)
  const input: CategoryInput = { name, slug }
  if (values.group !== undefined) input.group = values.group || null
  if (values.description !== undefined) input.description = values.description || null
  const visibility = word('visibility', visibilities)
  if (visibility) input.visibility = visibility
  const active = read('active', 'yes or no', yesOrNo)
  if (active !== undefined) input.active = active
  const days = read('targetDays', `a whole number of days from 1 to ${maxTargetDays}`, daysIn)
  if (values.targetDays !== undefined) input.targetDays = days ?? null
  const dayType = word('dayType', dayTypes, dayTypeIn)
  if (dayType) input.dayType = dayType
  return input
}

const daysIn = (text: string) => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined)

/** `Working days` too. */
const dayTypeIn = <Word extends string>(words: readonly Word[], text: string) =>
  wordAmong(words, text) ?? wordAmong(words, text.replace(/[\s_-]*days?\s*$/i, ''))
