import type { Visit } from '../../http/pages'
import { createCategory } from '../../resources/categories/service'
import { type Problem, readFields } from '../form/fields'
import { doOnce } from '../form/once'
import { showForm } from '../form/page'
import type { Form } from '../form/routes'
import { noProblem } from '../form/submit'
import { valuesOf } from '../form/values'
import { redirect } from '../page'
import { backToCategories, categoriesPath, newCategoryFields, readCategory } from './fields'

const defaults = { visibility: 'public', active: 'true', dayType: 'working' }

const showNewCategory = (visit: Visit, problem: Problem): Promise<Response> =>
  showForm(visit, {
    title: 'Add a category',
    fields: newCategoryFields,
    values: problem === noProblem ? defaults : readFields(newCategoryFields, visit.form),
    problem,
    button: 'Add the category',
    back: backToCategories,
  })

async function saveNewCategory(visit: Visit): Promise<Response> {
  const { slug, ...input } = readCategory(valuesOf(readFields(newCategoryFields, visit.form)))
  await doOnce(visit, (ctx) => createCategory(ctx, { ...input, ...(slug && { slug }) }))
  return redirect(`${categoriesPath}?done=created`)
}

export const newCategoryForm: Form = {
  path: '/new',
  permission: 'categories:write',
  show: showNewCategory,
  save: saveNewCategory,
}
