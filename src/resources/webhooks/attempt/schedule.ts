const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** How long after each failed attempt the next one comes, in milliseconds; then the delivery has failed. */
const delays = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour] as const
const jitter = 0.2
/** Nothing waits longer for its next attempt. */
export const longestWaitMs = 24 * hour

/** Milliseconds that the endpoint asks to be left alone for, by a number of seconds or a date; null where it does not. */
export function askedWait(retryAfter: string | null, now: Date): number | null {
  if (retryAfter === null) return null
  const waitMs = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter) * second
    : Date.parse(retryAfter) - now.getTime()
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), longestWaitMs)
}

const [restsFrom, longestRestMs] = [8, minute]

/**
 * How long an endpoint is left alone that has failed so many times one after the other, in milliseconds: ever longer, a
 * minute at most. It is called to find out whether it is there again, and all that waits costs next to nothing.
 */
export const restMs = (failures: number): number =>
  failures < restsFrom ? 0 : Math.min(second * 2 ** (failures - restsFrom), longestRestMs)

/**
 * When to try again after so many attempts have failed, a fifth sooner or later so that not all come at once, and not
 * before the endpoint asked for it; null where it was tried often enough. `random` is from 0 to 1.
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
