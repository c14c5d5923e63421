import { type Ctx, createCtx, type Deps, type Maintainer, type Tenant } from '../../../core/ctx'
import { findEvent, personalOf } from '../../../core/outbox/store'
import type { EventRow } from '../../../core/outbox/table'
import { getTenantById } from '../../../core/tenants/store'
import { maintain, recordFirst } from '../../../core/write'
import { systemClock } from '../../../lib/clock'
import { post } from '../../../lib/outbound'
import { settle } from '../deliveries/store'
import type { Claimed } from '../queue/service'
import { findDelivery, lockEndpoint, touchEndpoint, updateDeliveries } from '../queue/store'
import { sealReply, secretsOf } from '../secrets'
import { disableEndpoint } from '../service'
import type { DisabledReason, EndpointRow } from '../table'
import { type Came, deliveryAfter, endpointAfter, isSuccess, type Made, reasonToDisable } from './outcome'
import { bodyOf, headersOf } from './payload'

/** From looking up the host to the end of the reply. */
export const attemptMs = 15_000

/** `isPersonal` if it carried personal data. */
export type Attempted = Made & { claimed: Claimed; isPersonal: boolean }

/** Null if the event has been erased. Throws only if the store cannot be read. */
export async function attempt(deps: Deps, claimed: Claimed): Promise<Attempted | null> {
  const event = await findEvent(deps.store.read, claimed.delivery.eventPosition)
  if (!event) return null
  const at = deps.clock.now()
  const started = deps.clock.monotonic()
  const sent = await send(deps, claimed.endpoint, event)
  return { claimed, ...sent, at, durationMs: Math.round(deps.clock.monotonic() - started) }
}

/** Turns the endpoint off if it is gone or has failed for days. */
export async function keepAttempt(deps: Deps, attempted: Attempted): Promise<void> {
  const { endpoint } = attempted.claimed
  const reason = await maintain(deps, (m) => keepOutcome(deps, m, attempted))
  if (reason === null) return
  const tenant = await getTenantById(deps.store.read, endpoint.tenantId)
  await disableEndpoint(systemCtx(deps, tenant), endpoint.id, reason)
  deps.log.warn('a webhook was disabled', { tenant: tenant.slug, webhook: endpoint.id, reason })
}

const systemCtx = (deps: Deps, tenant: Tenant): Ctx =>
  createCtx(deps, {
    tenant,
    actor: { type: 'system', id: 'webhooks', name: 'Reeve', ip: null },
    requestId: deps.newId(),
  })

type Sent = { came: Came; isPersonal: boolean }

/** Personal data is sent only if endpoint and council both allow it, and is recorded first. */
async function send(deps: Deps, endpoint: EndpointRow, event: EventRow): Promise<Sent> {
  try {
    const tenant = await getTenantById(deps.store.read, endpoint.tenantId)
    const isAllowed = endpoint.includePersonalData && tenant.webhooksPersonalData
    const personal = isAllowed ? personalOf(event, deps.secrets) : null
    if (personal === 'unreadable') return unreadable(deps, endpoint, event, 'The resident’s details')
    const secrets = secretsOf(deps, endpoint, deps.clock.now())
    if (secrets === null) return unreadable(deps, endpoint, event, 'The webhook’s secret')
    if (personal !== null) {
      await recordFirst(systemCtx(deps, tenant), 'resident.send', [
        { entity: event.entity, id: event.entityId, note: { webhook: endpoint.id, event: event.event } },
      ])
    }
    const body = bodyOf(event, tenant.slug, personal)
    const headers = headersOf(event, body, secrets, systemClock.now())
    const came = await post(deps.outbound, endpoint.url, { headers, body, timeoutMs: attemptMs })
    return { came, isPersonal: personal !== null }
  } catch (error) {
    deps.log.error('a webhook could not be sent', { webhook: endpoint.id, event: event.id, error })
    return { came: { fault: 'internal', message: 'It could not be sent' }, isPersonal: false }
  }
}

function unreadable(deps: Deps, endpoint: EndpointRow, event: EventRow, what: string): Sent {
  deps.log.error('a webhook needs what can no longer be read', {
    webhook: endpoint.id,
    event: event.id,
    entity: event.entityId,
    what,
  })
  return { came: { fault: 'unreadable', message: `${what} can no longer be read` }, isPersonal: false }
}

/** Returns why the endpoint is to be turned off, or null. */
async function keepOutcome(
  deps: Deps,
  m: Maintainer,
  { claimed, isPersonal, ...made }: Attempted,
): Promise<DisabledReason | null> {
  const { came } = made
  const endpoint = await lockEndpoint(m, claimed.endpoint.id)
  const delivery = await findDelivery(m, claimed.delivery.id)
  if (!endpoint || endpoint.deletedAt || delivery?.state !== 'waiting') return null
  // Another process has taken it over, so this result is out of date.
  const isOurs = delivery.nextAttemptAt?.getTime() === claimed.leasedUntil.getTime()
  if (!isSuccess(came) && !isOurs) return null
  const now = deps.clock.now()
  const after = deliveryAfter(delivery, made, now, randomOf(deps))
  // The endpoint may repeat personal data to somebody who may not see it.
  const reply = 'status' in came && !isPersonal ? sealReply(deps, delivery.id, came.reply) : null
  await updateDeliveries(m, [delivery.id], { ...after, reply })
  if (after.state !== 'waiting') await settle(m.db, endpoint.id, [delivery.entityId], now)
  await touchEndpoint(m, endpoint.id, endpointAfter(endpoint, delivery, made, now))
  return reasonToDisable(endpoint, delivery, made, now)
}

const randomOf = ({ random }: Deps) => (random(1)[0] ?? 0) / 255
