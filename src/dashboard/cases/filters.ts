import type { Ctx } from '../../core/ctx'
import { slaStates } from '../../resources/cases/rules/target'
import { caseStatuses, caseTypes, priorities, resolutions, sourceChannels } from '../../resources/cases/table'
import type { Field, Option } from '../form/fields'
import { choice } from '../list/filters'
import { assigneeOptions, categoryOptions, councillorOptions, wardOptions } from '../options'
import { formatDay, wordsOf } from '../words'
import { isList, without } from './address'
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

/** Without an order, a search lists the most relevant cases first. */
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

export const searchHint = 'A reference, or words of the case, its place, ward, category or notes'

/** `visible` filters have a field on the page; `hidden` ones come only from the address. */
export type Filters = { visible: Field[]; hidden: Field[] }

export async function filtersFor(ctx: Ctx, search: URLSearchParams): Promise<Filters> {
  const [wards, categories] = await Promise.all([wardOptions(ctx, 'all'), categoryOptions(ctx, 'all')])
  const visible: Field[] = [
    {
      name: 'search',
      label: 'Search',
      kind: 'text',
      hint: searchHint,
    },
    { name: 'sort', label: 'Sort by', kind: 'select', options: orders(search.has('search')) },
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
  return { visible, hidden: await hiddenFilters(ctx, search) }
}

async function hiddenFilters(ctx: Ctx, search: URLSearchParams): Promise<Field[]> {
  const councillors = search.has('councillorId') ? await councillorOptions(ctx, 'all') : []
  return [
    ...(!seesAll(ctx) && search.has('assigneeId') ? await assignees(ctx) : []),
    { name: 'internalRef', label: 'Internal reference', kind: 'text' },
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

/** The filters in use, in words; `href` is the list without that filter. */
export type Selected = { heading: { text: string }; items: { text: string; href: string }[] }

export const selectedOf = ({ visible, hidden }: Filters, search: URLSearchParams): Selected[] =>
  [...visible, ...hidden]
    .filter(({ name, kind }) => name !== 'sort' && search.has(name) && !isUnsaid(kind, search.get(name)))
    .map((field) => ({
      heading: { text: field.label },
      items: search
        .getAll(field.name)
        .map((value) => ({ text: textOf(field, value), href: without(search, field.name, value) })),
    }))

/** A box that is not ticked filters nothing out. */
const isUnsaid = (kind: Field['kind'], value: string | null) => kind === 'checkbox' && value === 'false'

/** Parts of the address that no field holds; hidden inputs keep them when the form is sent. */
export function keptOf(
  { visible, hidden }: Filters,
  search: URLSearchParams,
): [name: string, value: string][] {
  const further = visible
    .filter(({ name, kind }) => kind === 'select' && isList(name))
    .flatMap(({ name }) =>
      search
        .getAll(name)
        .slice(1)
        .map((value): [string, string] => [name, value]),
    )
  const rest = hidden.flatMap(({ name }) =>
    search.getAll(name).map((value): [string, string] => [name, value]),
  )
  return [...further, ...rest]
}
