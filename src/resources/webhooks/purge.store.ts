import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Maintainer } from '../../core/ctx'
import type { Db } from '../../db/dialect'
import { webhookDeliveries } from './deliveries/table'
import { touchEndpoint } from './queue/store'
import { webhookEndpoints } from './table'

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
