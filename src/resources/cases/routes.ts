import { Elysia } from 'elysia'
import { guard } from '../../http/guard'
import { pageWindow, pagination } from '../../lib/page'
import { CaseCreate, CaseList, CasePatch, CaseQuery, CaseView, toView } from './model'
import { createCase, patchCase, readFilters } from './service'
import { countCases, getCase, listCases } from './store'

export const caseRoutes = new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const window = pageWindow(query)
      const filters = readFilters(ctx, query)
      const rows = await listCases(ctx, filters, window)
      return { cases: rows.map(toView), pagination: pagination(window, await countCases(ctx, filters)) }
    },
    { scope: 'cases:read', query: CaseQuery, response: CaseList, detail: { summary: 'List cases' } },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getCase(ctx, params.id)), {
    scope: 'cases:read',
    response: CaseView,
    detail: { summary: 'View a case by id or reference' },
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
      detail: { summary: 'Create a case' },
    },
  )
  .patch('/:id', ({ ctx, params, body }) => patchCase(ctx, params.id, body), {
    scope: 'cases:write',
    parse: ['json'],
    body: CasePatch,
    response: CaseView,
    detail: { summary: 'Change a case' },
  })
