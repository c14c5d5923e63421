import { type Static, Type } from '@sinclair/typebox'
import type { Ctx } from '../../../core/ctx'
import { eventNames } from '../../../core/outbox/table'
import {
  Instant,
  InstantOrDate,
  Nullable,
  OneOf,
  PageQuery,
  PaginationView,
  Strict,
} from '../../../core/schema'
import { openReply } from '../secrets'
import { attemptFaults, type DeliveryRow, deliveryStates } from './table'

const AttemptView = Strict({
  at: Instant,
  status: Nullable(
    Type.Integer({ description: 'The status that the endpoint answered; null if there was no answer' }),
  ),
  fault: Nullable(OneOf(attemptFaults, 'Why there was no answer; null if there was one')),
  message: Nullable(Type.String({ description: 'The fault in words' })),
  durationMs: Type.Integer(),
})

export const DeliveryView = Strict(
  {
    id: Type.String(),
    webhookId: Type.String(),
    eventId: Type.String({ description: 'Sent as `webhook-id` in every attempt' }),
    event: OneOf(eventNames),
    entityId: Type.String({ description: 'What the event is about' }),
    state: OneOf(deliveryStates),
    attemptCount: Type.Integer({ description: 'Attempts since it was queued, or last replayed' }),
    attempts: Type.Array(AttemptView, { description: 'The latest 20 attempts, the newest last' }),
    nextAttemptAt: Nullable(
      Type.String({
        description:
          'When it is tried next; null if finished, or if it waits for an earlier event about the same thing',
      }),
    ),
    reply: Type.Optional(
      Nullable(
        Type.String({
          description:
            'The first 1,024 bytes of the endpoint’s last answer; only for admins, and not kept if the event named a resident',
        }),
      ),
    ),
    createdAt: Instant,
    finishedAt: Nullable(Type.String()),
  },
  { title: 'Delivery' },
)
export type DeliveryView = Static<typeof DeliveryView>

export const DeliveryList = Strict(
  { deliveries: Type.Array(DeliveryView), pagination: PaginationView },
  { title: 'DeliveryList' },
)

export const DeliveryQuery = Strict({
  state: Type.Optional(OneOf(deliveryStates)),
  event: Type.Optional(OneOf(eventNames)),
  eventId: Type.Optional(Type.String({ maxLength: 40 })),
  entityId: Type.Optional(Type.String({ maxLength: 40, description: 'What the event is about' })),
  ...PageQuery,
})
export type DeliveryQuery = Static<typeof DeliveryQuery>

export const ReplayInput = Strict(
  { since: InstantOrDate },
  { title: 'Replay', examples: [{ since: '2026-03-29T09:30:00Z' }] },
)

export const Replayed = Strict(
  {
    replayed: Type.Integer({ description: 'How many deliveries were queued again' }),
    hasMore: Type.Boolean({ description: 'Whether to repeat the request because more have failed' }),
  },
  { title: 'Replayed' },
)
export type Replayed = Static<typeof Replayed>

const mayReadReply = ({ acting }: Ctx) => acting === null || acting.role === 'admin'

/** Only admins see the endpoint's reply. */
export const toView = (ctx: Ctx, row: DeliveryRow): DeliveryView => ({
  id: row.id,
  webhookId: row.endpointId,
  eventId: row.eventId,
  event: row.event as DeliveryView['event'],
  entityId: row.entityId,
  state: row.state,
  attemptCount: row.attemptCount,
  attempts: row.attempts,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  ...(mayReadReply(ctx) && { reply: openReply(ctx, row) }),
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})
