import { Elysia } from 'elysia'
import { guard } from '../../http/guard'
import { pageWindow, pagination } from '../../lib/page'
import { CategoryList, CategoryQuery, CategoryView, toView } from './model'
import { getCategory, listCategories } from './store'

export const categoryRoutes = new Elysia({ prefix: '/api/categories', tags: ['Categories'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const window = pageWindow(query)
      const { rows, total } = await listCategories(ctx, query, window)
      return { categories: rows.map(toView), pagination: pagination(window, total) }
    },
    {
      scope: 'categories:read',
      query: CategoryQuery,
      response: CategoryList,
      detail: { summary: 'List categories' },
    },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getCategory(ctx, params.id)), {
    scope: 'categories:read',
    response: CategoryView,
    detail: { summary: 'View a category' },
  })
