import type { EventName } from './outbox/table'
import type { PublicPart } from './tenants/table'

/** One changed thing, as the audit log and the events tell of it. */
export type Change = {
  entity: string
  id: string
  /** The row as it was; null where it is new. */
  before: Record<string, unknown> | null
  after: Record<string, unknown>
  /** Fields whose values may stand in the audit log; of the others only that they changed. */
  safe: readonly string[]
  events?: ChangeEvent[]
  /** What the public sees that is different now. */
  publicPart?: PublicPart | undefined
}

/** `personal` is what the event says of a resident, for receivers that may have it; `id` where it was given before. */
export type ChangeEvent = { name: EventName; data: unknown; personal?: unknown; id?: string }

/**
 * What a write has done: the changes and what the caller gets. A write that changed nothing names no change. `again` is
 * what the same request gets when it is sent again, where that is less: a secret is told once.
 */
export type Written<T> = { changes: Change[]; result: T; again?: T }
