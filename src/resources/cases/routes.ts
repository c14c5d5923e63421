import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { guard } from '../../http/guard'
import { CaseCreate, CaseList, CasePatch, CaseQuery, CaseView, toView } from './model'
import { createCase, patchCase, readFilters } from './service'
import { getCase, listCases } from './store'

export const caseRoutes = new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const filters = readFilters(ctx, query)
      const { rows, pagination } = await paged(ctx, 'cases', query, (slice) => listCases(ctx, filters, slice))
      return { cases: rows.map(toView), pagination }
    },
    {
      scope: 'cases:read',
      query: CaseQuery,
      response: CaseList,
      detail: {
        operationId: 'listCases',
        summary: 'List cases',
        description:
          'Cases that match every filter, the newest first where `sort` says nothing else. A key that ' +
          'acts for a caseworker or councillor lists only the cases that person may see.',
      },
    },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getCase(ctx, params.id)), {
    scope: 'cases:read',
    response: CaseView,
    detail: {
      operationId: 'getCase',
      summary: 'View a case',
      description: 'One case. Its reference, such as CW-2026-0042, does as well as its id.',
    },
  })
  .post(
    '',
    async ({ ctx, body, set }) => {
      const created = await createCase(ctx, body)
      set.status = 201
      set.headers.location = `/api/cases/${created.id}`
      return created
    },
    {
      scope: 'cases:write',
      parse: ['json'],
      body: CaseCreate,
      response: { 201: CaseView },
      detail: {
        operationId: 'createCase',
        summary: 'Create a case',
        description: 'Makes a case, open, under the next reference of the year. Only `summary` is required.',
      },
    },
  )
  .patch('/:id', ({ ctx, params, body }) => patchCase(ctx, params.id, body), {
    scope: 'cases:write',
    parse: ['json'],
    body: CasePatch,
    response: CaseView,
    detail: {
      operationId: 'updateCase',
      summary: 'Change a case',
      description:
        'Changes the fields that are sent, `status` too: a case moves from open through in progress and ' +
        'resolved to closed, and a move that is not allowed answers 409 and lists those that are.',
    },
  })
