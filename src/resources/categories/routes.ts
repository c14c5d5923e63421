import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { guard } from '../../http/guard'
import { CategoryList, CategoryQuery, CategoryView, toView } from './model'
import { getCategory, listCategories } from './store'

export const categoryRoutes = new Elysia({ prefix: '/api/categories', tags: ['Categories'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const { rows, pagination } = await paged(ctx, 'categories', query, (slice) =>
        listCategories(ctx, query, slice),
      )
      return { categories: rows.map((row) => toView(row)), pagination }
    },
    {
      scope: 'categories:read',
      query: CategoryQuery,
      response: CategoryList,
      detail: {
        operationId: 'listCategories',
        summary: 'List categories',
        description: 'What cases can be about, by name.',
      },
    },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getCategory(ctx, params.id)), {
    scope: 'categories:read',
    response: CategoryView,
    detail: {
      operationId: 'getCategory',
      summary: 'View a category',
      description: 'One category, with its target in days.',
    },
  })
