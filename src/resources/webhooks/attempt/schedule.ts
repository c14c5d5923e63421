const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** Milliseconds until the next attempt, after each failed one; then the delivery has failed. */
const delays = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour] as const
/** Of one delivery, until it has failed. */
export const wholeSchedule = delays.length + 1
const jitter = 0.2
/** The longest wait for another attempt. */
export const longestWaitMs = 24 * hour

/** Milliseconds requested by `Retry-After`, in seconds or as a date; null without one. */
export function askedWait(retryAfter: string | null, now: Date): number | null {
  if (retryAfter === null) return null
  const waitMs = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter) * second
    : Date.parse(retryAfter) - now.getTime()
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), longestWaitMs)
}

const [restsFrom, longestRestMs] = [8, minute]

/**
 * Milliseconds between calls to an endpoint that keeps failing, growing to a minute. One call finds out whether it is
 * back; everything else waits at almost no cost.
 */
export const restMs = (failures: number): number =>
  failures < restsFrom ? 0 : Math.min(second * 2 ** (failures - restsFrom), longestRestMs)

/**
 * When to try again after so many failures, varied by a fifth to spread the load, and not before the endpoint allows;
 * null after the last attempt. `random` is from 0 to 1.
 */
export function nextAttempt(
  attempts: number,
  now: Date,
  random: number,
  askedMs: number | null = null,
): Date | null {
  const delay = delays[attempts - 1]
  if (delay === undefined) return null
  const spread = delay * (1 - jitter + 2 * jitter * random)
  return new Date(now.getTime() + Math.round(Math.max(spread, askedMs ?? 0)))
}
