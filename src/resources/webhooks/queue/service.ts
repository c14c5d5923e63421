import type { Deps, Maintainer, Tenant } from '../../../core/ctx'
import { listNewEvents, markSeen } from '../../../core/outbox/store'
import type { EventRow } from '../../../core/outbox/table'
import { isInPlan } from '../../../core/scopes'
import { getTenantById } from '../../../core/tenants/store'
import { maintain } from '../../../core/write'
import { settle } from '../deliveries/store'
import { type Attempt, type DeliveryRow, keptAttempts } from '../deliveries/table'
import { isSubscribed } from '../matching'
import type { EndpointRow } from '../table'
import {
  bringForward,
  insertDeliveries,
  listDue,
  listStranded,
  lockEndpoint,
  lockEndpointsOf,
  touchEndpoint,
  updateDeliveries,
} from './store'

/** A limit per transaction, so that long descriptions do not fill the memory. */
const lookedAtOnce = 100
const strandedAtOnce = 500

/**
 * Matches new events with endpoints and queues a delivery for each. For a disabled endpoint it fails at once, so that
 * it can be seen and replayed. Returns how many events were matched.
 */
export async function queueDeliveries(deps: Deps): Promise<number> {
  const found = await listNewEvents(deps.store.read, lookedAtOnce)
  if (found.length === 0) return 0
  const tenantIds = [...new Set(found.map(({ tenantId }) => tenantId))]
  return maintain(deps, async (m) => {
    const endpoints = await lockEndpointsOf(m.db, tenantIds)
    // Read again under the lock: events may have been erased since.
    const events = (await listNewEvents(m.db, lookedAtOnce)).filter(({ tenantId }) =>
      tenantIds.includes(tenantId),
    )
    for (const { endpoint, tenant } of endpoints) {
      const subscribed = events.filter(
        (event) =>
          event.tenantId === tenant.id &&
          event.position > endpoint.afterPosition &&
          isSubscribed(endpoint, event),
      )
      if (subscribed.length > 0) await queueFor(deps, m, { endpoint, tenant }, subscribed)
    }
    await markSeen(
      m,
      events.map(({ position }) => position),
    )
    return events.length
  })
}

async function queueFor(
  { newId, clock }: Deps,
  m: Maintainer,
  { endpoint, tenant }: { endpoint: EndpointRow; tenant: Tenant },
  events: readonly EventRow[],
): Promise<void> {
  const now = clock.now()
  const isOpen = mayBeSent(endpoint, tenant)
  const rows = events.map(({ position, id, event, entityId }) => {
    const isSent = isOpen || isTest({ event })
    return {
      id: newId(),
      tenantId: tenant.id,
      endpointId: endpoint.id,
      eventPosition: position,
      eventId: id,
      event,
      entityId,
      state: isSent ? ('waiting' as const) : ('failed' as const),
      attempts: isSent ? [] : [disabledAt(now)],
      createdAt: now,
      finishedAt: isSent ? null : now,
    }
  })
  await insertDeliveries(m, rows)
  await settle(
    m.db,
    endpoint.id,
    events.map(({ entityId }) => entityId),
    now,
  )
  await touchEndpoint(m, endpoint.id)
}

/** Tests are sent in any case. */
const mayBeSent = ({ enabled }: EndpointRow, { plan }: Tenant) => enabled && isInPlan('webhooks:write', plan)

const isTest = ({ event }: Pick<DeliveryRow, 'event'>) => event === 'webhook_test'

const disabledAt = (now: Date): Attempt => ({
  at: now.toISOString(),
  status: null,
  fault: 'disabled',
  message: 'The webhook was disabled',
  durationMs: 0,
})

/** This process may send it until the lease ends. */
export type Claimed = { delivery: DeliveryRow; endpoint: EndpointRow; leasedUntil: Date }

/**
 * Takes due deliveries of an endpoint, up to a limit. If the process dies they are due again when the lease ends.
 * Deliveries to an endpoint that is disabled, or whose plan has no webhooks, are failed in batches.
 */
export const claimDeliveries = (
  deps: Deps,
  endpointId: string,
  limit: number,
  leaseMs: number,
): Promise<Claimed[]> =>
  maintain(deps, async (m) => {
    const now = deps.clock.now()
    const endpoint = await lockEndpoint(m, endpointId)
    if (!endpoint || endpoint.deletedAt) return []
    const isOpen = mayBeSent(endpoint, await getTenantById(m.db, endpoint.tenantId))
    if (!isOpen) await failStranded(m, endpointId, now)
    await bringForward(m, endpointId, now)
    const due = (await listDue(m, endpointId, now, limit)).filter((one) => isOpen || isTest(one))
    if (due.length === 0) return []
    const leasedUntil = new Date(now.getTime() + leaseMs)
    await updateDeliveries(
      m,
      due.map(({ id }) => id),
      { nextAttemptAt: leasedUntil },
    )
    return due.map((delivery) => ({ delivery, endpoint, leasedUntil }))
  })

async function failStranded(m: Maintainer, endpointId: string, now: Date): Promise<void> {
  const stranded = await listStranded(m, endpointId, strandedAtOnce)
  for (const { id, attempts } of stranded) {
    await updateDeliveries(m, [id], {
      state: 'failed',
      nextAttemptAt: null,
      finishedAt: now,
      attempts: [...attempts, disabledAt(now)].slice(-keptAttempts),
    })
  }
  if (stranded.length > 0) {
    await settle(
      m.db,
      endpointId,
      stranded.map(({ entityId }) => entityId),
      now,
    )
    await touchEndpoint(m, endpointId)
  }
}
