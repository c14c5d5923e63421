import { parseDuration } from './time'
import { readDateTime } from './typed-date'

/** A duration from now such as `90d`, or a date or time as people write it; undefined for anything else, and for the past. */
export function readExpiry(text: string, now: Date, timeZone: string): Date | undefined {
  const duration = parseDuration(text)
  const instant =
    duration === undefined ? readDateTime(text, timeZone).value : new Date(now.getTime() + duration)
  return instant !== undefined && instant > now ? instant : undefined
}
