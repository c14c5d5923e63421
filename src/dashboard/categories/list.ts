import { paged } from '../../core/paging'
import type { Visit } from '../../http/pages'
import { CategoryQuery, type CategoryView, toView } from '../../resources/categories/model'
import { listCategories } from '../../resources/categories/store'
import type { Field } from '../form/fields'
import { choice, inUseFilter } from '../list/filters'
import { showList } from '../list/page'
import { mayUse, toAdministration } from '../places'
import { counted } from '../words'
import { visibilityOptions, visibilityWords } from './fields'

const filters: Field[] = [
  { name: 'search', label: 'Part of the name', kind: 'text' },
  { name: 'group', label: 'Group', kind: 'text' },
  choice('visibility', 'Who chooses it', 'Any', visibilityOptions),
  inUseFilter('active'),
]

const rowOf = ({ targetDays, dayType, visibility, ...view }: CategoryView) => ({
  ...view,
  target: targetDays === null ? 'The council’s' : counted(targetDays, `${dayType} day`),
  choosers: visibilityWords[visibility],
})

export const showCategories = (visit: Visit): Promise<Response> =>
  showList(visit, {
    title: 'Categories',
    view: 'categories/list.njk',
    noun: { one: 'category', many: 'categories' },
    schema: CategoryQuery,
    filters,
    back: toAdministration(visit),
    find: (query) =>
      paged(visit.ctx, 'categories', query, (slice) => listCategories(visit.ctx, query, slice)),
    show: (rows) => rows.map((row) => rowOf(toView(row))),
    notices: { created: 'The category was added', saved: 'The category was saved' },
    more: { mayWrite: mayUse(visit, 'categories:write'), slug: visit.ctx.tenant.slug },
  })
