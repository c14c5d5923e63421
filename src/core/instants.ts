import { type Issue, invalid } from '../lib/errors'
import { isOfOurTimes, parseInstantOrDate } from '../lib/time'
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
      : { in: part, path, code: 'format', message: 'Not a valid date or time' },
  )
  return undefined
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
