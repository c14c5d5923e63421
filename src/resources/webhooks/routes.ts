import { Elysia } from 'elysia'
import type { Ctx, Deps } from '../../core/ctx'
import { paged } from '../../core/paging'
import { taggedBy } from '../../core/precondition'
import { guard } from '../../http/guard'
import { made } from '../../http/made'
import { catalogue } from './catalogue'
import {
  EventCatalogue,
  RotateQuery,
  Tested,
  toView,
  WebhookCreate,
  WebhookList,
  WebhookPatch,
  WebhookQuery,
  WebhookView,
  WebhookWithSecret,
} from './model'
import { createEndpoint, patchEndpoint, removeEndpoint, rotateSecret, testEndpoint } from './service'
import { endpointsState, getEndpoint, listEndpoints } from './store'

const defaultOverlapSeconds = 86_400

/** Nobody may cache a secret. */
const uncached = { 'cache-control': 'no-store' }

/** What can be read of a webhook afterwards. */
const withoutSecret = ({ secret: _, ...view }: WebhookWithSecret): WebhookView => view

/** Deliveries and expiring secrets change the list without a change to the data, so its ETag includes them. */
async function timed(ctx: Ctx): Promise<string> {
  const { activity, secretEndsAt } = await endpointsState(ctx)
  return `${activity} ${secretEndsAt}`
}

export const webhookRoutes = (deps: Deps) =>
  new Elysia({ prefix: '/api/webhooks', tags: ['Webhooks'] })
    .use(guard)
    .get(
      '',
      async ({ ctx, query }) => {
        const { rows, pagination } = await paged(ctx, 'webhooks', query, (slice) =>
          listEndpoints(ctx, query, slice),
        )
        const now = ctx.clock.now()
        return { webhooks: rows.map((row) => toView(row, now)), pagination }
      },
      {
        scope: 'webhooks:read',
        timed,
        query: WebhookQuery,
        response: WebhookList,
        detail: {
          operationId: 'listWebhooks',
          summary: 'List webhooks',
          description: 'Where events are sent, and whether those addresses can be reached; the newest first.',
        },
      },
    )
    .get('/events', () => ({ events: catalogue }), {
      scope: 'webhooks:read',
      response: EventCatalogue,
      detail: {
        operationId: 'getWebhookEvents',
        summary: 'View the event catalogue',
        description: 'Every event that a webhook can ask for, with a JSON Schema of what is sent.',
      },
    })
    .get('/:id', async ({ ctx, params }) => toView(await getEndpoint(ctx, params.id), ctx.clock.now()), {
      scope: 'webhooks:read',
      response: WebhookView,
      detail: {
        operationId: 'getWebhook',
        summary: 'View a webhook',
        description: 'Which events it is sent, and whether it can be reached. Its secret is not shown.',
      },
    })
    .post(
      '',
      async ({ ctx, body, set }) => {
        const created = await createEndpoint(ctx, deps, body)
        Object.assign(set.headers, uncached)
        return made(set, `/api/webhooks/${created.id}`, withoutSecret(created), created)
      },
      {
        scope: 'webhooks:write',
        parse: ['json'],
        body: WebhookCreate,
        response: { 201: WebhookWithSecret },
        detail: {
          operationId: 'createWebhook',
          summary: 'Create a webhook',
          description:
            'Sends events to an address from now on. This answer is the only one with the secret that signs them. Sending ' +
            'residents’ fields also needs `residents:read`.',
        },
      },
    )
    .patch('/:id', ({ ctx, params, body }) => patchEndpoint(ctx, deps, params.id, body), {
      scope: 'webhooks:write',
      parse: ['json'],
      body: WebhookPatch,
      response: WebhookView,
      detail: {
        operationId: 'updateWebhook',
        summary: 'Change a webhook',
        description:
          'Changes the fields that are sent. An enabled webhook gets new events from then on; replay what it missed. Sending ' +
          'residents’ fields to another address needs `residents:read`.',
      },
    })
    .delete(
      '/:id',
      async ({ ctx, params }) => {
        await removeEndpoint(ctx, params.id)
        return new Response(null, { status: 204 })
      },
      {
        scope: 'webhooks:write',
        detail: {
          operationId: 'deleteWebhook',
          summary: 'Delete a webhook',
          description: 'Nothing more is sent to it, and its delivery log is deleted.',
        },
      },
    )
    .post(
      '/:id/test',
      async ({ ctx, params, set }) => {
        set.status = 202
        return testEndpoint(ctx, params.id)
      },
      {
        scope: 'webhooks:write',
        response: { 202: Tested },
        detail: {
          operationId: 'testWebhook',
          summary: 'Test a webhook',
          description:
            'Sends `webhook_test` once, even to a disabled webhook. Its deliveries show the result.',
        },
      },
    )
    .post(
      '/:id/rotate-secret',
      async ({ ctx, params, query, set }) => {
        Object.assign(set.headers, uncached)
        const seconds = query.overlapSeconds ?? defaultOverlapSeconds
        const rotated = await rotateSecret(ctx, deps, params.id, seconds)
        return taggedBy(withoutSecret(rotated), rotated)
      },
      {
        scope: 'webhooks:write',
        query: RotateQuery,
        response: WebhookWithSecret,
        detail: {
          operationId: 'rotateWebhookSecret',
          summary: 'Give a webhook a new secret',
          description:
            'Until the old secret ends, what is sent is signed with both; during that time the secret can only be rotated again ' +
            'with `overlapSeconds=0`. This answer is the only one with the new secret.',
        },
      },
    )
