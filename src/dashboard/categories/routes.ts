import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { paged } from '../../core/paging'
import { pages, type Visit } from '../../http/pages'
import { CategoryQuery, type CategoryView, toView } from '../../resources/categories/model'
import { createCategory, patchCategory } from '../../resources/categories/service'
import { getCategory, listCategories } from '../../resources/categories/store'
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
import { counted } from '../words'
import {
  categoryFields,
  newCategoryFields,
  readCategory,
  shownCategory,
  visibilityOptions,
  visibilityWords,
} from './fields'

const filters: Field[] = [
  { name: 'search', label: 'Part of the name', kind: 'text' },
  { name: 'group', label: 'Group', kind: 'text' },
  choice('visibility', 'Who chooses it', 'Anybody or nobody', visibilityOptions),
  inUseFilter('active'),
]

const notices = { created: 'The category was added', saved: 'The category was saved' }
const back = { text: 'Categories', href: '/admin/categories' }

const rowOf = ({ targetDays, dayType, visibility, ...view }: CategoryView) => ({
  ...view,
  target: targetDays === null ? 'The council’s' : counted(targetDays, `${dayType} day`),
  choosers: visibilityWords[visibility],
})

const showCategories = (visit: Visit) =>
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
    notices,
    more: { mayWrite: mayUse(visit, 'categories:write'), slug: visit.ctx.tenant.slug },
  })

const fresh = { visibility: 'public', active: 'true', dayType: 'working' }

const showNew = (visit: Visit, problem: Problem = noProblem) =>
  showForm(visit, {
    title: 'Add a category',
    fields: newCategoryFields,
    values: problem === noProblem ? fresh : readFields(newCategoryFields, visit.form),
    problem,
    button: 'Add the category',
    back,
  })

const create = (visit: Visit) =>
  submit(
    async () => {
      const { slug, ...input } = readCategory(valuesOf(readFields(newCategoryFields, visit.form)))
      await createCategory(visit.ctx, { ...input, ...(slug && { slug }) })
      return redirect('/admin/categories?done=created')
    },
    (problem) => showNew(visit, problem),
  )

async function showCategory(visit: Visit, id: string, problem: Problem = noProblem): Promise<Response> {
  const view = toView(await getCategory(visit.ctx, id))
  const shown = shownCategory(view)
  const page = { title: view.name, back }
  if (!mayUse(visit, 'categories:write')) {
    return showPage(visit, 'form/listed.njk', { ...page, rows: listFields(categoryFields, shown) })
  }
  return showChange(visit, {
    ...page,
    view: 'categories/edit.njk',
    fields: categoryFields,
    state: view,
    shown,
    problem,
    button: 'Save the category',
    more: { id },
  })
}

const save = (visit: Visit, id: string) =>
  submit(
    async () => {
      const patch = readCategory(valuesOf(readFields(categoryFields, visit.form)))
      await patchCategory(changing(visit), id, patch)
      return redirect('/admin/categories?done=saved')
    },
    (problem) => showCategory(visit, id, problem),
  )

/** What cases may be about. */
export const categoryPages = (deps: Deps) =>
  new Elysia({ prefix: '/admin/categories' })
    .use(pages(deps))
    .get('', ({ visit }) => showCategories(visit), { page: 'categories:read' })
    .get('/new', ({ visit }) => showNew(visit), { page: 'categories:write' })
    .post('/new', ({ visit }) => create(visit), { page: 'categories:write' })
    .get('/:id', ({ visit, params }) => showCategory(visit, params.id), { page: 'categories:read' })
    .post('/:id', ({ visit, params }) => save(visit, params.id), { page: 'categories:write' })
