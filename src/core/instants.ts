import type { Issue } from '../lib/errors'
import { isOfOurTimes, parseInstantOrDate } from '../lib/time'
import type { Ctx } from './ctx'

/** The instant or local date that a field holds; adds to `issues` where it is neither. */
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
  const message = instant ? 'Must lie from 1900 to 2199' : 'Is no instant or date of the calendar'
  issues.push({ in: part, path, message })
  return undefined
}
