import type { Static, TSchema } from '@sinclair/typebox'
import type { Json, JsonObject } from '../lib/json'
import type { EventName } from './outbox/table'
import type { Scope } from './scopes'

/**
 * What a resource says about itself to the rest of the house: the API document, the key page, the audit log and webhooks
 * are made of this, so that none of them has to know the resource.
 */
export type About = {
  /** Heading in the API document. */
  tag?: { name: string; description: string }
  scopes?: Partial<Record<Scope, ScopeLabel>>
  /** Names in the audit log for what changes, by `entity`. */
  entities?: Record<string, string>
  /** Names in the audit log for what is done, by `action`. Also merged into `Actions`. */
  actions?: Record<string, string>
  events?: Partial<Record<EventName, EventAbout>>
  /** Meanings of query and path parameters, by `operationId.name`, `collection.name` or `name`. */
  parameters?: Record<string, string>
  /** Values for examples in the API document, by `operationId.field`, `owner.field` or `field`. */
  samples?: Record<string, Json>
  /** Examples of refused requests, by response component. */
  refusals?: Partial<Record<RefusalName, Record<string, Refusal>>>
}

export type ScopeLabel = { heading: string; allows: string }

/** Responses of the API document to which a resource can add examples of its own. */
export type RefusalName = 'BadRequest' | 'Forbidden' | 'NotFound' | 'Conflict' | 'Unavailable'
export type Refusal = { summary: string; error: string; details?: JsonObject }

/** Wards and category that an event concerns; a filter on something it does not have lets it pass. */
export type Reach = { wardIds?: readonly (string | null)[]; categoryId?: string | null }

export type EventAbout = {
  description: string
  /** Schema of `data` in the webhook payload. */
  data: TSchema
  reach: (data: unknown) => Reach
}

/** An event whose `reach` is given data of its own schema. */
export const webhookEvent = <S extends TSchema>(
  description: string,
  data: S,
  reach: (data: Static<S>) => Reach = () => ({}),
): EventAbout => ({ description, data, reach: reach as EventAbout['reach'] })

/** Without wards it concerns the whole council, so every ward. */
export const reachOfWards = ({ wardIds }: { wardIds: readonly string[] }): Reach =>
  wardIds.length === 0 ? {} : { wardIds }

/**
 * Every action that can be recorded in the audit log. Each `about.ts` adds its own by declaration merging, which keeps
 * core free of resources and makes a misspelt or unnamed action a compile error.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the resources.
export interface Actions {}
export type Action = keyof Actions

/** `{ field: value }` as `{ 'owner.field': value }`. */
export const prefixed = <T>(owner: string, values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${owner}.${name}`, value]))
