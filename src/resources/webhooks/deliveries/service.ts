import type { Change } from '../../../core/change'
import type { Ctx, Writer } from '../../../core/ctx'
import { readInstant } from '../../../core/instants'
import { write } from '../../../core/write'
import { engineOf } from '../../../db/engine'
import { conflict, type Issue, invalid } from '../../../lib/errors'
import { endPause, getEndpoint } from '../store'
import { type EndpointRow, webhookEndpoints } from '../table'
import { type DeliveryView, type Replayed, toView } from './model'
import { getDelivery, listFailed, requeue, settle } from './store'

const replayedAtOnce = 5_000

/** Locks its queue until the transaction ends; throws if it is disabled. */
async function lockedEndpoint(w: Writer, id: string): Promise<EndpointRow> {
  await engineOf(w.db).lockRow(w.db, webhookEndpoints, id)
  const endpoint = await getEndpoint(w, id)
  if (!endpoint.enabled) throw conflict('The webhook is disabled: enable it first', { enabled: false })
  await endPause(w, endpoint)
  return endpoint
}

const changeOf = (id: string, replayed: number): Change => ({
  entity: 'webhook',
  id,
  before: null,
  after: { replayed },
  safe: ['replayed'],
})

/** Under the same id; a waiting delivery is sent at once. */
export const replayDelivery = (ctx: Ctx, id: string): Promise<DeliveryView> =>
  write(ctx, 'webhook.replay', async (w) => {
    const { endpointId, entityId } = await getDelivery(w, id)
    await lockedEndpoint(w, endpointId)
    await requeue(w, [id])
    await settle(w.db, endpointId, [entityId], w.clock.now())
    return { changes: [changeOf(endpointId, 1)], result: toView(w, await getDelivery(w, id)) }
  })

/** The oldest first, a limited number at a time. */
export const replayFailed = (ctx: Ctx, endpointId: string, since: string): Promise<Replayed> => {
  const issues: Issue[] = []
  const from = readInstant(ctx, 'body', 'since', since, issues)
  if (issues.length > 0 || from === undefined) throw invalid(issues)
  return write(ctx, 'webhook.replay', async (w) => {
    await lockedEndpoint(w, endpointId)
    const failed = await listFailed(w, endpointId, from, replayedAtOnce + 1)
    const replayed = failed.slice(0, replayedAtOnce)
    if (replayed.length === 0) return { changes: [], result: { replayed: 0, hasMore: false } }
    await requeue(
      w,
      replayed.map(({ id }) => id),
    )
    await settle(
      w.db,
      endpointId,
      replayed.map(({ entityId }) => entityId),
      w.clock.now(),
    )
    const result = { replayed: replayed.length, hasMore: failed.length > replayed.length }
    return { changes: [changeOf(endpointId, replayed.length)], result }
  })
}
