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

/** The report as it is asked for: its JSON, or the same as CSV. */
async function answer<T extends { generatedAt: string; rows?: readonly object[] }>(
  schema: TSchema,
  format: 'json' | 'csv' | undefined,
  make: Promise<T>,
): Promise<T> {
  const report = await make
  const { generatedAt: _at, ...figures } = report
  // The same figures have the same tag, whenever they are asked for.
  if (format !== 'csv') return taggedBy(figures, report)
  const headers = { 'content-type': csvType, 'cache-control': 'no-store' }
  return new Response(toCsv(schema, report), { headers }) as unknown as T
}

/** For the document: as JSON, and as CSV under the headings that it would have. */
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
      description: 'Which reports there are, and by what each can be grouped.',
    },
  })
  .get('/summary', ({ ctx, query }) => answer(SummaryView, query.format, getSummary(ctx, query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(SummaryView),
      operationId: 'getSummaryReport',
      summary: 'Summarise a time',
      description:
        'What came in, what was done and how long it took. Times in working days count those after the day a case was ' +
        'received. The backlog at the end is that at the start, with what was received and reopened, less what ended.',
    },
  })
  .get('/timeseries', ({ ctx, query }) => answer(TimeseriesView, query.format, getTimeseries(ctx, query)), {
    scope,
    query: TimeseriesQuery,
    detail: {
      responses: forms(TimeseriesView),
      operationId: 'getTimeseriesReport',
      summary: 'Follow a time by days, weeks, months or quarters',
      description:
        'What came in and was done in each part of a time; parts in which nothing happened are 0. 1,000 parts at most.',
    },
  })
  .get('/breakdown', ({ ctx, query }) => answer(BreakdownView, query.format, getBreakdown(ctx, query)), {
    scope,
    query: GroupedQuery,
    detail: {
      responses: forms(BreakdownView),
      operationId: 'getBreakdownReport',
      summary: 'Break a time down',
      description:
        'What came in and was done by ward, or by what `groupBy` names, beside what came in in the time of the same length ' +
        'before.',
    },
  })
  .get('/sla', ({ ctx, query }) => answer(SlaView, query.format, getSla(ctx, query)), {
    scope,
    query: GroupedQuery,
    detail: {
      responses: forms(SlaView),
      operationId: 'getSlaReport',
      summary: 'See how targets were kept',
      description:
        'Met: of the cases with a target that were resolved in this time, those in time. Breached: of the cases whose target ' +
        'fell into it and is past, those not resolved by then. Both, since each alone flatters.',
    },
  })
  .get('/backlog-age', ({ ctx, query }) => answer(BacklogAgeView, query.format, getBacklogAge(ctx, query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(BacklogAgeView),
      operationId: 'getBacklogAgeReport',
      summary: 'See how old the backlog is',
      description: 'How long the cases have been open that are open now, in bands of working days.',
    },
  })
  .get('/workload', ({ ctx, query }) => answer(WorkloadView, query.format, getWorkload(ctx, query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(WorkloadView),
      operationId: 'getWorkloadReport',
      summary: 'See who has how much to do',
      description:
        'What lies with each person now, how late it is, and what they were given and resolved in this time.',
    },
  })
  .get('/outcomes', ({ ctx, query }) => answer(OutcomesView, query.format, getOutcomes(ctx, query)), {
    scope,
    query: ReportQuery,
    detail: {
      responses: forms(OutcomesView),
      operationId: 'getOutcomesReport',
      summary: 'See how cases ended',
      description:
        'By their resolution, the cases that were resolved in this time; how many were taken up again in 30 days.',
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
        summary: 'See what everybody may see',
        description:
          'The figures of the last twelve whole months, or of another time, without those so small that they could show who ' +
          'somebody is. Everybody may read the former at `/public/{tenant}/reports`.',
      },
    },
  )
