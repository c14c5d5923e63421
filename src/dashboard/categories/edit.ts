import type { Visit } from '../../http/pages'
import { toView } from '../../resources/categories/model'
import { patchCategory } from '../../resources/categories/service'
import { getCategory } from '../../resources/categories/store'
import { changing, showChange } from '../form/change'
import { type Problem, readFields } from '../form/fields'
import { showListed } from '../form/listed'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { mayUse } from '../places'
import { backToCategories, categoriesPath, categoryFields, readCategory, valuesIn } from './fields'

type Params = { id: string }

async function showCategory(visit: Visit, problem: Problem, { id }: Params): Promise<Response> {
  const view = toView(await getCategory(visit.ctx, id))
  const page = { title: view.name, back: backToCategories, fields: categoryFields, current: valuesIn(view) }
  if (!mayUse(visit, 'categories:write')) return showListed(visit, page)
  return showChange(visit, {
    ...page,
    view: 'categories/edit.njk',
    state: view,
    problem,
    button: 'Save the category',
    more: { id },
  })
}

async function saveCategory(visit: Visit, { id }: Params): Promise<Response> {
  await patchCategory(changing(visit), id, readCategory(valuesOf(readFields(categoryFields, visit.form))))
  return redirect(`${categoriesPath}?done=saved`)
}

export const categoryForm: Form = {
  path: '/:id',
  permission: 'categories:write',
  showPermission: 'categories:read',
  show: showCategory,
  save: saveCategory,
}
