import { Elysia } from 'elysia'
import { guard } from '../../http/guard'
import { pageWindow, pagination } from '../../lib/page'
import { toView, WardInclude, WardList, WardQuery, WardView } from './model'
import { getBoundary, getWard, listWards } from './store'

export const wardRoutes = new Elysia({ prefix: '/api/wards', tags: ['Wards'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const window = pageWindow(query)
      const { rows, total } = await listWards(ctx, query, window)
      return { wards: rows.map((row) => toView(row)), pagination: pagination(window, total) }
    },
    { scope: 'wards:read', query: WardQuery, response: WardList, detail: { summary: 'List wards' } },
  )
  .get(
    '/:id',
    async ({ ctx, params, query }) => {
      const ward = await getWard(ctx, params.id)
      return toView(ward, query.include === 'boundary' ? await getBoundary(ctx, ward.id) : undefined)
    },
    { scope: 'wards:read', query: WardInclude, response: WardView, detail: { summary: 'View a ward' } },
  )
