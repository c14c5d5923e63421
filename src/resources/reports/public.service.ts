import type { Ctx } from '../../core/ctx'
import { inNameOrder } from '../../lib/name-keys'
import { dateOfDay } from '../../lib/time'
import { listAllCategories } from '../categories/store'
import { countDays, type GroupCount } from './counts.store'
import { countOutcomes, measureWaits } from './measures.store'
import type { PublicReportView } from './model'
import { grouped, type Names, namesFor } from './names.service'
import { bucketsOf, type Period } from './period'
import { addCounts, countBy } from './service'
import { published, rate, suppressed } from './statistics'
import { countAllTargets } from './targets.store'

type Groups = PublicReportView['byWard']

/**
 * A council's public figures. Figures small enough to identify somebody are left out, and so are those from which
 * they could be worked out.
 */
export async function getPublicReport(ctx: Ctx, period: Period): Promise<PublicReportView> {
  const least = ctx.tenant.publicMinCell
  const filters = { ...period, wardId: undefined, categoryId: undefined }
  const [wards, categories, outcomes, waits, days, targets] = await Promise.all([
    countBy(ctx, filters, 'ward'),
    countBy(ctx, filters, 'category'),
    countOutcomes(ctx, filters),
    measureWaits(ctx, filters, ['resolved']),
    countDays(ctx, filters),
    countAllTargets(ctx, filters),
  ])
  const total = (field: 'received' | 'resolved' | 'open') =>
    published(
      wards.reduce((sum, row) => sum + row[field], 0),
      least,
    )
  const { workingDays } = waits.resolved ?? {}
  const isMedianShown = workingDays !== undefined && workingDays.n >= least
  return {
    period: { from: period.from, to: period.to },
    generatedAt: ctx.clock.now().toISOString(),
    suppressedBelow: least,
    totals: { received: total('received'), resolved: total('resolved'), open: total('open') },
    byWard: groupsOf(wards, await namesFor(ctx, 'ward'), least),
    byCategory: groupsOf(...(await publicCategories(ctx, categories)), least),
    byOutcome: await outcomesOf(ctx, outcomes, least),
    medianDaysToResolve: isMedianShown ? workingDays.median : null,
    slaMetRate: publicRate(targets.met, targets.due, least),
    trend: trendOf(period, days, least),
  }
}

/** Categories that are not public count together with cases that have none. */
async function publicCategories(
  ctx: Ctx,
  counts: readonly GroupCount[],
): Promise<[GroupCount[], Pick<Names, 'nameOf'>]> {
  const shown = (await listAllCategories(ctx)).filter(({ visibility }) => visibility === 'public')
  const names = new Map(shown.map(({ id, name }) => [id, name]))
  const nameOf = (key: string | null) => names.get(key ?? '') ?? 'Other or not recorded'
  const groupOf = (key: string | null) => (names.has(key ?? '') ? key : null)
  return [grouped(counts, { nameOf, groupOf }, addCounts, ({ received }) => received), { nameOf }]
}

function groupsOf(
  counts: readonly GroupCount[],
  { nameOf }: { nameOf: (key: string | null) => string },
  least: number,
): Groups {
  const named = counts
    .map((row) => ({ ...row, name: nameOf(row.key) }))
    .sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
  const rows = inNameOrder(named, ({ name }) => name)
  const [received, resolved, open] = (['received', 'resolved', 'open'] as const).map((field) =>
    suppressed(
      rows.map((row) => row[field]),
      least,
    ),
  ) as [(number | null)[], (number | null)[], (number | null)[]]
  return rows.map(({ key, name }, i) => ({
    key,
    name,
    received: received[i] ?? null,
    resolved: resolved[i] ?? null,
    open: open[i] ?? null,
  }))
}

async function outcomesOf(
  ctx: Ctx,
  outcomes: readonly { key: string | null; resolved: number }[],
  least: number,
): Promise<PublicReportView['byOutcome']> {
  const { nameOf } = await namesFor(ctx, 'resolution')
  const named = outcomes.map(({ key, resolved }) => ({ key, name: nameOf(key), resolved }))
  const rows = inNameOrder(named, ({ name }) => name)
  const publishedCounts = suppressed(
    rows.map(({ resolved }) => resolved),
    least,
  )
  return rows.map((row, i) => ({ ...row, resolved: publishedCounts[i] ?? null }))
}

/** A rate reveals both its parts, so neither may be small. */
function publicRate(met: number, due: number, least: number): PublicReportView['slaMetRate'] {
  const isShown = met >= least && due - met >= least
  return isShown ? rate(met, due) : { numerator: null, denominator: published(due, least), value: null }
}

function trendOf(
  period: Period,
  days: readonly { kind: string; day: number; cases: number }[],
  least: number,
): PublicReportView['trend'] {
  const months = bucketsOf(period, 'month')
  const sums = (wanted: string) =>
    suppressed(
      months.map(({ fromDay, toDay }) =>
        days.reduce(
          (sum, { kind, day, cases }) =>
            kind === wanted && day >= fromDay && day < toDay ? sum + cases : sum,
          0,
        ),
      ),
      least,
    )
  const [received, resolved] = [sums('received'), sums('resolved')]
  return months.map(({ fromDay }, i) => ({
    month: dateOfDay(fromDay).slice(0, 7),
    received: received[i] ?? null,
    resolved: resolved[i] ?? null,
  }))
}
