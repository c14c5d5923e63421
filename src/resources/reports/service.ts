import type { Ctx } from '../../core/ctx'
import type { Durations } from '../../lib/durations'
import { statisticsOf } from '../../lib/durations'
import { dateOfDay, dayNumber, localDate } from '../../lib/time'
import { listAllWards } from '../wards/store'
import { countDays, countGroups, countPlaces, type DayCount, type GroupCount } from './counts.store'
import { countReopened, countScalars, measureWaits } from './measures.store'
import type {
  BreakdownView,
  FiltersView,
  GroupedQuery,
  Grouping,
  ReportQuery,
  SlaView,
  SpanView,
  SummaryView,
  TimeseriesQuery,
  TimeseriesView,
} from './model'
import { grouped, namesFor } from './names.service'
import type { Filters } from './parts.store'
import { bucketsOf, defaultInterval, readPeriod } from './period'
import { rate } from './statistics'
import { countTargets, type SlaCount } from './targets.store'

export const filtersOf = (ctx: Ctx, query: ReportQuery): Filters => ({
  ...readPeriod(ctx, query),
  wardId: query.wardId,
  categoryId: query.categoryId,
})

/** The applied filters, and when the report was made. */
export const headOf = (
  ctx: Ctx,
  { from, to, wardId, categoryId }: Filters,
  { groupBy = null, interval = null }: { groupBy?: string | null; interval?: string | null } = {},
): { filters: FiltersView; generatedAt: string } => ({
  filters: { from, to, wardId: wardId ?? null, categoryId: categoryId ?? null, groupBy, interval },
  generatedAt: ctx.clock.now().toISOString(),
})

export function spanOf(durations: Durations | undefined): SpanView {
  const none = () => statisticsOf(new Float64Array(0))
  return { hours: durations?.hours ?? none(), workingDays: durations?.workingDays ?? none() }
}

function sumDays(counts: readonly DayCount[], fromDay: number, toDay = Number.POSITIVE_INFINITY) {
  const sums = { received: 0, resolved: 0, closed: 0, ended: 0, reopened: 0, open: 0 }
  for (const { kind, day, cases } of counts) {
    if (kind !== 'open' && day >= fromDay && day < toDay) sums[kind] += cases
  }
  return sums
}

/** Open cases now, minus those received since, plus those ended since. */
function backlogAt(counts: readonly DayCount[], day: number): number {
  const open = counts.find(({ kind }) => kind === 'open')?.cases ?? 0
  const { received, reopened, ended } = sumDays(counts, day)
  return open - received - reopened + ended
}

export async function getSummary(ctx: Ctx, query: ReportQuery): Promise<SummaryView> {
  const filters = filtersOf(ctx, query)
  const [counts, scalars, waits, reopenings] = await Promise.all([
    countDays(ctx, filters),
    countScalars(ctx, filters),
    measureWaits(ctx, filters, ['acknowledged', 'answered', 'resolved']),
    countReopened(ctx, filters),
  ])
  const { received, resolved, closed, ended, reopened } = sumDays(counts, filters.fromDay, filters.toDay)
  return {
    ...headOf(ctx, filters),
    received,
    resolved,
    closed,
    ended,
    reopened,
    backlog: { start: backlogAt(counts, filters.fromDay), end: backlogAt(counts, filters.toDay) },
    netFlow: received - resolved,
    clearanceRate: rate(resolved, received),
    timeToAcknowledge: spanOf(waits.acknowledged),
    timeToFirstResponse: spanOf(waits.answered),
    timeToResolve: spanOf(waits.resolved),
    ...ratesOf(scalars.targets),
    overdueNow: scalars.overdueNow,
    dueSoon: scalars.dueSoon,
    oldestOpenDays: scalars.oldestOpen && daysSince(ctx, scalars.oldestOpen),
    reopenRate: rate(reopenings.reopened, reopenings.endings),
    firstContactResolution: rate(scalars.firstContact, resolved),
    duplicateRate: rate(scalars.duplicates, scalars.receivedInAll),
    withoutWard: rate(scalars.withoutWard, received),
    withoutCategory: rate(scalars.withoutCategory, received),
    withoutLocation: rate(scalars.withoutLocation, received),
  }
}

function daysSince({ clock, tenant }: Ctx, instant: Date): number {
  const dayOf = (moment: Date) => dayNumber(localDate(moment, tenant.timezone))
  return dayOf(clock.now()) - dayOf(instant)
}

const ratesOf = (count: Omit<SlaCount, 'key'> | undefined) => ({
  slaMet: rate(count?.met ?? 0, count?.due ?? 0),
  slaBreached: rate(count?.breached ?? 0, count?.fallen ?? 0),
})

export async function getTimeseries(ctx: Ctx, query: TimeseriesQuery): Promise<TimeseriesView> {
  const filters = filtersOf(ctx, query)
  const interval = query.interval ?? defaultInterval(filters)
  const buckets = bucketsOf(filters, interval)
  const counts = await countDays(ctx, filters)
  const byDay = Map.groupBy(counts, ({ day }) => day)
  let backlog = backlogAt(counts, filters.fromDay)
  const rows = buckets.map(({ fromDay, toDay }) => {
    const days: DayCount[] = []
    for (let day = fromDay; day < toDay; day++) days.push(...(byDay.get(day) ?? []))
    const { open: _open, ...sums } = sumDays(days, fromDay)
    backlog += sums.received + sums.reopened - sums.ended
    return { from: dateOfDay(fromDay), to: dateOfDay(toDay), ...sums, backlog }
  })
  return { ...headOf(ctx, filters, { interval }), rows }
}

/** Wards and categories have daily counts; other groupings read the cases. */
export const countBy = (ctx: Ctx, filters: Filters, grouping: Grouping) =>
  grouping === 'ward'
    ? countPlaces(ctx, filters, 'wardId')
    : grouping === 'category' || grouping === 'group'
      ? countPlaces(ctx, filters, 'categoryId')
      : countGroups(ctx, filters, grouping)

/** Adds up two rows of the same group. */
export const addCounts = (a: GroupCount, b: GroupCount): GroupCount => ({
  key: a.key,
  received: a.received + b.received,
  resolved: a.resolved + b.resolved,
  open: a.open + b.open,
  previousReceived: a.previousReceived + b.previousReceived,
})

export async function getBreakdown(ctx: Ctx, query: GroupedQuery): Promise<BreakdownView> {
  const filters = filtersOf(ctx, query)
  const grouping = query.groupBy ?? 'ward'
  const names = await namesFor(ctx, grouping)
  const electors = grouping === 'ward' ? await electorates(ctx) : new Map<string, number>()
  const counts = await countBy(ctx, filters, grouping)
  const total = counts.reduce((sum, { received }) => sum + received, 0)
  const hasFigures = ({ received, resolved, open, previousReceived }: (typeof counts)[number]) =>
    received + resolved + open + previousReceived > 0
  const rows = grouped(counts.filter(hasFigures), names, addCounts, ({ received }) => received)
  return {
    ...headOf(ctx, filters, { groupBy: grouping }),
    rows: rows.map(({ key, received, resolved, open, previousReceived }) => ({
      key,
      name: names.nameOf(key),
      received,
      share: rate(received, total),
      resolved,
      open,
      previousReceived,
      change: received - previousReceived,
      perThousandElectors: perThousand(received, electors.get(key ?? '')),
    })),
  }
}

async function electorates(ctx: Ctx): Promise<Map<string, number>> {
  const wards = await listAllWards(ctx)
  return new Map(wards.flatMap(({ id, electorate }) => (electorate ? [[id, electorate] as const] : [])))
}

const perThousand = (cases: number, electors: number | undefined) =>
  electors === undefined ? null : Math.round((cases / electors) * 100_000) / 100

export async function getSla(ctx: Ctx, query: GroupedQuery): Promise<SlaView> {
  const filters = filtersOf(ctx, query)
  const grouping = query.groupBy ?? 'category'
  const names = await namesFor(ctx, grouping)
  const counts = await countTargets(ctx, filters, grouping)
  const add = (a: SlaCount, b: SlaCount) => ({
    key: a.key,
    due: a.due + b.due,
    met: a.met + b.met,
    fallen: a.fallen + b.fallen,
    breached: a.breached + b.breached,
  })
  const rows = grouped(counts, names, add, ({ fallen }) => fallen).filter(
    ({ due, fallen }) => due + fallen > 0,
  )
  const total = ratesOf(counts.length === 0 ? undefined : counts.reduce(add))
  return {
    ...headOf(ctx, filters, { groupBy: grouping }),
    met: total.slaMet,
    breached: total.slaBreached,
    rows: rows.map((row) => {
      const { slaMet, slaBreached } = ratesOf(row)
      return { key: row.key, name: names.nameOf(row.key), met: slaMet, breached: slaBreached }
    }),
  }
}
