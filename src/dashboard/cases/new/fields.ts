import type { Ctx } from '../../../core/ctx'
import type { Issue } from '../../../lib/errors'
import { instantAt, isTimeOfDay } from '../../../lib/local-time'
import { caseTypes, priorities, sourceChannels } from '../../../resources/cases/table'
import { nested } from '../../form/changed'
import type { Field, FormValues, Option } from '../../form/fields'
import { choice } from '../../list/filters'
import { assigneeOptions, categoryOptions, wardOptions } from '../../options'
import { wordsOf } from '../../words'

const words = (values: readonly string[]): Option[] =>
  values.map((value) => ({ value, text: wordsOf(value) }))

const about: Field[] = [
  {
    name: 'summary',
    label: 'Summary',
    kind: 'text',
    missing: 'Enter a summary',
    hint: 'One line, without anything personal',
  },
  { name: 'description', label: 'Description', kind: 'textarea', isOptional: true },
  { name: 'type', label: 'Type', kind: 'select', options: words(caseTypes) },
  { name: 'priority', label: 'Priority', kind: 'select', options: words(priorities) },
  { name: 'sourceChannel', label: 'How it came in', kind: 'select', options: words(sourceChannels) },
]

const origin: Field[] = [
  {
    name: 'internalRef',
    label: 'Internal reference',
    kind: 'text',
    isOptional: true,
    hint: 'Under which you know it elsewhere',
  },
  {
    name: 'receivedAt',
    label: 'Day it was received',
    kind: 'date',
    size: 10,
    isOptional: true,
    hint: 'Now, if you leave it empty',
    group: 'When it was received',
  },
  {
    name: 'receivedTime',
    label: 'Time it was received',
    kind: 'text',
    size: 5,
    isOptional: true,
    hint: 'For example, 14:30',
  },
]

const place: Field[] = [
  {
    name: 'location.address',
    label: 'Place or address',
    kind: 'textarea',
    size: 3,
    isOptional: true,
    group: 'Where it is',
  },
  { name: 'location.postcode', label: 'Postcode of the place', kind: 'text', size: 10, isOptional: true },
]

const resident: Field[] = [
  { name: 'residentName', label: 'Full name', kind: 'text', isOptional: true, group: 'Who told you' },
  { name: 'residentEmail', label: 'E-mail address', kind: 'email', isOptional: true },
  { name: 'residentPhone', label: 'Telephone number', kind: 'tel', size: 20, isOptional: true },
  { name: 'residentAddress', label: 'Address', kind: 'textarea', size: 3, isOptional: true },
  { name: 'residentPostcode', label: 'Postcode', kind: 'text', size: 10, isOptional: true },
]

/** What is asked of who calls. */
export async function newCaseFields(ctx: Ctx): Promise<Field[]> {
  const [wards, categories, people] = await Promise.all([
    wardOptions(ctx),
    categoryOptions(ctx),
    assigneeOptions(ctx),
  ])
  const otherwise = ctx.acting?.role === 'caseworker' ? 'You' : 'Nobody yet'
  return [
    ...about,
    { ...choice('categoryId', 'Category', 'No category', categories), isOptional: true },
    { ...choice('wardId', 'Ward', 'No ward', wards), isOptional: true },
    {
      ...choice('assigneeId', 'Assigned to', otherwise, people),
      isOptional: true,
      hint: `${otherwise}, if you leave it empty`,
    },
    ...origin,
    ...place,
    ...resident,
  ]
}

/** What is so of most cases of which somebody is told on the telephone. */
export const usual: FormValues = { type: 'enquiry', priority: 'normal', sourceChannel: 'phone' }

type Sent = Record<string, readonly string[]>

/** What was sent as the input of the verb, and what is wrong with it that the verb cannot see. */
export function readNewCase(ctx: Ctx, sent: Sent): { input: Record<string, unknown>; issues: Issue[] } {
  const { receivedTime: [time] = [], ...rest } = sent
  const given = Object.keys(rest).filter((name) => rest[name]?.length)
  const input = nested(given, (name) => rest[name]?.[0])
  if (time === undefined) return { input, issues: [] }
  const fault = (path: string, message: string): Issue => ({ in: 'body', path, message })
  if (!isTimeOfDay(time)) {
    return { input, issues: [fault('receivedTime', 'Must be a time of day, such as 14:30')] }
  }
  if (input.receivedAt === undefined) {
    return { input, issues: [fault('receivedAt', 'Enter the day too')] }
  }
  // What is no day stays as it was written, for the verb to refuse.
  const instant = instantAt(String(input.receivedAt), time, ctx.tenant.timezone)
  return { input: { ...input, ...(instant && { receivedAt: instant.toISOString() }) }, issues: [] }
}
