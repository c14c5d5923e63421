import { Type } from '@sinclair/typebox'
import { type EventName, eventNames } from '../../core/outbox/table'
import { Instant, Strict } from '../../core/schema'
import { webhookEvents } from '../all'

const payloadOf = (name: EventName) =>
  Strict({
    id: Type.String({ description: 'Id of the event: the same in every attempt and replay' }),
    event: Type.Literal(name),
    timestamp: Instant,
    tenant: Type.String({ description: 'The short name of the council' }),
    data: webhookEvents[name].data,
  })

/** Every event with its description and the JSON Schema of its payload. */
export const catalogue = eventNames.map((name) => ({
  name,
  description: webhookEvents[name].description,
  // A client gets only what JSON can hold, not what the library keeps beside it.
  schema: JSON.parse(JSON.stringify(payloadOf(name))) as Record<string, unknown>,
}))
