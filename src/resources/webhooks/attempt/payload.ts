import { Webhook } from 'standardwebhooks'
import type { EventRow } from '../../../core/outbox/table'
import { version } from '../../../lib/version'

/** Personal data only if it may be sent. */
export function bodyOf(event: EventRow, tenantSlug: string, personal: unknown): string {
  const data = event.data as { case?: object }
  return JSON.stringify({
    id: event.id,
    event: event.event,
    timestamp: event.at.toISOString(),
    tenant: tenantSlug,
    data: personal === null ? data : { ...data, case: { ...data.case, ...(personal as object) } },
  })
}

/**
 * Signed with each secret according to the Standard Webhooks specification. `now` is wall time, because receivers
 * refuse old timestamps by their own clocks.
 */
export function headersOf(
  event: Pick<EventRow, 'id' | 'event'>,
  body: string,
  secrets: readonly string[],
  now: Date,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': `Reeve/${version}`,
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(event.id, now, body)).join(' '),
    'x-webhook-event': event.event,
  }
}
