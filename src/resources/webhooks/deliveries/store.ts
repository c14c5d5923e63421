import { and, asc, eq, gte, inArray, min, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../../core/ctx'
import { all, equals } from '../../../db/conditions'
import type { Db } from '../../../db/dialect'
import { listOf, ordering } from '../../../db/paging'
import { preparedByForm } from '../../../db/prepared'
import { notFound } from '../../../lib/errors'
import { type Found, maxPagedRows, type Slice } from '../../../lib/page'
import type { DeliveryQuery } from './model'
import { type DeliveryRow, webhookDeliveries } from './table'

const { tenantId, endpointId, eventPosition, state, nextAttemptAt } = webhookDeliveries

const list = listOf(webhookDeliveries, maxPagedRows + 1)
const newestFirst = ordering(webhookDeliveries, '-event', { event: ['eventPosition'] })

/** The newest event first. */
export const listDeliveries = (
  ctx: Ctx,
  webhookId: string,
  { state: wanted, event, eventId, entityId }: DeliveryQuery,
  slice: Slice,
): Promise<Found<DeliveryRow>> =>
  list(
    ctx.db,
    all([
      equals(endpointId, webhookId),
      equals(state, wanted),
      equals(webhookDeliveries.event, event),
      equals(webhookDeliveries.eventId, eventId),
      equals(webhookDeliveries.entityId, entityId),
    ]),
    newestFirst,
    slice,
  )

const one = preparedByForm<DeliveryRow>((db, { where }) => db.select().from(webhookDeliveries).where(where))

export async function getDelivery(ctx: Ctx, id: string): Promise<DeliveryRow> {
  const [row] = await one(ctx.db, {
    where: all([equals(tenantId, ctx.tenantId), equals(webhookDeliveries.id, id)]),
  })
  if (!row) throw notFound('Delivery')
  return row
}

/** Failed deliveries queued on or after this instant, the oldest first. */
export const listFailed = (
  ctx: Ctx,
  webhookId: string,
  since: Date,
  limit: number,
): Promise<{ id: string; entityId: string }[]> =>
  ctx.db
    .select({ id: webhookDeliveries.id, entityId: webhookDeliveries.entityId })
    .from(webhookDeliveries)
    .where(and(eq(endpointId, webhookId), eq(state, 'failed'), gte(webhookDeliveries.createdAt, since)))
    .orderBy(asc(eventPosition))
    .limit(limit)

/** Restarts the schedule and keeps the log of attempts. */
export async function requeue(w: Writer, ids: readonly string[]): Promise<void> {
  await w.db
    .update(webhookDeliveries)
    .set({ state: 'waiting', nextAttemptAt: null, attemptCount: 0, finishedAt: null })
    .where(and(eq(tenantId, w.tenantId), inArray(webhookDeliveries.id, [...ids])))
}

/**
 * Makes the first waiting delivery of each entity due now, unless it has a due time already; the rest wait for it.
 * Needs the lock on the endpoint's row.
 */
export async function settle(
  db: Db,
  webhookId: string,
  entityIds: readonly string[],
  now: Date,
): Promise<void> {
  if (entityIds.length === 0) return
  const first = await db
    .select({ position: min(eventPosition) })
    .from(webhookDeliveries)
    .where(
      and(
        eq(endpointId, webhookId),
        inArray(webhookDeliveries.entityId, [...new Set(entityIds)]),
        sql`${state} = 'waiting'`,
      ),
    )
    .groupBy(webhookDeliveries.entityId)
  await db
    .update(webhookDeliveries)
    .set({ nextAttemptAt: now })
    .where(
      and(
        eq(endpointId, webhookId),
        inArray(
          eventPosition,
          first.map(({ position }) => Number(position)),
        ),
        sql`${nextAttemptAt} is null`,
      ),
    )
}
