import type { Clock } from '../lib/clock'
import { AppError } from '../lib/errors'
import type { WindowCount, Windows } from '../lib/fixed-window'

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000))

/** Remaining quota in the widely used headers and in those of the IETF draft. */
export function limitHeaders(
  window: WindowCount,
  limit: number,
  windowMs: number,
  clock: Clock,
): Record<string, string> {
  const { remaining, resetMs } = window
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil((clock.now().getTime() + resetMs) / 1000)),
    'ratelimit-policy': `"default";q=${limit};w=${windowMs / 1000}`,
    ratelimit: `"default";r=${remaining};t=${seconds(resetMs)}`,
  }
}

/** Counts a hit; throws `rate_limited` beyond the limit. */
export async function spend(windows: Windows, key: string, limit: number, now: number): Promise<void> {
  const window = await windows.hit(key, limit, now)
  if (window.isExceeded) throw rateLimited(limit, window)
}

export const rateLimited = (limit: number, { resetMs }: WindowCount) =>
  new AppError('rate_limited', 'Rate limit exceeded', { limit, retryAfter: seconds(resetMs) })
