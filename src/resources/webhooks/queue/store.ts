import { and, asc, eq, gt, inArray, isNull, lte, ne, sql } from 'drizzle-orm'
import type { Maintainer, Tenant } from '../../../core/ctx'
import { toTenant } from '../../../core/tenants/store'
import { tenants } from '../../../core/tenants/table'
import type { Db } from '../../../db/dialect'
import { engineOf } from '../../../db/engine'
import { prepared } from '../../../db/prepared'
import { longestWaitMs } from '../attempt/schedule'
import { type DeliveryRow, webhookDeliveries } from '../deliveries/table'
import { type EndpointRow, webhookEndpoints } from '../table'
import type { Ready } from './slots'

const { endpointId, eventPosition, state, nextAttemptAt } = webhookDeliveries

const selectReady = prepared((db) =>
  db
    .select({
      endpoint: webhookEndpoints,
      dueAt: sql<number>`"due_at"`,
      lastDueAt: sql<number>`"last_due_at"`,
    })
    .from(webhookEndpoints)
    .innerJoin(
      // Skips from endpoint to endpoint in the index, so the cost depends on endpoints rather than deliveries.
      sql`(with recursive waiting (endpoint_id) as (
        select min(endpoint_id) from webhook_deliveries where next_attempt_at is not null
        union all
        select (select min(d.endpoint_id) from webhook_deliveries d
          where d.next_attempt_at is not null and d.endpoint_id > waiting.endpoint_id)
        from waiting where waiting.endpoint_id is not null)
        select endpoint_id, (select min(d.next_attempt_at) from webhook_deliveries d
          where d.next_attempt_at is not null and d.endpoint_id = waiting.endpoint_id) as due_at,
          (select max(d.next_attempt_at) from webhook_deliveries d
          where d.next_attempt_at is not null and d.endpoint_id = waiting.endpoint_id) as last_due_at
        from waiting where endpoint_id is not null) as waiting`,
      sql`waiting.endpoint_id = ${webhookEndpoints.id}`,
    )
    .prepare(),
)

/**
 * Endpoints of all councils with waiting deliveries, and when the first is due; disabled ones too, so that theirs can
 * be failed. A due time beyond the longest wait came from a fast clock and is ignored.
 */
export async function listReady(db: Db, now: Date): Promise<Ready[]> {
  const rows = await selectReady(db).execute()
  const latest = now.getTime() + longestWaitMs
  return rows.map(({ endpoint, dueAt, lastDueAt }) => {
    const firstAt = Number(lastDueAt) > latest ? 0 : Number(dueAt)
    const pausedUntil = endpoint.pausedUntil?.getTime() ?? 0
    return {
      endpointId: endpoint.id,
      tenantId: endpoint.tenantId,
      dueAt: endpoint.enabled ? new Date(Math.max(firstAt, pausedUntil > latest ? 0 : pausedUntil)) : now,
      failureCount: endpoint.failureCount,
    }
  })
}

/** Makes deliveries due whose time lies beyond the longest wait: it came from a fast clock. */
export async function bringForward(m: Maintainer, id: string, now: Date): Promise<void> {
  const latest = new Date(now.getTime() + longestWaitMs)
  await m.db
    .update(webhookDeliveries)
    .set({ nextAttemptAt: now })
    .where(and(eq(endpointId, id), sql`${nextAttemptAt} is not null`, gt(nextAttemptAt, latest)))
}

/** Locks the queue until the transaction ends. */
export async function lockEndpoint({ db }: Maintainer, id: string): Promise<EndpointRow | undefined> {
  await engineOf(db).lockRow(db, webhookEndpoints, id)
  const [row] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  return row
}

/** Locks all endpoints of these councils in one fixed order, without the deleted ones. */
export async function lockEndpointsOf(
  db: Db,
  tenantIds: readonly string[],
): Promise<{ endpoint: EndpointRow; tenant: Tenant }[]> {
  const theirs = and(inArray(webhookEndpoints.tenantId, [...tenantIds]), isNull(webhookEndpoints.deletedAt))
  const known = await db
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(theirs)
    .orderBy(asc(webhookEndpoints.id))
  for (const { id } of known) await engineOf(db).lockRow(db, webhookEndpoints, id)
  if (known.length === 0) return []
  const rows = await db
    .select({ endpoint: webhookEndpoints, tenant: tenants })
    .from(webhookEndpoints)
    .innerJoin(tenants, eq(tenants.id, webhookEndpoints.tenantId))
    .where(theirs)
  return rows.map(({ endpoint, tenant }) => ({ endpoint, tenant: toTenant(tenant) }))
}

/** Deliveries already queued stay as they are. */
export async function insertDeliveries(
  m: Maintainer,
  rows: readonly (typeof webhookDeliveries.$inferInsert)[],
): Promise<void> {
  await m.db
    .insert(webhookDeliveries)
    .values([...rows])
    .onConflictDoNothing()
}

/** The longest waiting first. */
export const listDue = (m: Maintainer, id: string, now: Date, limit: number): Promise<DeliveryRow[]> =>
  m.db
    .select()
    .from(webhookDeliveries)
    .where(and(eq(endpointId, id), sql`${nextAttemptAt} is not null`, lte(nextAttemptAt, now)))
    .orderBy(asc(nextAttemptAt), asc(eventPosition))
    .limit(limit)

export async function updateDeliveries(
  m: Maintainer,
  ids: readonly string[],
  values: Partial<DeliveryRow>,
): Promise<void> {
  await m.db
    .update(webhookDeliveries)
    .set(values)
    .where(inArray(webhookDeliveries.id, [...ids]))
}

/** Waiting deliveries of an endpoint that is no longer sent anything. */
export const listStranded = (m: Maintainer, id: string, limit: number): Promise<DeliveryRow[]> =>
  m.db
    .select()
    .from(webhookDeliveries)
    .where(and(eq(endpointId, id), sql`${state} = 'waiting'`, ne(webhookDeliveries.event, 'webhook_test')))
    .limit(limit)

/** Undefined if it has been deleted. */
export async function findDelivery(m: Maintainer, id: string): Promise<DeliveryRow | undefined> {
  const [row] = await m.db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id))
  return row
}

/** Also increases its `activity`. */
export async function touchEndpoint(
  m: Maintainer,
  id: string,
  values: Partial<EndpointRow> = {},
): Promise<void> {
  await m.db
    .update(webhookEndpoints)
    .set({ ...values, activity: sql`${webhookEndpoints.activity} + 1` as unknown as number })
    .where(eq(webhookEndpoints.id, id))
}
