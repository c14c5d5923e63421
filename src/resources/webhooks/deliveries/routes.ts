import { Elysia } from 'elysia'
import type { Ctx } from '../../../core/ctx'
import { paged } from '../../../core/paging'
import { taggedBy } from '../../../core/precondition'
import { guard } from '../../../http/guard'
import { endpointsState, getEndpoint } from '../store'
import { DeliveryList, DeliveryQuery, DeliveryView, Replayed, ReplayInput, toView } from './model'
import { replayDelivery, replayFailed } from './service'
import { getDelivery, listDeliveries } from './store'

const activityOf = async (ctx: Ctx) => String((await endpointsState(ctx)).activity)

export const deliveryRoutes = new Elysia({ prefix: '/api/webhooks', tags: ['Webhooks'] })
  .use(guard)
  .get(
    '/:id/deliveries',
    async ({ ctx, params, query }) => {
      const { id } = await getEndpoint(ctx, params.id)
      const { rows, pagination } = await paged(ctx, `deliveries ${id}`, query, (slice) =>
        listDeliveries(ctx, id, query, slice),
      )
      return { deliveries: rows.map((row) => toView(ctx, row)), pagination }
    },
    {
      scope: 'webhooks:read',
      timed: activityOf,
      query: DeliveryQuery,
      response: DeliveryList,
      detail: {
        operationId: 'listDeliveries',
        summary: 'List deliveries',
        description:
          'What was sent to a webhook in the last 30 days and what is waiting, the newest event first, with each attempt and ' +
          'its result.',
      },
    },
  )
  .get('/deliveries/:id', async ({ ctx, params }) => toView(ctx, await getDelivery(ctx, params.id)), {
    scope: 'webhooks:read',
    response: DeliveryView,
    detail: {
      operationId: 'getDelivery',
      summary: 'View a delivery',
      description: 'The delivery of one event to one webhook.',
    },
  })
  .post(
    '/deliveries/:id/replay',
    async ({ ctx, params, set }) => {
      set.status = 202
      const replayed = await replayDelivery(ctx, params.id)
      return taggedBy(replayed, replayed)
    },
    {
      scope: 'webhooks:write',
      response: { 202: DeliveryView },
      detail: {
        operationId: 'replayDelivery',
        summary: 'Replay a delivery',
        description:
          'Sends the event once more, under the same `webhook-id` and with a new signature. One that is waiting to be tried ' +
          'again goes now.',
      },
    },
  )
  .post(
    '/:id/replay-failed',
    async ({ ctx, params, body, set }) => {
      set.status = 202
      return replayFailed(ctx, params.id, body.since)
    },
    {
      scope: 'webhooks:write',
      parse: ['json'],
      body: ReplayInput,
      response: { 202: Replayed },
      detail: {
        operationId: 'replayFailedDeliveries',
        summary: 'Replay failed deliveries',
        description:
          'Queues failed deliveries since that moment again, in order, including those never tried because the webhook was ' +
          'disabled. At most 5,000 at a time; `hasMore` says whether to repeat the request.',
      },
    },
  )
