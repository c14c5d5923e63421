import { type CategoryCreate, type CategoryView, maxTargetDays } from '../../resources/categories/model'
import { visibilities } from '../../resources/categories/table'
import type { Field, FormValues, Option } from '../form/fields'
import type { Values } from '../form/values'
import { dayTypeOptions } from '../words'

export const categoriesPath = '/admin/categories'

export const backToCategories = { text: 'Categories', href: categoriesPath }

type Visibility = (typeof visibilities)[number]

export const visibilityWords: Record<Visibility, string> = {
  public: 'Everybody',
  staff: 'Staff and councillors',
  hidden: 'Nobody',
}

const hints: Partial<Record<Visibility, string>> = {
  public: 'Residents too, when they write to the council',
  hidden: 'Only cases that already have it keep it',
}

export const visibilityOptions: Option[] = visibilities.map((value) => {
  const hint = hints[value]
  return { value, text: visibilityWords[value], ...(hint && { hint }) }
})

const slug: Field = {
  name: 'slug',
  label: 'Name in addresses and files',
  hint: 'Letters, digits, hyphens and underscores, such as street-lights',
  kind: 'text',
}

export const categoryFields: Field[] = [
  { name: 'name', label: 'Name', missing: 'Enter the name of the category', kind: 'text' },
  slug,
  {
    name: 'group',
    label: 'Group',
    hint: 'A heading it shares with other categories, such as Highways',
    kind: 'text',
    isOptional: true,
  },
  { name: 'description', label: 'Description', kind: 'textarea', size: 4, isOptional: true },
  { name: 'visibility', label: 'Who chooses it for a case', kind: 'radios', options: visibilityOptions },
  {
    name: 'active',
    label: 'In use',
    hint: 'Residents cannot choose a category that is not in use. Cases that have it keep it',
    kind: 'checkbox',
  },
  {
    name: 'targetDays',
    label: 'Days to resolve a case in',
    hint: `From 1 to ${maxTargetDays.toLocaleString('en-GB')}, for new cases. Leave it empty to use the council’s settings`,
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'As in the council’s settings',
  },
  { name: 'dayType', label: 'How these days are counted', kind: 'radios', options: dayTypeOptions },
]

/** Reeve can make the name in addresses of a new category. */
export const newCategoryFields: Field[] = categoryFields.map((field) =>
  field === slug
    ? { ...slug, hint: `${slug.hint}. Leave it empty to make it from the name`, isOptional: true }
    : field,
)

export const valuesIn = (view: CategoryView): FormValues => ({
  name: view.name,
  slug: view.slug,
  group: view.group,
  description: view.description,
  visibility: view.visibility,
  active: String(view.active),
  targetDays: view.targetDays === null ? null : String(view.targetDays),
  dayType: view.dayType,
})

/** The verb checks what was sent. */
export const readCategory = (sent: Values): CategoryCreate =>
  ({
    name: sent.text('name'),
    slug: sent.text('slug'),
    group: sent.clearable('group'),
    description: sent.clearable('description'),
    visibility: sent.given('visibility'),
    active: sent.isTicked('active'),
    targetDays: sent.number('targetDays'),
    dayType: sent.given('dayType'),
  }) as CategoryCreate
