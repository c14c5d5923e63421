import { addressBucket } from '../../lib/address'
import { rateLimited } from '../../lib/limits'
import type { Ctx, Deps } from '../ctx'
import { hasStartedFrom } from './store'

type Counting = Pick<Deps, 'limits' | 'clock'>

/** How many may fail in each window of fifteen minutes. */
type Bucket = { key: string; limit: number }

export type Attempt = {
  address: string
  /** Of one account from one address: it bounds guessing from everywhere. */
  here: Bucket
  /** Of an account or an address alone: they keep nobody out who has signed in to this account from here before. */
  wider: readonly Bucket[]
  /** Who it may be; null if there is nobody. */
  whose: { ctx: Ctx; userId: string } | null
}

/** Of somebody who is signed in, at least in part, and gives one more proof of who they are. */
export const attemptIn = (
  ctx: Ctx,
  { user, kind, limit }: { user: { id: string }; kind: string; limit: number },
): Attempt => {
  const address = ctx.actor.ip ?? ''
  return {
    address,
    here: { key: `${kind} ${addressBucket(address)} ${user.id}`, limit },
    wider: [{ key: `${kind} ${user.id}`, limit }],
    whose: { ctx, userId: user.id },
  }
}

/**
 * Whether the proof holds. An attempt counts as a failure until it is known to be none, so that many at once cannot pass a
 * limit; one that holds, or that could not be made, does not count. Throws `rate_limited`, before the proof is looked at,
 * once too many have failed.
 */
export async function attempt(
  deps: Counting,
  { address, here, wider, whose }: Attempt,
  prove: () => Promise<boolean>,
): Promise<boolean> {
  const { signIns } = deps.limits
  const counted: Bucket[] = []
  for (const bucket of [here, ...wider]) {
    const window = await signIns.hit(bucket.key, bucket.limit, deps.clock.monotonic())
    if (!window.isExceeded) counted.push(bucket)
    // What counted before stays counted: it bounds how often the log is looked into.
    else if (bucket === here || !(await isFamiliar(whose, address))) throw rateLimited(bucket.limit, window)
  }
  let hasFailed = false
  try {
    hasFailed = !(await prove())
  } finally {
    if (!hasFailed) for (const { key } of counted) await signIns.takeBack(key, deps.clock.monotonic())
  }
  return !hasFailed
}

/** How long somebody is expected where they signed in. */
const familiarMs = 30 * 24 * 3_600_000

async function isFamiliar(whose: Attempt['whose'], address: string): Promise<boolean> {
  if (whose === null) return false
  const since = new Date(whose.ctx.clock.now().getTime() - familiarMs)
  const bucket = addressBucket(address)
  return hasStartedFrom(whose.ctx, whose.userId, since, (one) => addressBucket(one) === bucket)
}
