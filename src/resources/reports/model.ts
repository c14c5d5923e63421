import { type Static, type TProperties, Type } from '@sinclair/typebox'
import { Id, Instant, LocalDate, Nullable, OneOf, Strict, Times } from '../../core/schema'
import { intervals } from './period'
import { RateView } from './statistics'

export const groupings = [
  'ward',
  'category',
  'group',
  'councillor',
  'assignee',
  'channel',
  'type',
  'resolution',
  'priority',
] as const
export type Grouping = (typeof groupings)[number]

const dateLike = (example: string): typeof LocalDate => ({ ...LocalDate, examples: [example] })

const period = {
  from: Type.Optional(dateLike('2026-01-01')),
  to: Type.Optional(dateLike('2026-04-01')),
}

const common = {
  ...period,
  wardId: Type.Optional(Id),
  categoryId: Type.Optional(Id),
  format: Type.Optional(OneOf(['json', 'csv'] as const)),
  times: Times,
}

const groupBy = { groupBy: Type.Optional(OneOf(groupings, 'What the rows are of')) }

export const ReportQuery = Strict(common)
export type ReportQuery = Static<typeof ReportQuery>
export const GroupedQuery = Strict({ ...common, ...groupBy })
export type GroupedQuery = Static<typeof GroupedQuery>
export const TimeseriesQuery = Strict({
  ...common,
  interval: Type.Optional(OneOf(intervals, 'Length of the parts, of the calendar')),
})
export type TimeseriesQuery = Static<typeof TimeseriesQuery>
export const PublicQuery = Strict({ ...period, format: common.format, times: common.times })
export type PublicQuery = Static<typeof PublicQuery>

const FiltersView = Strict(
  {
    from: Type.String({ description: 'First local date', examples: ['2026-01-01'] }),
    to: Type.String({ description: 'Local date after the last', examples: ['2026-04-01'] }),
    wardId: Nullable(Type.String()),
    categoryId: Nullable(Type.String()),
    groupBy: Nullable(Type.String()),
    interval: Nullable(Type.String()),
  },
  { title: 'ReportFilters', description: 'The filters that were applied' },
)
export type FiltersView = Static<typeof FiltersView>

const Report = <T extends TProperties>(title: string, figures: T) =>
  Strict({ filters: FiltersView, generatedAt: Instant, ...figures }, { title })

const Count = (description?: string) => Type.Integer(description === undefined ? {} : { description })

const StatisticsView = Strict(
  {
    n: Count('How many values there are'),
    median: Nullable(Type.Number()),
    mean: Nullable(Type.Number()),
    p90: Nullable(Type.Number({ description: 'Nine in ten are no greater' })),
    max: Nullable(Type.Number()),
  },
  { title: 'Statistics' },
)

const SpanView = Strict({ hours: StatisticsView, workingDays: StatisticsView }, { title: 'Durations' })
export type SpanView = Static<typeof SpanView>

const Name = {
  key: Nullable(Type.String({ description: 'Id or code; null for cases without one' })),
  name: Type.String(),
}

export const SummaryView = Report('SummaryReport', {
  received: Count(),
  resolved: Count('Finished in this time and not taken up again since'),
  closed: Count('Closed in this time and not taken up again since'),
  ended: Count('How often cases were finished'),
  reopened: Count('How often finished cases were taken up again'),
  backlog: Strict({ start: Count(), end: Count() }, { title: 'Backlog' }),
  netFlow: Count('Received less resolved'),
  clearanceRate: RateView,
  timeToAcknowledge: SpanView,
  timeToFirstResponse: SpanView,
  timeToResolve: SpanView,
  slaMet: RateView,
  slaBreached: RateView,
  overdueNow: Count(),
  dueSoon: Count(),
  oldestOpenDays: Nullable(Type.Integer({ description: 'Days since the oldest open case was received' })),
  reopenRate: RateView,
  firstContactResolution: RateView,
  duplicateRate: RateView,
  withoutWard: RateView,
  withoutCategory: RateView,
  withoutLocation: RateView,
})
export type SummaryView = Static<typeof SummaryView>

export const TimeseriesView = Report('TimeseriesReport', {
  rows: Type.Array(
    Strict(
      {
        from: Type.String(),
        to: Type.String(),
        received: Count(),
        resolved: Count(),
        closed: Count(),
        ended: Count(),
        reopened: Count(),
        backlog: Count('Open at the end'),
      },
      { title: 'TimeseriesRow' },
    ),
  ),
})
export type TimeseriesView = Static<typeof TimeseriesView>

export const BreakdownView = Report('BreakdownReport', {
  rows: Type.Array(
    Strict(
      {
        ...Name,
        received: Count(),
        share: RateView,
        resolved: Count(),
        open: Count('At the end of the time'),
        previousReceived: Count('In the time of the same length before'),
        change: Count('Received less those of the time before'),
        perThousandElectors: Nullable(
          Type.Number({ description: 'Cases received, for wards with an electorate' }),
        ),
      },
      { title: 'BreakdownRow' },
    ),
  ),
})
export type BreakdownView = Static<typeof BreakdownView>

export const SlaView = Report('SlaReport', {
  met: RateView,
  breached: RateView,
  rows: Type.Array(Strict({ ...Name, met: RateView, breached: RateView }, { title: 'SlaRow' })),
})
export type SlaView = Static<typeof SlaView>

export const BacklogAgeView = Report('BacklogAgeReport', {
  open: Count(),
  overdueNow: Count(),
  dueSoon: Count(),
  ageWorkingDays: StatisticsView,
  rows: Type.Array(
    Strict(
      {
        band: Type.String({ description: 'Working days since the case was received', examples: ['6–10'] }),
        cases: Count(),
        share: RateView,
      },
      { title: 'BacklogAgeRow' },
    ),
  ),
})
export type BacklogAgeView = Static<typeof BacklogAgeView>

export const WorkloadView = Report('WorkloadReport', {
  gini: Nullable(
    Type.Number({
      description: 'How unevenly open cases are shared: 0 evenly, close to 1 if one person has all',
    }),
  ),
  rows: Type.Array(
    Strict(
      {
        ...Name,
        open: Count(),
        overdue: Count(),
        medianAgeWorkingDays: Nullable(Type.Number()),
        received: Count('Of those that came in this time'),
        resolved: Count(),
      },
      { title: 'WorkloadRow' },
    ),
  ),
})
export type WorkloadView = Static<typeof WorkloadView>

export const OutcomesView = Report('OutcomesReport', {
  resolved: Count(),
  reopenRate: RateView,
  firstContactResolution: RateView,
  rows: Type.Array(Strict({ ...Name, resolved: Count(), share: RateView }, { title: 'OutcomeRow' })),
})
export type OutcomesView = Static<typeof OutcomesView>

const Shown = Nullable(Type.Integer())
const Totals = { received: Shown, resolved: Shown, open: Shown }

export const PublicReportView = Strict(
  {
    period: Strict({ from: Type.String(), to: Type.String() }),
    generatedAt: Instant,
    suppressedBelow: Type.Integer({
      description: 'Figures below this are null, and so are others that would reveal them',
    }),
    totals: Strict(Totals, { title: 'PublicTotals' }),
    byWard: Type.Array(Strict({ ...Name, ...Totals }, { title: 'PublicGroup' })),
    byCategory: Type.Array(Strict({ ...Name, ...Totals }, { title: 'PublicGroup' })),
    byOutcome: Type.Array(Strict({ ...Name, resolved: Shown }, { title: 'PublicOutcome' })),
    medianDaysToResolve: Nullable(Type.Number({ description: 'In working days' })),
    slaMetRate: Strict(
      { numerator: Shown, denominator: Shown, value: Nullable(Type.Number()) },
      { title: 'PublicRate' },
    ),
    trend: Type.Array(
      Strict(
        { month: Type.String({ examples: ['2026-03'] }), received: Shown, resolved: Shown },
        { title: 'PublicMonth' },
      ),
    ),
  },
  { title: 'PublicReport' },
)
export type PublicReportView = Static<typeof PublicReportView>

export const CatalogueView = Strict(
  {
    reports: Type.Array(
      Strict({
        name: Type.String(),
        path: Type.String(),
        description: Type.String(),
        groupBy: Type.Array(Type.String()),
        intervals: Type.Array(Type.String()),
      }),
    ),
  },
  { title: 'ReportCatalogue' },
)
