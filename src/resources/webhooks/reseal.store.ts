import { and, eq, isNull, or } from 'drizzle-orm'
import type { Maintainer, Secrets } from '../../core/ctx'
import { beginsOtherwise } from '../../db/conditions'
import type { Db } from '../../db/dialect'
import { openReply, sealReply } from './deliveries/reply'
import { type DeliveryRow, webhookDeliveries } from './deliveries/table'
import { resealed } from './secrets'
import { type EndpointRow, webhookEndpoints } from './table'

/** Endpoints of all councils with a secret not sealed under the newest key. */
export function listEndpoints(db: Db, { seal: [newest] }: Secrets, limit: number): Promise<EndpointRow[]> {
  const { secret, previousSecret, deletedAt } = webhookEndpoints
  const start = `${newest.id}.`
  return db
    .select()
    .from(webhookEndpoints)
    .where(and(isNull(deletedAt), or(beginsOtherwise(secret, start), beginsOtherwise(previousSecret, start))))
    .limit(limit)
}

export async function resealEndpoint(m: Maintainer, secrets: Secrets, row: EndpointRow): Promise<void> {
  await m.db.update(webhookEndpoints).set(resealed({ secrets }, row)).where(eq(webhookEndpoints.id, row.id))
}

/** Deliveries of all councils with a reply not sealed under the newest key. */
export const listReplies = (db: Db, { seal: [newest] }: Secrets, limit: number): Promise<DeliveryRow[]> =>
  db
    .select()
    .from(webhookDeliveries)
    .where(beginsOtherwise(webhookDeliveries.reply, `${newest.id}.`))
    .limit(limit)

export async function resealReply(m: Maintainer, secrets: Secrets, row: DeliveryRow): Promise<void> {
  const reply = sealReply({ secrets }, row.id, openReply({ secrets }, row) ?? '')
  await m.db.update(webhookDeliveries).set({ reply }).where(eq(webhookDeliveries.id, row.id))
}
