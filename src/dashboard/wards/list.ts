import { paged } from '../../core/paging'
import type { Visit } from '../../http/pages'
import { toView, WardQuery } from '../../resources/wards/model'
import { listWards } from '../../resources/wards/store'
import type { Field } from '../form/fields'
import { choice, inUseFilter } from '../list/filters'
import { showList } from '../list/page'
import { mayUse, toAdministration } from '../places'
import { tierOptions } from './fields'

const filters: Field[] = [
  { name: 'search', label: 'Part of the name', kind: 'text' },
  choice('tier', 'Kind of area', 'Any', tierOptions),
  inUseFilter('enabled'),
]

export const showWards = (visit: Visit): Promise<Response> =>
  showList(visit, {
    title: 'Wards',
    view: 'wards/list.njk',
    noun: { one: 'ward', many: 'wards' },
    schema: WardQuery,
    filters,
    back: toAdministration(visit),
    find: (query) => paged(visit.ctx, 'wards', query, (slice) => listWards(visit.ctx, query, slice)),
    show: (rows) => rows.map((row) => toView(row)),
    notices: { created: 'The ward was added', saved: 'The ward was saved' },
    more: { mayWrite: mayUse(visit, 'wards:write'), slug: visit.ctx.tenant.slug },
  })
