import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { pages } from '../../http/pages'
import { formRoutes } from '../form/routes'
import { categoryForm } from './edit'
import { showCategories } from './list'
import { newCategoryForm } from './new'

export const categoryRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/admin/categories' })
    .use(pages(deps))
    .get('', ({ visit }) => showCategories(visit), { page: 'categories:read' })
    .use(formRoutes(deps, [newCategoryForm, categoryForm]))
