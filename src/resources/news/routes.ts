import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { Approval, Approved } from '../../core/publishing'
import { guard } from '../../http/guard'
import { made } from '../../http/made'
import { NewsCreate, NewsList, NewsPatch, NewsQuery, NewsView, toView } from './model'
import { approveNews, createNews, patchNews, readFilters, removeNews } from './service'
import { getNews, listNews } from './store'

export const newsRoutes = new Elysia({ prefix: '/api/news', tags: ['News'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const filters = readFilters(ctx, query)
      const { rows, pagination } = await paged(ctx, 'news', query, (slice) => listNews(ctx, filters, slice))
      return { news: rows.map(toView), pagination }
    },
    {
      scope: 'news:read',
      query: NewsQuery,
      response: NewsList,
      detail: {
        operationId: 'listNews',
        summary: 'List news',
        description: 'News in every state, the most recently published first.',
      },
    },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getNews(ctx, params.id)), {
    scope: 'news:read',
    response: NewsView,
    detail: {
      operationId: 'getNews',
      summary: 'View news',
      description: 'One news item, with its text as Markdown and as HTML.',
    },
  })
  .post(
    '',
    async ({ ctx, body, set }) => {
      const created = await createNews(ctx, body)
      return made(set, `/api/news/${created.id}`, created)
    },
    {
      scope: 'news:write',
      parse: ['json'],
      body: NewsCreate,
      response: { 201: NewsView },
      detail: {
        operationId: 'createNews',
        summary: 'Create news',
        description:
          'Creates a news item that waits for approval; until then nobody outside the council sees it. If `publishedAt` is ' +
          'in the future, it is published then.',
      },
    },
  )
  .patch('/:id', ({ ctx, params, body }) => patchNews(ctx, params.id, body), {
    scope: 'news:write',
    parse: ['json'],
    body: NewsPatch,
    response: NewsView,
    detail: {
      operationId: 'updateNews',
      summary: 'Change news',
      description:
        'Changes the fields that are sent, `status` too: from draft to pending, scheduled or published, then withdrawn. ' +
        'News published for a future time is scheduled.',
    },
  })
  .delete(
    '/:id',
    async ({ ctx, params }) => {
      await removeNews(ctx, params.id)
      return new Response(null, { status: 204 })
    },
    {
      scope: 'news:write',
      detail: {
        operationId: 'deleteNews',
        summary: 'Delete news',
        description: 'Removes news for good. To keep it but stop publishing it, withdraw it instead.',
      },
    },
  )
  .post('/approve', ({ ctx, body }) => approveNews(ctx, body.ids), {
    scope: 'news:write',
    parse: ['json'],
    body: Approval,
    response: Approved,
    detail: {
      operationId: 'approveNews',
      summary: 'Approve news',
      description:
        'Publishes pending news now or as scheduled, all of it or none. News already approved stays so and does not ' +
        'count. Not for keys that act for a caseworker.',
    },
  })
