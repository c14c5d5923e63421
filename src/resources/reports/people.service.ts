import type { Ctx } from '../../core/ctx'
import { countGroups } from './counts.store'
import { countOutcomes, countOverdue, countReopened, countScalars, measureAges } from './measures.store'
import type { BacklogAgeView, OutcomesView, ReportQuery, WorkloadView } from './model'
import { namesFor } from './names.service'
import { filtersOf, headOf, spanOf } from './service'
import { gini, rate } from './statistics'

/** Each band by its last working day. */
const bands = [5, 10, 20, 40]

const bandNames = [
  ...bands.map((most, i) => `${i === 0 ? 0 : (bands[i - 1] as number) + 1}–${most}`),
  `${(bands.at(-1) as number) + 1}+`,
]

/** Of cases open now, whatever the period. */
export async function getBacklogAge(ctx: Ctx, query: ReportQuery): Promise<BacklogAgeView> {
  const filters = filtersOf(ctx, query)
  const [[measured], scalars] = await Promise.all([
    measureAges(ctx, filters, null, bands),
    countScalars(ctx, filters),
  ])
  const counts = measured?.durations.bands ?? bandNames.map(() => 0)
  const open = counts.reduce((sum, count) => sum + count, 0)
  return {
    ...headOf(ctx, filters),
    open,
    overdueNow: scalars.overdueNow,
    dueSoon: scalars.dueSoon,
    ageWorkingDays: spanOf(measured?.durations).workingDays,
    rows: counts.map((cases, i) => ({ band: bandNames[i] as string, cases, share: rate(cases, open) })),
  }
}

export async function getWorkload(ctx: Ctx, query: ReportQuery): Promise<WorkloadView> {
  const filters = filtersOf(ctx, query)
  const [ages, overdue, counts, { nameOf }] = await Promise.all([
    measureAges(ctx, filters, 'assignee', []),
    countOverdue(ctx, filters),
    countGroups(ctx, filters, 'assignee'),
    namesFor(ctx, 'assignee'),
  ])
  const byPerson = new Map(ages.map(({ key, durations }) => [key, durations.workingDays]))
  const rows = counts
    .map(({ key, received, resolved }) => ({
      key,
      name: key === null ? 'Nobody' : nameOf(key),
      open: byPerson.get(key)?.n ?? 0,
      overdue: overdue.get(key) ?? 0,
      medianAgeWorkingDays: byPerson.get(key)?.median ?? null,
      received,
      resolved,
    }))
    .filter(({ open, received, resolved }) => open + received + resolved > 0)
    .sort((a, b) => b.open - a.open || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
  const people = rows.filter(({ key }) => key !== null)
  return { ...headOf(ctx, filters), gini: gini(people.map(({ open }) => open)), rows }
}

export async function getOutcomes(ctx: Ctx, query: ReportQuery): Promise<OutcomesView> {
  const filters = filtersOf(ctx, query)
  const [outcomes, reopenings, { nameOf }] = await Promise.all([
    countOutcomes(ctx, filters),
    countReopened(ctx, filters),
    namesFor(ctx, 'resolution'),
  ])
  const total = outcomes.reduce((sum, { resolved }) => sum + resolved, 0)
  const firstContact = outcomes.reduce((sum, one) => sum + one.firstContact, 0)
  const sorted = outcomes.sort((a, b) => b.resolved - a.resolved || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
  return {
    ...headOf(ctx, filters),
    resolved: total,
    reopenRate: rate(reopenings.reopened, reopenings.endings),
    firstContactResolution: rate(firstContact, total),
    rows: sorted.map(({ key, resolved }) => ({
      key,
      name: nameOf(key),
      resolved,
      share: rate(resolved, total),
    })),
  }
}
