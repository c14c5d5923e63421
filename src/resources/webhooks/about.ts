import { type About, prefixed, webhookEvent } from '../../core/about'
import { Strict } from '../../core/schema'
import { changedAt, createdAt, ids } from '../sample-values'
import { WebhookEventView } from './model'

const actions = {
  'webhook.create': 'Webhook created',
  'webhook.delete': 'Webhook deleted',
  'webhook.disable': 'Webhook turned off after failures',
  'webhook.replay': 'Delivery sent again',
  'webhook.rotate_secret': 'Webhook secret replaced',
  'webhook.test': 'Webhook tested',
  'webhook.update': 'Webhook changed',
} as const

declare module '../../core/about' {
  interface Actions extends WebhookActions {}
}
type WebhookActions = typeof actions

const data = Strict({ webhook: WebhookEventView })

const webhookId = 'w4h8k2d6s1f9g3j7l5q0p2ii'
const eventId = 'v5e1n7t3k9m2b6c8x4z0a1jj'
const deliveryId = 'd3l7v1r5y9u2i6o8p4a0s1kk'

const webhook = {
  id: webhookId,
  description: 'The customer service system',
  enabled: true,
  disabledReason: null,
  failureCount: 0,
  lastSuccessAt: changedAt,
  previousSecretUntil: null,
  createdAt,
  updatedAt: createdAt,
}

const delivery = {
  id: deliveryId,
  webhookId,
  eventId,
  event: 'case_created',
  entityId: ids.case,
  state: 'delivered',
  attemptCount: 1,
  nextAttemptAt: null,
  createdAt: changedAt,
  finishedAt: changedAt,
}

/** Cut short: the real one is long. */
const eventSchema = {
  type: 'object',
  required: ['id', 'event', 'timestamp', 'tenant', 'data'],
  properties: {
    id: { type: 'string' },
    event: { const: 'case_created', type: 'string' },
    timestamp: { type: 'string' },
    tenant: { type: 'string' },
    data: { type: 'object' },
  },
}

const samples = {
  'webhooks.id': webhookId,
  'getDelivery.id': deliveryId,
  'replayDelivery.id': deliveryId,
  ...prefixed('Webhook', webhook),
  ...prefixed('WebhookWithSecret', webhook),
  ...prefixed('filter', { wardId: null, categoryId: null }),
  includePersonalData: false,
  'createWebhook.secret': 'whsec_fyjMCB6CcdjuND9QbPLFEhNhtajSce7t081kXXL3Hiw=',
  ...prefixed('rotateWebhookSecret', {
    previousSecretUntil: '2026-03-14T10:05:00.000Z',
    updatedAt: changedAt,
  }),
  'updateWebhook.updatedAt': changedAt,
  ...prefixed('Delivery', delivery),
  ...prefixed('replayDelivery', {
    state: 'waiting',
    attemptCount: 0,
    nextAttemptAt: changedAt,
    finishedAt: null,
  }),
  ...prefixed('attempts', { at: changedAt, status: 204, fault: null, message: null, durationMs: 87 }),
  'WebhookTest.eventId': eventId,
  'Replayed.replayed': 12,
  'EventCatalogue.events': [
    { name: 'case_created', description: 'A case was created.', schema: eventSchema },
  ],
}

const refusals = {
  Conflict: {
    webhooks: {
      summary: 'One webhook too many',
      error: 'A council may have 50 webhooks at most',
      details: { total: 50 },
    },
    secret: {
      summary: 'A new secret while the previous one still signs',
      error:
        'The secret before this one still signs: wait until it ends, or end both at once with overlapSeconds=0',
      details: { previousSecretUntil: '2026-03-14T10:05:00.000Z' },
    },
    disabled: {
      summary: 'Deliveries to a disabled webhook replayed',
      error: 'The webhook is disabled: enable it first',
      details: { enabled: false },
    },
  },
} satisfies About['refusals']

/** Webhooks and what was delivered to them. */
export const webhooksAbout = {
  tag: { name: 'Webhooks', description: 'Tell other systems what happens, as it happens.' },
  scopes: {
    'webhooks:read': { heading: 'Webhooks', allows: 'View webhooks and their deliveries' },
    'webhooks:write': { heading: 'Webhooks', allows: 'Create, change, test and delete webhooks' },
  },
  entities: { webhook: 'Webhook' },
  actions,
  events: {
    webhook_disabled: webhookEvent(
      'An endpoint was turned off, because it failed for days or answered 410 Gone.',
      data,
    ),
    webhook_test: webhookEvent(
      'Somebody asked for a test. Sent to the tested endpoint whether or not it asked for this event.',
      data,
    ),
  },
  parameters: {
    'webhooks.enabled': 'Only enabled webhooks, or only disabled ones',
    'webhooks.overlapSeconds':
      'How many seconds the old secret keeps signing: a day by default, 0 after a leak',
    'listDeliveries.state': 'Only deliveries in this state',
    'listDeliveries.event': 'Only deliveries of this event',
    'listDeliveries.eventId': 'Only the delivery of the event with this id, its `webhook-id`',
    'listDeliveries.entityId': 'Only deliveries of events about the thing with this id',
  },
  samples,
  refusals,
} satisfies About
