import { Elysia } from 'elysia'
import type { Ctx } from '../../core/ctx'
import { paged } from '../../core/paging'
import { taggedBy } from '../../core/precondition'
import { PageOnly } from '../../core/schema'
import { guard } from '../../http/guard'
import { made } from '../../http/made'
import { readFilters } from './filters'
import { CaseCreate, CasePatch, CaseQuery } from './input'
import { CaseList, CaseView, CaseWithTimeline } from './model'
import { ResidentSearch } from './residents/model'
import { searchResidents, showCases } from './residents/service'
import { targetDay } from './rules/target'
import { createCase, findCases, patchCase } from './service'
import { getCase } from './store'
import { showWithTimeline } from './timeline/service'

const timed = ({ tenant, clock }: Ctx) => targetDay(tenant.timezone, clock.now())

export const caseRoutes = new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const filters = readFilters(ctx, query)
      const { rows, pagination } = await paged(ctx, 'cases', query, (slice) => findCases(ctx, filters, slice))
      const searched = query.search === undefined ? {} : { searchActive: true as const }
      return { cases: await showCases(ctx, rows), pagination, ...searched }
    },
    {
      scope: 'cases:read',
      timed,
      query: CaseQuery,
      response: CaseList,
      detail: {
        operationId: 'listCases',
        summary: 'List cases',
        description:
          'Cases that match every filter, the newest first where `sort` says nothing else; with `search` the most ' +
          'relevant first, of the newest 5,000 that hold all its words. A key that acts for a caseworker or ' +
          'councillor lists only the cases that person may see.',
      },
    },
  )
  .get(
    '/:id',
    async ({ ctx, params }) => {
      const { view, timeline } = await showWithTimeline(ctx, await getCase(ctx, params.id))
      return taggedBy(view, { ...view, timeline })
    },
    {
      scope: 'cases:read',
      response: CaseWithTimeline,
      detail: {
        operationId: 'getCase',
        summary: 'View a case',
        description:
          'One case with the newest of its history. Its reference, such as CW-2026-0042 or cw 2026 42, does as well as its id.',
      },
    },
  )
  .post(
    '',
    async ({ ctx, body, set }) => {
      const created = await createCase(ctx, body)
      return made(set, `/api/cases/${created.id}`, created)
    },
    {
      scope: 'cases:write',
      parse: ['json'],
      body: CaseCreate,
      response: { 201: CaseView },
      detail: {
        operationId: 'createCase',
        summary: 'Create a case',
        description:
          'Makes a case, open, under the next reference of the year, due by the target of its category or else of ' +
          'the council. Only `summary` is required.',
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
        'resolved to closed, and a move that is not allowed answers 409 and lists those that are. To resolve or ' +
        'close it needs a `resolution`, to reopen it or go back to open a `reason`. While it is `pending` its ' +
        'target waits.',
    },
  })
  .post(
    '/search-resident',
    async ({ ctx, body, query }) => {
      const list = `residents ${JSON.stringify(body)}`
      const { rows, pagination } = await paged(ctx, list, query, (slice) => searchResidents(ctx, body, slice))
      return { cases: rows, pagination }
    },
    {
      scope: 'residents:read',
      parse: ['json'],
      query: PageOnly,
      body: ResidentSearch,
      response: CaseList,
      detail: {
        operationId: 'searchResidents',
        summary: 'Find cases of a resident',
        description:
          'Cases whose resident has exactly this e-mail address, telephone number or postcode, however it was ' +
          'written; several must all be equal. A POST, so that these details are in no address and no log. ' +
          'The search and every case it shows are recorded in the audit log.',
      },
    },
  )
