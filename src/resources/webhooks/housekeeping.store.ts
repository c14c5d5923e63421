import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Maintainer, Secrets } from '../../core/ctx'
import { beginsOtherwise } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import type { Snapshot } from '../../db/store'
import { type DeliveryRow, webhookDeliveries } from './deliveries/table'
import { touchEndpoint } from './queue/store'
import { openReply, resealed, sealReply } from './secrets'
import { type EndpointRow, webhookEndpoints } from './table'

const { endpointId, eventPosition, state } = webhookDeliveries

/** Deletes finished deliveries of these events; returns the events that still have others. */
export async function deleteFinished(m: Maintainer, positions: readonly number[]): Promise<Set<number>> {
  const about = inArray(eventPosition, [...positions])
  const finished = and(about, sql`${state} <> 'waiting'`)
  const owners = await m.db
    .selectDistinct({ id: endpointId })
    .from(webhookDeliveries)
    .where(finished)
    .orderBy(asc(endpointId))
  // Locked in the same order as everywhere, to avoid deadlock.
  for (const { id } of owners) await touchEndpoint(m, id)
  await m.db.delete(webhookDeliveries).where(finished)
  const left = await m.db.select({ position: eventPosition }).from(webhookDeliveries).where(about)
  return new Set(left.map(({ position }) => position))
}

export const listDeleted = (db: Db): Promise<{ id: string }[]> =>
  db
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(sql`${webhookEndpoints.deletedAt} is not null`)
    .limit(100)

/** The endpoint goes with its last delivery; returns how many deliveries were deleted. */
export async function deletePart(m: Maintainer, id: string, limit: number): Promise<number> {
  const part = m.db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(eq(endpointId, id))
    .limit(limit)
  const gone = await m.db
    .delete(webhookDeliveries)
    .where(inArray(webhookDeliveries.id, part))
    .returning({ id: webhookDeliveries.id })
  if (gone.length < limit) await m.db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  return gone.length
}

/** Endpoints of all councils with a secret not sealed under the newest key. */
export function listOutdatedEndpoints(
  db: Db,
  { seal: [newest] }: Secrets,
  limit: number,
): Promise<EndpointRow[]> {
  const { secret, previousSecret, deletedAt } = webhookEndpoints
  const start = `${newest.id}.`
  return db
    .select()
    .from(webhookEndpoints)
    .where(and(isNull(deletedAt), or(beginsOtherwise(secret, start), beginsOtherwise(previousSecret, start))))
    .limit(limit)
}

export async function resealEndpoint(m: Maintainer, secrets: Secrets, row: EndpointRow): Promise<boolean> {
  const renewed = resealed({ secrets }, row)
  if (renewed === null) return false
  await m.db.update(webhookEndpoints).set(renewed).where(eq(webhookEndpoints.id, row.id))
  return true
}

/** Deliveries of all councils with a reply not sealed under the newest key. */
export const listOutdatedReplies = (
  db: Db,
  { seal: [newest] }: Secrets,
  limit: number,
): Promise<DeliveryRow[]> =>
  db
    .select()
    .from(webhookDeliveries)
    .where(beginsOtherwise(webhookDeliveries.reply, `${newest.id}.`))
    .limit(limit)

export async function resealReply(m: Maintainer, secrets: Secrets, row: DeliveryRow): Promise<boolean> {
  const opened = openReply({ secrets }, row)
  if (opened === null) return false
  const reply = sealReply({ secrets }, row.id, opened)
  await m.db.update(webhookDeliveries).set({ reply }).where(eq(webhookDeliveries.id, row.id))
  return true
}

const maxStuck = 20

/** Queues that are stuck, and endpoints whose secret no key can open. */
export async function webhookFaults({ db }: Snapshot, secrets: Secrets): Promise<string[]> {
  const { entityId, nextAttemptAt } = webhookDeliveries
  const stuck = await db
    .select({ endpointId, entityId })
    .from(webhookDeliveries)
    .where(sql`${state} = 'waiting'`)
    .groupBy(endpointId, entityId)
    .having(sql`count(${nextAttemptAt}) = 0`)
    .limit(maxStuck)
  const endpoints = await db.select().from(webhookEndpoints).where(isNull(webhookEndpoints.deletedAt))
  return [
    ...stuck.map((one) => `${one.endpointId}: nothing of ${one.entityId} is due, though it waits`),
    ...endpoints
      .filter((endpoint) => resealed({ secrets }, endpoint) === null)
      .map(({ id }) => `${id}: its secret cannot be opened`),
  ]
}
