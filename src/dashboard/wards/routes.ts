import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { paged } from '../../core/paging'
import { pages, type Visit } from '../../http/pages'
import { toView, WardQuery } from '../../resources/wards/model'
import { createWard, patchWard } from '../../resources/wards/service'
import { getBoundary, getWard, listWards } from '../../resources/wards/store'
import { mayUse, toAdministration } from '../administration/places'
import { changing, showChange } from '../form/change'
import { type Field, type Problem, readFields } from '../form/fields'
import { listFields } from '../form/listed'
import { showForm } from '../form/page'
import { noProblem, submit } from '../form/submit'
import { valuesOf } from '../form/values'
import { choice, inUseFilter } from '../list/filters'
import { showList } from '../list/page'
import { redirect, showPage } from '../page'
import { newWardFields, readWard, shownWard, tierOptions, wardFields } from './fields'

const filters: Field[] = [
  { name: 'search', label: 'Part of the name', kind: 'text' },
  choice('tier', 'Kind of area', 'Any', tierOptions),
  inUseFilter('enabled'),
]

const notices = { created: 'The ward was added', saved: 'The ward was saved' }
const back = { text: 'Wards', href: '/admin/wards' }

const showWards = (visit: Visit) =>
  showList(visit, {
    title: 'Wards',
    view: 'wards/list.njk',
    noun: { one: 'ward', many: 'wards' },
    schema: WardQuery,
    filters,
    back: toAdministration(visit),
    find: (query) => paged(visit.ctx, 'wards', query, (slice) => listWards(visit.ctx, query, slice)),
    show: (rows) => rows.map((row) => toView(row)),
    notices,
    more: { mayWrite: mayUse(visit, 'wards:write'), slug: visit.ctx.tenant.slug },
  })

const showNew = (visit: Visit, problem: Problem = noProblem) =>
  showForm(visit, {
    title: 'Add a ward',
    fields: newWardFields,
    values: problem === noProblem ? { tier: 'ward', enabled: 'true' } : readFields(newWardFields, visit.form),
    problem,
    button: 'Add the ward',
    back,
  })

const create = (visit: Visit) =>
  submit(
    async () => {
      const { slug, ...input } = readWard(valuesOf(readFields(newWardFields, visit.form)))
      await createWard(visit.ctx, { ...input, ...(slug && { slug }) })
      return redirect('/admin/wards?done=created')
    },
    (problem) => showNew(visit, problem),
  )

async function showWard(visit: Visit, id: string, problem: Problem = noProblem): Promise<Response> {
  const { ctx } = visit
  const view = toView(await getWard(ctx, id))
  const shown = shownWard(view)
  const page = { title: view.name, back }
  if (!mayUse(visit, 'wards:write')) {
    return showPage(visit, 'form/listed.njk', { ...page, rows: listFields(wardFields, shown) })
  }
  return showChange(visit, {
    ...page,
    view: 'wards/edit.njk',
    fields: wardFields,
    state: view,
    shown,
    problem,
    button: 'Save the ward',
    more: { id, hasBoundary: (await getBoundary(ctx, id)) !== null },
  })
}

const save = (visit: Visit, id: string) =>
  submit(
    async () => {
      await patchWard(changing(visit), id, readWard(valuesOf(readFields(wardFields, visit.form))))
      return redirect('/admin/wards?done=saved')
    },
    (problem) => showWard(visit, id, problem),
  )

/** The council's areas. */
export const wardPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/wards' })
    .use(pages(deps))
    .get('', ({ visit }) => showWards(visit), { page: 'wards:read' })
    .get('/new', ({ visit }) => showNew(visit), { page: 'wards:write' })
    .post('/new', ({ visit }) => create(visit), { page: 'wards:write' })
    .get('/:id', ({ visit, params }) => showWard(visit, params.id), { page: 'wards:read' })
    .post('/:id', ({ visit, params }) => save(visit, params.id), { page: 'wards:write' })
