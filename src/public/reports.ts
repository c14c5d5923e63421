import type { Ctx } from '../core/ctx'
import type { PublicReportView } from '../resources/reports/model'
import { lastTwelveMonths } from '../resources/reports/period'
import { getPublicReport } from '../resources/reports/public.service'

const keptMs = 10 * 60_000
const maxKept = 1_000

type Kept = { report: Promise<PublicReportView>; madeAt: Date }

/**
 * A council's public figures for the last twelve whole months. No other period can be asked for: comparing two that
 * differ by a day would reveal a single case. They are made at most once every ten minutes, however many people ask.
 */
export class PublicReports {
  readonly #kept = new Map<string, Kept>()

  async get(ctx: Ctx): Promise<{ report: PublicReportView; madeAt: Date }> {
    const now = ctx.clock.now()
    const known = this.#kept.get(ctx.tenantId)
    const age = known ? now.getTime() - known.madeAt.getTime() : keptMs
    if (known && age >= 0 && age < keptMs) return { report: await known.report, madeAt: known.madeAt }
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value as string)
    const kept = { report: getPublicReport(ctx, lastTwelveMonths(ctx)), madeAt: now }
    this.#kept.set(ctx.tenantId, kept)
    // A failure must not be kept: the next request tries again.
    kept.report.catch(() => this.#kept.delete(ctx.tenantId))
    return { report: await kept.report, madeAt: now }
  }
}
