import type { Outcome } from '../../../lib/outbound'
import { type Attempt, type AttemptFault, type DeliveryRow, keptAttempts } from '../deliveries/table'
import type { DisabledReason, EndpointRow } from '../table'
import { askedWait, longestWaitMs, nextAttempt, restMs, wholeSchedule } from './schedule'

/** Nothing was sent: `internal`, as we failed; `unreadable`, as what it takes cannot be opened, now or later. */
export type Came = Outcome | { fault: Extract<AttemptFault, 'internal' | 'unreadable'>; message: string }

export type Made = { came: Came; at: Date; durationMs: number }

const [gone, failingMs] = [410, 5 * 24 * 3_600_000]

export const isSuccess = (came: Came) => 'status' in came && came.status >= 200 && came.status < 300

const entryOf = ({ came, at, durationMs }: Made): Attempt => ({
  at: at.toISOString(),
  ...('status' in came
    ? { status: came.status, fault: null, message: null }
    : { status: null, fault: came.fault, message: came.message }),
  durationMs,
})

const isUnreadable = (came: Came) => 'fault' in came && came.fault === 'unreadable'

const waitAskedBy = (came: Came, now: Date) => ('status' in came ? askedWait(came.retryAfter, now) : null)

/** `random` is from 0 to 1 and spreads the retries. */
export function deliveryAfter(
  delivery: DeliveryRow,
  made: Made,
  now: Date,
  random: number,
): Pick<DeliveryRow, 'state' | 'attemptCount' | 'attempts' | 'nextAttemptAt' | 'finishedAt'> {
  const { came } = made
  const isDone = isSuccess(came)
  const attemptCount = delivery.attemptCount + 1
  const isGone = 'status' in came && came.status === gone
  // Tests are not retried: somebody is waiting for the result.
  const isLast = isDone || isGone || isUnreadable(came) || delivery.event === 'webhook_test'
  const nextAttemptAt = isLast ? null : nextAttempt(attemptCount, now, random, waitAskedBy(came, now))
  return {
    state: isDone ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting',
    attemptCount,
    attempts: [...delivery.attempts, entryOf(made)].slice(-keptAttempts),
    nextAttemptAt,
    finishedAt: nextAttemptAt === null ? now : null,
  }
}

/**
 * Never in the future, which only a fast clock could have said. Beyond the longest wait, time in which nothing was tried does
 * not count: a clock that jumps, or a server that stood still, says nothing about the endpoint.
 */
function failingSince(
  { failingSince: since, pausedUntil }: EndpointRow,
  delivery: DeliveryRow,
  now: Date,
): Date {
  if (!since || since >= now) return now
  const before = delivery.attempts.at(-1)
  const tried = [since, pausedUntil, before && new Date(before.at)].map((time) => time?.getTime() ?? 0)
  const isTold = pausedUntil !== null || before !== undefined
  const untriedMs = isTold ? now.getTime() - Math.max(...tried) - longestWaitMs : 0
  return untriedMs > 0 ? new Date(since.getTime() + untriedMs) : since
}

export function endpointAfter(
  endpoint: EndpointRow,
  delivery: DeliveryRow,
  { came }: Made,
  now: Date,
): Partial<EndpointRow> {
  if (isSuccess(came)) return { failureCount: 0, failingSince: null, lastSuccessAt: now, pausedUntil: null }
  // No fault of the endpoint: its other deliveries go on.
  if (isUnreadable(came)) return {}
  const failureCount = endpoint.failureCount + 1
  const waitMs = Math.max(waitAskedBy(came, now) ?? 0, restMs(failureCount))
  return {
    failureCount,
    failingSince: failingSince(endpoint, delivery, now),
    ...(waitMs > 0 && { pausedUntil: new Date(now.getTime() + waitMs) }),
  }
}

/**
 * An endpoint is turned off if it answers 410 Gone, or has failed for five days and as often as a delivery is tried. Both are
 * as they were before the attempt.
 */
export function reasonToDisable(
  endpoint: EndpointRow,
  delivery: DeliveryRow,
  { came }: Made,
  now: Date,
): DisabledReason | null {
  if (!endpoint.enabled || isSuccess(came) || isUnreadable(came)) return null
  if ('status' in came && came.status === gone) return 'gone'
  const isLong = now.getTime() - failingSince(endpoint, delivery, now).getTime() >= failingMs
  return isLong && endpoint.failureCount + 1 >= wholeSchedule ? 'failing' : null
}
