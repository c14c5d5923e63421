import type { TSchema } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import type { Ctx } from '../../core/ctx'
import type { TimesForm } from '../../core/files'
import { taggedBy } from '../../core/precondition'
import { documentedFile } from '../../http/docs/responses'
import { fileHeaders } from '../../http/file'
import { guard } from '../../http/guard'
import { catalogue } from './catalogue'
import { headingsOf, toCsv } from './csv'
import {
  BacklogAgeView,
  BreakdownView,
  CatalogueView,
  GroupedQuery,
  OutcomesView,
  PublicQuery,
  PublicReportView,
  ReportQuery,
  SlaView,
  SummaryView,
  TimeseriesQuery,
  TimeseriesView,
  WorkloadView,
} from './model'
import { getBacklogAge, getOutcomes, getWorkload } from './people.service'
import { lastTwelveMonths, readPeriod } from './period'
import { getPublicReport } from './public.service'
import { getBreakdown, getSla, getSummary, getTimeseries } from './service'

type Asked = { ctx: Ctx; query: { format?: 'json' | 'csv'; times?: TimesForm } }

async function answer<T extends { generatedAt: string; rows?: readonly object[] }>(
  schema: TSchema,
  name: string,
  { ctx, query }: Asked,
  make: Promise<T>,
): Promise<T> {
  const report = await make
  const { generatedAt: _at, ...figures } = report
  // The tag must not depend on when the report was made.
  if (query.format !== 'csv') return taggedBy(figures, report)
  const { times = 'local' } = query
  const text = toCsv(schema, report, { times, timeZone: ctx.tenant.timezone })
  return new Response(text, { headers: fileHeaders(ctx, `${name}-report`, 'csv') }) as unknown as T
}

const forms = (schema: TSchema) =>
  documentedFile({
    'application/json': { schema },
    'text/csv': { schema: { type: 'string' }, example: headingsOf(schema).join(',') },
  })

const publicPeriod = (ctx: Ctx, query: { from?: string; to?: string }) =>
  query.from === undefined && query.to === undefined ? lastTwelveMonths(ctx) : readPeriod(ctx, query)

const scope = 'reports:read' as const

export const reportRoutes = new Elysia({ prefix: '/api/reports', tags: ['Reports'] })
  .use(guard)
  .get('', () => catalogue, {
    scope,
    response: CatalogueView,
    detail: {
      operationId: 'getReportCatalogue',
      summary: 'List the reports',
      description: 'The reports there are, and how each can be grouped.',
    },
  })
  .get('/summary', (asked) => answer(SummaryView, 'summary', asked, getSummary(asked.ctx, asked.query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(SummaryView),
      operationId: 'getSummaryReport',
      summary: 'Summarise a period',
      description:
        'How many cases came in, how many were dealt with and how long it took. Working days are counted from the day after ' +
        'a case was received. Backlog at the end = backlog at the start + received + reopened − ended.',
    },
  })
  .get(
    '/timeseries',
    (asked) => answer(TimeseriesView, 'timeseries', asked, getTimeseries(asked.ctx, asked.query)),
    {
      scope,
      query: TimeseriesQuery,
      detail: {
        responses: forms(TimeseriesView),
        operationId: 'getTimeseriesReport',
        summary: 'Follow a period by day, week, month or quarter',
        description:
          'How many cases came in and were dealt with in each interval; 0 if none. 1,000 intervals at most.',
      },
    },
  )
  .get(
    '/breakdown',
    (asked) => answer(BreakdownView, 'breakdown', asked, getBreakdown(asked.ctx, asked.query)),
    {
      scope,
      query: GroupedQuery,
      detail: {
        responses: forms(BreakdownView),
        operationId: 'getBreakdownReport',
        summary: 'Break a period down',
        description:
          'Cases received and dealt with by ward, or by another `groupBy`, compared with those received in the period of the ' +
          'same length before.',
      },
    },
  )
  .get('/sla', (asked) => answer(SlaView, 'sla', asked, getSla(asked.ctx, asked.query)), {
    scope,
    query: GroupedQuery,
    detail: {
      responses: forms(SlaView),
      operationId: 'getSlaReport',
      summary: 'See how targets were met',
      description:
        'Met: of the cases with a target that were resolved in this period, those resolved in time. Breached: of the cases ' +
        'that fell due in it, those not resolved by then. Look at both: each alone flatters.',
    },
  })
  .get(
    '/backlog-age',
    (asked) => answer(BacklogAgeView, 'backlog-age', asked, getBacklogAge(asked.ctx, asked.query)),
    {
      scope,
      query: ReportQuery,
      detail: {
        responses: forms(BacklogAgeView),
        operationId: 'getBacklogAgeReport',
        summary: 'See how old the backlog is',
        description: 'How long open cases have been open, in bands of working days.',
      },
    },
  )
  .get('/workload', (asked) => answer(WorkloadView, 'workload', asked, getWorkload(asked.ctx, asked.query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(WorkloadView),
      operationId: 'getWorkloadReport',
      summary: 'See how much each person has to do',
      description:
        'Each person’s open cases, how many are late, and how many they were given and resolved in this period.',
    },
  })
  .get('/outcomes', (asked) => answer(OutcomesView, 'outcomes', asked, getOutcomes(asked.ctx, asked.query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(OutcomesView),
      operationId: 'getOutcomesReport',
      summary: 'See how cases ended',
      description: 'Cases resolved in this period, by resolution, and how many were reopened within 30 days.',
    },
  })
  .get(
    '/public',
    (asked) =>
      answer(
        PublicReportView,
        'public',
        asked,
        getPublicReport(asked.ctx, publicPeriod(asked.ctx, asked.query)),
      ),
    {
      scope,
      query: PublicQuery,
      detail: {
        responses: forms(PublicReportView),
        operationId: 'getPublicReport',
        summary: 'See the public figures',
        description:
          'The figures for the last twelve whole months, or for another period, without any so small that they could identify ' +
          'somebody. The last twelve months are public at `/public/{tenant}/reports`.',
      },
    },
  )
