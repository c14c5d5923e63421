import type { EventName } from './outbox/table'
import type { PublicPart } from './tenants/table'

/** One changed thing, for the audit log and for webhooks. */
export type Change = {
  entity: string
  id: string
  /** Null for something new. */
  before: Record<string, unknown> | null
  after: Record<string, unknown>
  /** Fields whose values the audit log may hold; of any other it records only that it changed. */
  safe: readonly string[]
  events?: ChangeEvent[]
  /** Set if what the public sees has changed. */
  publicPart?: PublicPart | undefined
}

/**
 * `personal` is what the event says about a resident, for endpoints allowed to have it; `id` if it already has one.
 */
export type ChangeEvent = { name: EventName; data: unknown; personal?: unknown; id?: string }

/**
 * The changes, and what the caller gets. No changes means that nothing was recorded. `again` replaces `result` when
 * the same request is repeated: secrets are shown only once.
 */
export type Written<T> = { changes: Change[]; result: T; again?: T }
