import { and, eq, gt, sql } from 'drizzle-orm'
import type { Ctx, Writer } from '../../core/ctx'
import { all, equals, includes, isNull } from '../../db/conditions'
import { listOf, ordering } from '../../db/paging'
import { preparedByForm } from '../../db/prepared'
import { notFound } from '../../lib/errors'
import type { Found, Slice } from '../../lib/page'
import type { WebhookQuery } from './model'
import { type EndpointRow, webhookEndpoints } from './table'

const list = listOf(webhookEndpoints)
const newestFirst = ordering(webhookEndpoints, '-createdAt', { createdAt: ['createdAt'] })

const mine = (ctx: Ctx) => [
  equals(webhookEndpoints.tenantId, ctx.tenantId),
  isNull(webhookEndpoints.deletedAt),
]

/** The newest first. */
export const listEndpoints = (
  ctx: Ctx,
  { event, enabled }: WebhookQuery,
  slice: Slice,
): Promise<Found<EndpointRow>> =>
  list(
    ctx.db,
    all([...mine(ctx), includes(webhookEndpoints.events, event), equals(webhookEndpoints.enabled, enabled)]),
    newestFirst,
    slice,
  )

const one = preparedByForm<EndpointRow>((db, { where }) => db.select().from(webhookEndpoints).where(where))

export async function getEndpoint(ctx: Ctx, id: string): Promise<EndpointRow> {
  const [row] = await one(ctx.db, { where: all([...mine(ctx), equals(webhookEndpoints.id, id)]) })
  if (!row) throw notFound('Webhook')
  return row
}

/**
 * How many endpoints there are, a number that increases with any activity of their deliveries, and when the next old
 * secret ends. Deleted ones are left out: the number would fall when their rows go.
 */
export async function endpointsState(
  ctx: Ctx,
): Promise<{ total: number; activity: number; secretEndsAt: number | null }> {
  const { tenantId, activity, previousUntil, deletedAt } = webhookEndpoints
  const [row] = await ctx.db
    .select({
      total: sql<number>`count(*)`,
      activity: sql<number>`coalesce(sum(${activity}), 0)`,
      secretEndsAt: sql<
        number | null
      >`min(${previousUntil}) filter (where ${gt(previousUntil, ctx.clock.now())})`,
    })
    .from(webhookEndpoints)
    .where(and(eq(tenantId, ctx.tenantId), sql`${deletedAt} is null`))
  const secretEndsAt = row?.secretEndsAt ?? null
  return {
    total: Number(row?.total),
    activity: Number(row?.activity),
    secretEndsAt: secretEndsAt === null ? null : Number(secretEndsAt),
  }
}

export async function insertEndpoint(
  w: Writer,
  values: typeof webhookEndpoints.$inferInsert,
): Promise<EndpointRow> {
  const [row] = await w.db.insert(webhookEndpoints).values(values).returning()
  return row as EndpointRow
}

export async function updateEndpoint(
  w: Writer,
  { id, version }: EndpointRow,
  values: Partial<EndpointRow>,
): Promise<EndpointRow> {
  const [row] = await w.db
    .update(webhookEndpoints)
    .set({ ...values, version: version + 1, updatedAt: w.clock.now() })
    .where(and(eq(webhookEndpoints.tenantId, w.tenantId), eq(webhookEndpoints.id, id)))
    .returning()
  if (!row) throw notFound('Webhook')
  return row
}

/** Ends the pause that the endpoint asked for: somebody wants to see the result now. */
export async function endPause(w: Writer, { id }: EndpointRow): Promise<void> {
  await w.db
    .update(webhookEndpoints)
    .set({ pausedUntil: null })
    .where(and(eq(webhookEndpoints.tenantId, w.tenantId), eq(webhookEndpoints.id, id)))
}
