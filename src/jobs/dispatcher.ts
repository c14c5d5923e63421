import type { Deps } from '../core/ctx'
import { type Attempted, attempt, attemptMs, keepAttempt } from '../resources/webhooks/attempt/service'
import { claimDeliveries, queueDeliveries } from '../resources/webhooks/queue/service'
import { most, type OnItsWay, shareSlots } from '../resources/webhooks/queue/slots'
import { listReady } from '../resources/webhooks/queue/store'

/** How soon an event is found, even if another copy or a command wrote it. */
const pollMs = 250
/** Deliveries may take a quarter of this copy's time; the rest is for requests. */
const pauseAfter = (roundMs: number) => Math.min(Math.max(3 * roundMs, 20), pollMs)
const pauseAfterFaultMs = 2_000
/** Longer than any attempt takes, so that only a copy that has died loses its claims. */
const leaseMs = 2 * attemptMs
const longestStopMs = 5_000
const notSent = 'webhooks could not be sent'

/**
 * Delivers events to webhook endpoints, on every copy of Reeve: each leaves alone what another has claimed. Deliveries in flight
 * are limited, and nothing else is held in memory, however much is waiting.
 */
export function startDispatcher(
  deps: Deps,
  limits = most,
  stopMs = longestStopMs,
): { stop(): Promise<void> } {
  const inFlight = new Map<Promise<void>, OnItsWay>()
  const done: Attempted[] = []
  let isStopped = false
  let running: Promise<void> | undefined
  let isDueAgain = false

  const wake = () => {
    if (isStopped) return
    isDueAgain = true
    running ??= (async () => {
      while (isDueAgain && !isStopped) {
        isDueAgain = false
        const started = deps.clock.monotonic()
        const isWell = await round()
        await Bun.sleep(isWell ? pauseAfter(deps.clock.monotonic() - started) : pauseAfterFaultMs)
      }
    })().finally(() => {
      running = undefined
    })
  }

  const round = async (): Promise<boolean> => {
    try {
      const ready = await listReady(deps.store.read, deps.clock.now())
      const shares = shareSlots(ready, [...inFlight.values()], deps.clock.now(), limits)
      await together([queue(), ...keepDone(), ...ready.map(takeUp(shares))])
      return true
    } catch (error) {
      deps.log.warn(notSent, { error })
      return false
    }
  }

  const queue = async () => {
    if ((await queueDeliveries(deps)) > 0) isDueAgain = true
  }

  const takeUp =
    (shares: ReadonlyMap<string, number>) =>
    async ({ endpointId, tenantId }: OnItsWay): Promise<void> => {
      const share = shares.get(endpointId)
      if (share === undefined || isStopped) return
      for (const claimed of await claimDeliveries(deps, endpointId, share, leaseMs)) {
        const sent = attempt(deps, claimed)
          .then((attempted) => void (attempted && done.push(attempted)))
          .catch((error) => deps.log.warn(notSent, { error }))
          .finally(() => {
            inFlight.delete(sent)
            wake()
          })
        inFlight.set(sent, { endpointId, tenantId })
      }
    }

  /** A result that cannot be stored is lost: its delivery is sent again when the lease ends. */
  const keepDone = () => done.splice(0).map((attempted) => keepAttempt(deps, attempted))

  /** At the same time, so that they share a commit. One failure does not stop the others. */
  const together = async (work: readonly Promise<void>[]): Promise<void> => {
    for (const outcome of await Promise.allSettled(work)) {
      if (outcome.status === 'rejected') deps.log.warn(notSent, { error: outcome.reason })
    }
  }

  const timer = setInterval(wake, pollMs)
  wake()
  return {
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await running
      // Deliveries unfinished by then are due again when their lease ends.
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timeout = setTimeout(resolve, stopMs)
      await Promise.race([Promise.allSettled(inFlight.keys()), late])
      clearTimeout(timeout)
      await together(keepDone())
    },
  }
}
