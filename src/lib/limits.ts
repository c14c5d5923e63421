import { AppError } from './errors'
import type { WindowCount, Windows } from './fixed-window'

/** At least 1, rounded up. */
export const wholeSeconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000))

/** Counts a hit; throws `rate_limited` beyond the limit. */
export async function spend(windows: Windows, key: string, limit: number, now: number): Promise<void> {
  const window = await windows.hit(key, limit, now)
  if (window.isExceeded) throw rateLimited(limit, window)
}

export const rateLimited = (limit: number, { resetMs }: WindowCount) =>
  new AppError('rate_limited', 'Rate limit exceeded', { limit, retryAfter: wholeSeconds(resetMs) })
