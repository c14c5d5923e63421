import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { guard } from '../../http/guard'
import { toView, WardInclude, WardList, WardQuery, WardView } from './model'
import { getBoundary, getWard, listWards } from './store'

export const wardRoutes = new Elysia({ prefix: '/api/wards', tags: ['Wards'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const { rows, pagination } = await paged(ctx, 'wards', query, (slice) => listWards(ctx, query, slice))
      return { wards: rows.map((row) => toView(row)), pagination }
    },
    {
      scope: 'wards:read',
      query: WardQuery,
      response: WardList,
      detail: {
        operationId: 'listWards',
        summary: 'List wards',
        description: 'Wards and other areas by name, without their boundaries.',
      },
    },
  )
  .get(
    '/:id',
    async ({ ctx, params, query }) => {
      const ward = await getWard(ctx, params.id)
      return toView(ward, query.include === 'boundary' ? await getBoundary(ctx, ward.id) : undefined)
    },
    {
      scope: 'wards:read',
      query: WardInclude,
      response: WardView,
      detail: {
        operationId: 'getWard',
        summary: 'View a ward',
        description: 'One ward; with `include=boundary` its boundary too.',
      },
    },
  )
