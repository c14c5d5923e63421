import type { EventRow } from '../../core/outbox/table'
import type { EndpointRow } from './table'

type Told = {
  case?: { wardId: string | null; categoryId: string | null }
  event?: { wardIds: string[] }
  news?: { wardIds: string[] }
  councillor?: { wardIds: string[] }
}

type Asked = Pick<EndpointRow, 'id' | 'events' | 'wardId' | 'categoryId'>
type Happened = Pick<EventRow, 'event' | 'entityId' | 'data'>

/**
 * Whether the endpoint asks for this event. A ward lets pass what is about it or about the whole council; a category lets
 * pass only cases of it, and whatever is no case. A test is for one endpoint, and no endpoint is told of its own end.
 */
export function isAskedFor(
  { id, events, wardId, categoryId }: Asked,
  { event, entityId, data }: Happened,
): boolean {
  if (event === 'webhook_test') return entityId === id
  if (!(events as string[]).includes(event) || entityId === id) return false
  const { case: told, event: held, news, councillor } = data as Told
  if (told)
    return (wardId ?? told.wardId) === told.wardId && (categoryId ?? told.categoryId) === told.categoryId
  const wardIds = (held ?? news ?? councillor)?.wardIds ?? []
  return wardId === null || wardIds.length === 0 || wardIds.includes(wardId)
}
