import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { documentedFile } from '../../http/docs/responses'
import type { FileSender } from '../../http/file'
import { guard } from '../../http/guard'
import { rightHanded } from './boundary'
import {
  ExportedWards,
  exportColumns,
  toView,
  WardExportQuery,
  WardInclude,
  WardList,
  WardLookup,
  WardQuery,
  WardView,
} from './model'
import { exportWards, getWardAt } from './service'
import { getBoundary, getWard, listWards } from './store'

const file = documentedFile({
  'text/csv': { schema: { type: 'string' }, example: exportColumns.map(({ heading }) => heading).join(',') },
  'application/json': { schema: ExportedWards },
})

export const wardRoutes = (send: FileSender) =>
  new Elysia({ prefix: '/api/wards', tags: ['Wards'] })
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
    .get('/lookup', async ({ ctx, query }) => toView(await getWardAt(ctx, query)), {
      scope: 'wards:read',
      query: WardLookup,
      response: WardView,
      detail: {
        operationId: 'getWardAt',
        summary: 'Find the ward at a point',
        description:
          'The ward in use today that holds this point, by the boundaries that were imported; 404 where none does. Where ' +
          'areas of several kinds hold it, the ward comes first, then division, parish, district, county and unitary; of ' +
          'two of one kind, the one that began later.',
      },
    })
    .get(
      '/export',
      ({ query: { format = 'csv', times }, ...asked }) =>
        send({ ...asked, times }, format, { list: 'wards', columns: exportColumns }, () =>
          exportWards(asked.ctx),
        ),
      {
        scope: 'wards:read',
        query: WardExportQuery,
        detail: {
          operationId: 'exportWards',
          summary: 'Export wards',
          description: 'Every ward that is enabled, by name, with the number of its cases in each status.',
          responses: file,
        },
      },
    )
    .get(
      '/:id',
      async ({ ctx, params, query }) => {
        const ward = await getWard(ctx, params.id)
        if (query.include !== 'boundary') return toView(ward)
        const boundary = await getBoundary(ctx, ward.id)
        return toView(ward, boundary && rightHanded(boundary))
      },
      {
        scope: 'wards:read',
        query: WardInclude,
        response: WardView,
        detail: {
          operationId: 'getWard',
          summary: 'View a ward',
          description: 'One ward; its boundary too with `include=boundary`.',
        },
      },
    )
