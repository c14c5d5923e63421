import type { Visit } from '../../http/pages'
import { toView } from '../../resources/categories/model'
import { patchCategory } from '../../resources/categories/service'
import { getCategory } from '../../resources/categories/store'
import { saveChange, showChange } from '../form/change'
import type { Problem } from '../form/fields'
import { showListed } from '../form/listed'
import type { Form } from '../form/routes'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { mayUse } from '../places'
import { backToCategories, categoriesPath, categoryFields, readCategory, valuesIn } from './fields'

type Params = { id: string }

async function subjectOf({ ctx }: Visit, id: string) {
  const view = toView(await getCategory(ctx, id))
  return { fields: categoryFields, current: valuesIn(view), state: view }
}

async function showCategory(visit: Visit, problem: Problem, { id }: Params): Promise<Response> {
  const subject = await subjectOf(visit, id)
  const page = { title: subject.state.name, back: backToCategories, ...subject }
  if (!mayUse(visit, 'categories:write')) return showListed(visit, page)
  return showChange(visit, {
    ...page,
    view: 'categories/edit.njk',
    problem,
    button: 'Save the category',
    more: { id },
  })
}

async function saveCategory(visit: Visit, { id }: Params): Promise<Response> {
  await saveChange(
    visit,
    () => subjectOf(visit, id),
    (ctx, sent) => patchCategory(ctx, id, readCategory(valuesOf(sent))),
  )
  return redirect(`${categoriesPath}?done=saved`)
}

export const categoryForm: Form = {
  path: '/:id',
  permission: 'categories:write',
  showPermission: 'categories:read',
  show: showCategory,
  save: saveCategory,
}
