import type { CaseView } from '../../resources/cases/model'
import { caseTypes, priorities, sourceChannels } from '../../resources/cases/table'
import type { Field, FormValues, Option } from '../form/fields'
import { choice } from '../list/filters'
import { wordsOf } from '../words'

const worded = (values: readonly string[]): Option[] =>
  values.map((value) => ({ value, text: wordsOf(value) }))

/**
 * Every field that more than one form of a case asks for, with its one label, hint and control. Two controls would spoil
 * data: a browser strips the line breaks of a text area’s value when it is in a one-line input.
 */
export const caseFields = {
  summary: {
    name: 'summary',
    label: 'Summary',
    kind: 'text',
    missing: 'Enter a summary',
    hint: 'One line, without personal details',
  },
  description: { name: 'description', label: 'Description', kind: 'textarea', size: 8, isOptional: true },
  type: { name: 'type', label: 'Type', kind: 'select', options: worded(caseTypes) },
  priority: { name: 'priority', label: 'Priority', kind: 'select', options: worded(priorities) },
  sourceChannel: {
    name: 'sourceChannel',
    label: 'How it came in',
    kind: 'select',
    options: worded(sourceChannels),
  },
  internalRef: {
    name: 'internalRef',
    label: 'Internal reference',
    kind: 'text',
    isOptional: true,
    hint: 'Its reference in another system',
  },
  address: {
    name: 'location.address',
    label: 'Place or address',
    kind: 'textarea',
    size: 3,
    isOptional: true,
  },
  postcode: {
    name: 'location.postcode',
    label: 'Postcode of the place',
    kind: 'text',
    size: 10,
    isOptional: true,
  },
  residentName: { name: 'residentName', label: 'Full name', kind: 'text', isOptional: true },
  residentEmail: { name: 'residentEmail', label: 'E-mail address', kind: 'email', isOptional: true },
  residentPhone: {
    name: 'residentPhone',
    label: 'Telephone number',
    kind: 'tel',
    size: 20,
    isOptional: true,
  },
  residentAddress: {
    name: 'residentAddress',
    label: 'Address',
    kind: 'textarea',
    size: 3,
    isOptional: true,
  },
  residentPostcode: { name: 'residentPostcode', label: 'Postcode', kind: 'text', size: 10, isOptional: true },
} satisfies Record<string, Field>

/** Plain fields that a new case, its edit form and its page show alike. */
export const furtherFields: Field[] = [caseFields.internalRef]

/** A text as a browser sends it back when nobody touched it. */
export const asSent = (text: string | null | undefined) => text?.replaceAll('\r\n', '\n').trim()

/** The further fields of a case, as a form holds them. */
export const furtherValues = (view: CaseView): FormValues =>
  Object.fromEntries(
    furtherFields.map(({ name }) => {
      const value = view[name as keyof CaseView]
      const isNothing = value === null || value === undefined || value === false
      return [name, isNothing ? null : asSent(String(value))]
    }),
  )

/** The fields about the resident, in the order in which forms ask for them. */
export const residentFields: Field[] = [
  caseFields.residentName,
  caseFields.residentEmail,
  caseFields.residentPhone,
  caseFields.residentAddress,
  caseFields.residentPostcode,
]

export const wardField = (wards: readonly Option[]): Field => ({
  ...choice('wardId', 'Ward', 'No ward', wards),
  isOptional: true,
})

export const categoryField = (categories: readonly Option[]): Field => ({
  ...choice('categoryId', 'Category', 'No category', categories),
  isOptional: true,
})

/** `first` is the text of the option that chooses nobody. */
export const assigneeField = (first: string, people: readonly Option[]): Field => ({
  ...choice('assigneeId', 'Assign to', first, people),
  missing: 'Choose who to assign it to',
})
