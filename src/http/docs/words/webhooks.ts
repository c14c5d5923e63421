import type { Json } from '../types'
import { changed, ids, made } from './ids'

const shown: Record<string, Json> = {
  description: 'The customer service system',
  enabled: true,
  disabledReason: null,
  failureCount: 0,
  lastSuccessAt: changed,
  previousSecretUntil: null,
  createdAt: made,
  updatedAt: made,
}

const delivery: Record<string, Json> = {
  id: ids.delivery,
  webhookId: ids.webhook,
  eventId: ids.webhookEvent,
  event: 'case_created',
  entityId: ids.case,
  state: 'delivered',
  attemptCount: 1,
  nextAttemptAt: null,
  createdAt: changed,
  finishedAt: changed,
}

/** The one that the schema shows, as a new webhook is told it. */
const exampleSecret = 'whsec_fyjMCB6CcdjuND9QbPLFEhNhtajSce7t081kXXL3Hiw='

const samplesOf = (owner: string, values: Record<string, Json>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${owner}.${name}`, value]))

/** The schema of an event, in few words: the whole of it is long. */
const schema = {
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

/** Webhooks and what was delivered to them. */
export const webhookSamples: Record<string, Json> = {
  'webhooks.id': ids.webhook,
  'getDelivery.id': ids.delivery,
  'replayDelivery.id': ids.delivery,
  ...samplesOf('Webhook', { id: ids.webhook, ...shown }),
  ...samplesOf('WebhookWithSecret', { id: ids.webhook, ...shown }),
  'filter.wardId': null,
  'filter.categoryId': null,
  includePersonalData: false,
  'createWebhook.secret': exampleSecret,
  'rotateWebhookSecret.previousSecretUntil': '2026-03-14T10:05:00.000Z',
  'rotateWebhookSecret.updatedAt': changed,
  'updateWebhook.updatedAt': changed,
  ...samplesOf('Delivery', delivery),
  ...samplesOf('replayDelivery', {
    state: 'waiting',
    attemptCount: 0,
    nextAttemptAt: changed,
    finishedAt: null,
  }),
  'attempts.at': changed,
  'attempts.status': 204,
  'attempts.fault': null,
  'attempts.message': null,
  'attempts.durationMs': 87,
  'WebhookTest.eventId': ids.webhookEvent,
  'Replayed.replayed': 12,
  'EventCatalogue.events': [{ name: 'case_created', description: 'A case was made.', schema }],
}
