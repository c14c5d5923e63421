import { type CategoryCreate, type CategoryView, maxTargetDays } from '../../resources/categories/model'
import { visibilities } from '../../resources/categories/table'
import type { Field, FormValues, Option } from '../form/fields'
import type { Values } from '../form/values'
import { dayTypeOptions } from '../words'

type Visibility = (typeof visibilities)[number]

export const visibilityWords: Record<Visibility, string> = {
  public: 'Everybody',
  staff: 'Staff and councillors',
  hidden: 'Nobody',
}

const hints: Partial<Record<Visibility, string>> = {
  public: 'Residents too, when they write to the council',
  hidden: 'It is kept for the cases that have it',
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
    hint: 'Under which it is found with others, such as Highways',
    kind: 'text',
    isOptional: true,
  },
  { name: 'description', label: 'Description', kind: 'textarea', size: 4, isOptional: true },
  { name: 'visibility', label: 'Who chooses it for a case', kind: 'radios', options: visibilityOptions },
  {
    name: 'active',
    label: 'In use',
    hint: 'Residents cannot choose what is not in use. Cases that have it keep it',
    kind: 'checkbox',
  },
  {
    name: 'targetDays',
    label: 'Days to resolve a case in',
    hint: `From 1 to ${maxTargetDays.toLocaleString('en-GB')}, for new cases. Leave it empty for what the council’s settings say`,
    kind: 'number',
    size: 4,
    isOptional: true,
    nothing: 'What the council’s settings say',
  },
  { name: 'dayType', label: 'How these days are counted', kind: 'radios', options: dayTypeOptions },
]

/** Of a new category the name in addresses may be left to Reeve. */
export const newCategoryFields: Field[] = categoryFields.map((field) =>
  field === slug
    ? { ...slug, hint: `${slug.hint}. Left empty, it is made of the name`, isOptional: true }
    : field,
)

/** What the fields hold of a category. */
export const shownCategory = (view: CategoryView): FormValues => ({
  name: view.name,
  slug: view.slug,
  group: view.group,
  description: view.description,
  visibility: view.visibility,
  active: String(view.active),
  targetDays: view.targetDays === null ? null : String(view.targetDays),
  dayType: view.dayType,
})

/** What was sent of a category; the verb checks it. */
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
