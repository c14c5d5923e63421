import type { Ctx } from '../../core/ctx'
import { slaStates } from '../../resources/cases/rules/target'
import { caseStatuses, caseTypes, priorities, resolutions, sourceChannels } from '../../resources/cases/table'
import type { Field, Option } from '../form/fields'
import { choice } from '../list/filters'
import { assigneeOptions, categoryOptions, councillorOptions, wardOptions } from '../options'
import { formatDay, wordsOf } from '../words'
import { isList, without } from './asked'
import { slaStateWords } from './words'

const words = (values: readonly string[]): Option[] =>
  values.map((value) => ({ value, text: wordsOf(value) }))

const otherOrders: Option[] = [
  { value: 'createdAt', text: 'Oldest first' },
  { value: 'dueAt', text: 'Earliest target first' },
  { value: '-dueAt', text: 'Latest target first' },
  { value: '-priority', text: 'Highest priority first' },
  { value: 'priority', text: 'Lowest priority first' },
  { value: '-updatedAt', text: 'Last changed first' },
  { value: 'updatedAt', text: 'Longest unchanged first' },
  { value: 'reference', text: 'Reference, first to last' },
  { value: '-reference', text: 'Reference, last to first' },
]

/** What is searched comes by relevance where no order is chosen. */
const orders = (isSearched: boolean): Option[] =>
  isSearched
    ? [
        { value: '', text: 'Most relevant first' },
        { value: '-createdAt', text: 'Newest first' },
        ...otherOrders,
      ]
    : [{ value: '', text: 'Newest first' }, ...otherOrders]

const seesAll = ({ acting }: Ctx) => acting?.role === 'admin' || acting?.role === 'manager'

async function assignees(ctx: Ctx): Promise<Field[]> {
  const nobody = { value: 'none', text: 'Nobody' }
  return [choice('assigneeId', 'Assigned to', 'Anybody', [nobody, ...(await assigneeOptions(ctx, 'all'))])]
}

const boxes = (name: string, label: string, options: readonly Option[]): Field => ({
  name,
  label,
  kind: 'checkboxes',
  isSmall: true,
  options,
})

const targets: Option[] = slaStates.map((value) => ({ value, text: slaStateWords[value] }))

/** What a list of cases is filtered by: `shown` by fields of the page, `others` by its address alone. */
export type Filters = { shown: Field[]; others: Field[] }

export async function filtersFor(ctx: Ctx, asked: URLSearchParams): Promise<Filters> {
  const [wards, categories] = await Promise.all([wardOptions(ctx, 'all'), categoryOptions(ctx, 'all')])
  const shown: Field[] = [
    { name: 'search', label: 'Search', kind: 'text', hint: 'Words of the reference, summary or description' },
    { name: 'sort', label: 'Sort by', kind: 'select', options: orders(asked.has('search')) },
    boxes('status', 'Status', words(caseStatuses)),
    boxes('slaState', 'Target', targets),
    ...(seesAll(ctx) ? await assignees(ctx) : []),
    choice('wardId', 'Ward', 'Any ward', wards),
    choice('categoryId', 'Category', 'Any category', categories),
    boxes('priority', 'Priority', words(priorities)),
    boxes('type', 'Type', words(caseTypes)),
    { name: 'dueBefore', label: 'Due before', kind: 'date' },
    { name: 'createdFrom', label: 'Created on or after', kind: 'date' },
    { name: 'createdTo', label: 'Created before', kind: 'date' },
    { name: 'archived', label: 'Archived cases', kind: 'checkbox', isSmall: true },
  ]
  return { shown, others: await othersFor(ctx, asked) }
}

async function othersFor(ctx: Ctx, asked: URLSearchParams): Promise<Field[]> {
  const councillors = asked.has('councillorId') ? await councillorOptions(ctx, 'all') : []
  return [
    ...(!seesAll(ctx) && asked.has('assigneeId') ? await assignees(ctx) : []),
    boxes('resolution', 'Resolution', words(resolutions)),
    boxes('sourceChannel', 'Source', words(sourceChannels)),
    choice('councillorId', 'Councillor', 'Any councillor', councillors),
    { name: 'updatedFrom', label: 'Changed on or after', kind: 'date' },
    { name: 'updatedTo', label: 'Changed before', kind: 'date' },
    { name: 'bbox', label: 'Area', kind: 'text' },
  ]
}

function textOf(field: Field, value: string): string {
  if (field.kind === 'checkbox') return value === 'true' ? 'Only archived' : value
  if (field.kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)))
    return formatDay(value, 'UTC')
  const options = 'options' in field ? field.options : []
  return options.find((option) => option.value === value)?.text ?? value
}

/** What the list is filtered by now, in words, each with the way to the list without it. */
export type Selected = { heading: { text: string }; items: { text: string; href: string }[] }

export const selectedOf = ({ shown, others }: Filters, asked: URLSearchParams): Selected[] =>
  [...shown, ...others]
    .filter(({ name, kind }) => name !== 'sort' && asked.has(name) && !isUnsaid(kind, asked.get(name)))
    .map((field) => ({
      heading: { text: field.label },
      items: asked
        .getAll(field.name)
        .map((value) => ({ text: textOf(field, value), href: without(asked, field.name, value) })),
    }))

/** A box that is not ticked filters nothing. */
const isUnsaid = (kind: Field['kind'], value: string | null) => kind === 'checkbox' && value === 'false'

/** What the address asks for that no field of the page holds, so that the form keeps it. */
export function keptOf({ shown, others }: Filters, asked: URLSearchParams): [name: string, value: string][] {
  const further = shown
    .filter(({ name, kind }) => kind === 'select' && isList(name))
    .flatMap(({ name }) =>
      asked
        .getAll(name)
        .slice(1)
        .map((value): [string, string] => [name, value]),
    )
  const rest = others.flatMap(({ name }) =>
    asked.getAll(name).map((value): [string, string] => [name, value]),
  )
  return [...further, ...rest]
}
