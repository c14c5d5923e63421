import { localDate } from '../../../../lib/time'
import type { CaseView } from '../../../../resources/cases/model'
import { caseTypes, priorities } from '../../../../resources/cases/table'
import type { Field, FormValues, Option } from '../../../form/fields'
import type { Values } from '../../../form/values'
import { wordsOf } from '../../../words'

/** What wards, categories and councillors there are to choose from. */
export type Choices = Record<'wards' | 'categories' | 'councillors', readonly Option[]>

const worded = (values: readonly string[]): Option[] =>
  values.map((value) => ({ value, text: wordsOf(value) }))

const orNone = (options: readonly Option[]): Option[] => [{ value: '', text: 'None' }, ...options]

const about: Field[] = [
  {
    name: 'summary',
    label: 'Summary',
    kind: 'text',
    group: 'What it is about',
    missing: 'Enter the summary',
  },
  { name: 'description', label: 'Description', kind: 'textarea', size: 10, isOptional: true },
  { name: 'type', label: 'Type', kind: 'select', options: worded(caseTypes) },
  { name: 'priority', label: 'Priority', kind: 'select', options: worded(priorities) },
]

const place: Field[] = [
  { name: 'location.address', label: 'Address', kind: 'text', isOptional: true, group: 'Where it is' },
  { name: 'location.postcode', label: 'Postcode', kind: 'text', size: 10, isOptional: true },
  { name: 'location.uprn', label: 'UPRN', kind: 'text', hint: 'Up to 12 digits', size: 20, isOptional: true },
  {
    name: 'location.latitude',
    label: 'Latitude',
    kind: 'text',
    hint: 'For example, 51.4545',
    size: 20,
    isOptional: true,
  },
  {
    name: 'location.longitude',
    label: 'Longitude',
    kind: 'text',
    hint: 'For example, -2.5879',
    size: 20,
    isOptional: true,
  },
]

const work: Field[] = [
  {
    name: 'followUpAt',
    label: 'Follow up on',
    kind: 'date',
    size: 10,
    isOptional: true,
    group: 'How it is worked on',
  },
  { name: 'internalRef', label: 'Internal reference', kind: 'text', size: 20, isOptional: true },
  {
    name: 'archived',
    label: 'The case is archived',
    hint: 'It is left out of lists in which nobody asks for archived cases',
    kind: 'checkbox',
  },
]

/** Everything about a case that is changed by its form. */
export const caseFields = ({ wards, categories, councillors }: Choices): Field[] => [
  ...about,
  { name: 'wardId', label: 'Ward', kind: 'select', options: orNone(wards), group: 'Whose it is' },
  { name: 'categoryId', label: 'Category', kind: 'select', options: orNone(categories) },
  { name: 'councillorId', label: 'Councillor', kind: 'select', options: orNone(councillors) },
  ...place,
  ...work,
]

/** A text as a form sends it back. */
const asSent = (text: string | null | undefined) => text?.replaceAll('\r\n', '\n').trim()

/** What the fields hold of a case. */
export function shownCase(view: CaseView, timezone: string): FormValues {
  const { latitude, longitude, address, postcode, uprn } = view.location ?? {}
  const number = (value: number | null | undefined) => (value == null ? null : String(value))
  return {
    summary: asSent(view.summary),
    description: asSent(view.description),
    type: view.type,
    priority: view.priority,
    wardId: view.wardId,
    categoryId: view.categoryId,
    councillorId: view.councillorId,
    'location.address': asSent(address),
    'location.postcode': asSent(postcode),
    'location.uprn': uprn,
    'location.latitude': number(latitude),
    'location.longitude': number(longitude),
    followUpAt: view.followUpAt && localDate(new Date(view.followUpAt), timezone),
    internalRef: asSent(view.internalRef),
    archived: view.archived ? 'true' : null,
  }
}

/** A number of degrees; what is none stays text, for the verb to refuse. */
const degrees = (text: string | null) =>
  text !== null && /^[+-]?\d{1,3}(\.\d{1,20})?(e-\d{1,2})?$/.test(text) ? Number(text) : text

/** How each field is read as what the verb takes. */
export function readField(name: string, sent: Values): unknown {
  if (name === 'archived') return sent.isTicked(name)
  if (name === 'location.latitude' || name === 'location.longitude') return degrees(sent.clearable(name))
  return name === 'summary' ? sent.text(name) : sent.clearable(name)
}
