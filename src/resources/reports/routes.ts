import type { TSchema } from '@sinclair/typebox'
import { Elysia } from 'elysia'
import type { Ctx } from '../../core/ctx'
import { taggedBy } from '../../core/precondition'
import { documentedFile } from '../../http/docs/responses'
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

const csvType = 'text/csv; charset=utf-8; header=present'

async function answer<T extends { generatedAt: string; rows?: readonly object[] }>(
  schema: TSchema,
  format: 'json' | 'csv' | undefined,
  make: Promise<T>,
): Promise<T> {
  const report = await make
  const { generatedAt: _at, ...figures } = report
  // The tag must not depend on when the report was made.
  if (format !== 'csv') return taggedBy(figures, report)
  const headers = { 'content-type': csvType, 'cache-control': 'no-store' }
  return new Response(toCsv(schema, report), { headers }) as unknown as T
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
  .get('/summary', ({ ctx, query }) => answer(SummaryView, query.format, getSummary(ctx, query)), {
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
  .get('/timeseries', ({ ctx, query }) => answer(TimeseriesView, query.format, getTimeseries(ctx, query)), {
    scope,
    query: TimeseriesQuery,
    detail: {
      responses: forms(TimeseriesView),
      operationId: 'getTimeseriesReport',
      summary: 'Follow a period by day, week, month or quarter',
      description:
        'How many cases came in and were dealt with in each interval; 0 if none. 1,000 intervals at most.',
    },
  })
  .get('/breakdown', ({ ctx, query }) => answer(BreakdownView, query.format, getBreakdown(ctx, query)), {
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
  })
  .get('/sla', ({ ctx, query }) => answer(SlaView, query.format, getSla(ctx, query)), {
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
  .get('/backlog-age', ({ ctx, query }) => answer(BacklogAgeView, query.format, getBacklogAge(ctx, query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(BacklogAgeView),
      operationId: 'getBacklogAgeReport',
      summary: 'See how old the backlog is',
      description: 'How long open cases have been open, in bands of working days.',
    },
  })
  .get('/workload', ({ ctx, query }) => answer(WorkloadView, query.format, getWorkload(ctx, query)), {
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
  .get('/outcomes', ({ ctx, query }) => answer(OutcomesView, query.format, getOutcomes(ctx, query)), {
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
    ({ ctx, query }) =>
      answer(PublicReportView, query.format, getPublicReport(ctx, publicPeriod(ctx, query))),
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
