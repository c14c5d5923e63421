import { type Issue, invalid } from '../lib/errors'
import { isOfOurTimes, parseInstantOrDate, startOfLocalDate } from '../lib/time'
import type { Ctx } from './ctx'

/** Reads an instant, or a local date as its first moment; reports anything else in `issues`. */
export function readInstant(
  ctx: Ctx,
  part: Issue['in'],
  path: string,
  text: string | undefined,
  issues: Issue[],
): Date | undefined {
  if (text === undefined) return undefined
  const instant = parseInstantOrDate(text, ctx.tenant.timezone)
  if (instant && isOfOurTimes(instant)) return instant
  issues.push(
    instant
      ? { in: part, path, code: 'range', message: 'Must be between 1900 and 2199' }
      : { in: part, path, code: 'format', message: 'Must be a real date or time' },
  )
  return undefined
}

/** Refuses a `from` or `to` of a query that is no real date of our times; reports both if both are wrong. */
export function assertDays({ tenant }: Ctx, days: { from?: string; to?: string }): void {
  const issues = (['from', 'to'] as const).flatMap((path): Issue[] => {
    const text = days[path]
    const start = text === undefined ? undefined : startOfLocalDate(text, tenant.timezone)
    if (text === undefined || (start && isOfOurTimes(start))) return []
    return start
      ? [{ in: 'query', path, code: 'range', message: 'Must be between 1900 and 2199' }]
      : [{ in: 'query', path, code: 'format', message: 'Must be a real date' }]
  })
  if (issues.length > 0) throw invalid(issues)
}

/** Reads `from` and `to` of a query; reports both if both are wrong. */
export function readRange(
  ctx: Ctx,
  { from, to }: { from?: string; to?: string },
): { from: Date | undefined; to: Date | undefined } {
  const issues: Issue[] = []
  const range = {
    from: readInstant(ctx, 'query', 'from', from, issues),
    to: readInstant(ctx, 'query', 'to', to, issues),
  }
  if (issues.length > 0) throw invalid(issues)
  return range
}
