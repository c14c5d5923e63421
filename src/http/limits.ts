import type { Clock } from '../lib/clock'
import type { WindowCount } from '../lib/fixed-window'
import { wholeSeconds } from '../lib/limits'

/** The widely used headers, and the headers of the IETF draft. */
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
    ratelimit: `"default";r=${remaining};t=${wholeSeconds(resetMs)}`,
  }
}
