import type { EventName, EventRow } from '../../core/outbox/table'
import { webhookEvents } from '../all'
import type { EndpointRow } from './table'

type Subscription = Pick<EndpointRow, 'id' | 'events' | 'wardId' | 'categoryId'>
type Occurred = Pick<EventRow, 'event' | 'entityId' | 'data'>

/**
 * Whether the endpoint gets this event. A filter only holds back events about another ward or category: one for the
 * whole council passes every ward. A test is for one endpoint, and no endpoint gets events about itself.
 */
export function isSubscribed(
  { id, events, wardId, categoryId }: Subscription,
  { event, entityId, data }: Occurred,
): boolean {
  if (event === 'webhook_test') return entityId === id
  if (!(events as string[]).includes(event) || entityId === id) return false
  const reach = webhookEvents[event as EventName].reach(data)
  return (
    (wardId === null || reach.wardIds === undefined || reach.wardIds.includes(wardId)) &&
    (categoryId === null || reach.categoryId === undefined || reach.categoryId === categoryId)
  )
}
