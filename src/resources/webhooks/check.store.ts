import { isNull, sql } from 'drizzle-orm'
import type { Secrets } from '../../core/ctx'
import type { Snapshot } from '../../db/store'
import { webhookDeliveries } from './deliveries/table'
import { secretsOf } from './secrets'
import { webhookEndpoints } from './table'

const shownFaults = 20

/** Queues that are stuck, and endpoints whose secret no key can open. */
export async function webhookFaults({ db }: Snapshot, secrets: Secrets): Promise<string[]> {
  const { endpointId, entityId, state, nextAttemptAt } = webhookDeliveries
  const still = await db
    .select({ endpointId, entityId })
    .from(webhookDeliveries)
    .where(sql`${state} = 'waiting'`)
    .groupBy(endpointId, entityId)
    .having(sql`count(${nextAttemptAt}) = 0`)
    .limit(shownFaults)
  const endpoints = await db.select().from(webhookEndpoints).where(isNull(webhookEndpoints.deletedAt))
  return [
    ...still.map((one) => `${one.endpointId}: nothing of ${one.entityId} is due, though it waits`),
    ...endpoints.flatMap((endpoint) => {
      try {
        secretsOf({ secrets }, endpoint, new Date(0))
        return []
      } catch (error) {
        return [`${endpoint.id}: ${error instanceof Error ? error.message : String(error)}`]
      }
    }),
  ]
}
