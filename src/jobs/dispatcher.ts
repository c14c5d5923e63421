import type { Deps } from '../core/ctx'
import { type Attempted, attempt, attemptMs, keepAttempt } from '../resources/webhooks/attempt/service'
import { claimDeliveries, queueDeliveries } from '../resources/webhooks/queue/service'
import { most, type OnItsWay, shareSlots } from '../resources/webhooks/queue/slots'
import { listReady } from '../resources/webhooks/queue/store'

/** How soon an event is found, in milliseconds, whichever copy or command has written it. */
const pollMs = 250
/**
 * Between two rounds, in milliseconds, by how long the first took: what waits may take a quarter of this copy's time, and
 * the rest is for those who wait for an answer.
 */
const pauseAfter = (roundMs: number) => Math.min(Math.max(3 * roundMs, 20), pollMs)
/** Where the store does not answer. */
const pauseAfterFaultMs = 2_000
/** Longer than any attempt takes: only who has died loses what it took. */
const leaseMs = 2 * attemptMs
const stopMs = 5_000
const notSent = 'webhooks could not be sent'

/**
 * Delivers events to webhook endpoints. Every copy of Reeve does: what one has taken the others leave alone. What is on
 * its way is bounded, and nothing else is kept in memory, however much waits.
 */
export function startDispatcher(deps: Deps, limits = most): { stop(): Promise<void> } {
  const onItsWay = new Map<Promise<void>, OnItsWay>()
  const done: Attempted[] = []
  let isStopped = false
  let running: Promise<void> | undefined
  let isAskedAgain = false

  const wake = () => {
    if (isStopped) return
    isAskedAgain = true
    running ??= (async () => {
      while (isAskedAgain && !isStopped) {
        isAskedAgain = false
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
      const shares = shareSlots(ready, [...onItsWay.values()], deps.clock.now(), limits)
      await together([queue(), ...keepDone(), ...ready.map(takeUp(shares))])
      return true
    } catch (error) {
      deps.log.warn(notSent, { error })
      return false
    }
  }

  const queue = async () => {
    if ((await queueDeliveries(deps)) > 0) isAskedAgain = true
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
            onItsWay.delete(sent)
            wake()
          })
        onItsWay.set(sent, { endpointId, tenantId })
      }
    }

  /** What cannot be kept is sent again when its lease ends. */
  const keepDone = () => done.splice(0).map((attempted) => keepAttempt(deps, attempted))

  /** At the same time, so that they share a commit. What is wrong with one holds up no other. */
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
      // What is not heard of by then is due again when its lease ends.
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timeout = setTimeout(resolve, stopMs)
      await Promise.race([Promise.allSettled(onItsWay.keys()), late])
      clearTimeout(timeout)
      await together(keepDone())
    },
  }
}
