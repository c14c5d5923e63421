import { type Static, Type } from '@sinclair/typebox'
import { eventNames } from '../../core/outbox/table'
import { Id, Instant, Nullable, OneOf, PageQuery, PaginationView, Prose, Strict } from '../../core/schema'
import { disabledReasons, type EndpointRow } from './table'

const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'An `https://` address on the public internet',
  examples: ['https://crm.example.gov.uk/hooks/reeve'],
})

const Events = Type.Array(OneOf(eventNames), {
  minItems: 1,
  maxItems: eventNames.length,
  description: 'Events to send, by their names in the catalogue',
  examples: [['case_created', 'case_status_changed']],
})

const Filter = Strict({
  wardId: Nullable(Type.String({ description: 'Only events about this ward or the whole council' })),
  categoryId: Nullable(Type.String({ description: 'For cases, only those in this category' })),
})

const personal = 'Send residents’ fields too, if the council’s settings allow it'

export const WebhookView = Strict(
  {
    id: Type.String(),
    url: Url,
    description: Nullable(Type.String()),
    events: Events,
    filter: Filter,
    includePersonalData: Type.Boolean({ description: personal }),
    enabled: Type.Boolean(),
    disabledReason: Nullable(
      OneOf(
        disabledReasons,
        'Why it is turned off: by hand, because it answered 410 Gone, or after five days of failure and eight attempts',
      ),
    ),
    failureCount: Type.Integer({ description: 'Failed attempts since the last success' }),
    lastSuccessAt: Nullable(Instant),
    previousSecretUntil: Nullable(Type.String({ description: 'Until when the previous secret signs too' })),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { title: 'Webhook' },
)
export type WebhookView = Static<typeof WebhookView>

const secret = Nullable(
  Type.String({
    description: 'Signs what is sent. Shown here only once: null if the same request is repeated',
    examples: ['whsec_fyjMCB6CcdjuND9QbPLFEhNhtajSce7t081kXXL3Hiw='],
  }),
)

export const WebhookWithSecret = Strict({ ...WebhookView.properties, secret }, { title: 'WebhookWithSecret' })
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const WebhookList = Strict(
  { webhooks: Type.Array(WebhookView), pagination: PaginationView },
  { title: 'WebhookList' },
)

const given = {
  url: Url,
  description: Nullable(Prose(500)),
  events: Events,
  filter: Type.Partial(Strict({ wardId: Nullable(Id), categoryId: Nullable(Id) }), {
    additionalProperties: false,
  }),
  includePersonalData: Type.Boolean({ description: `${personal}; needs \`residents:read\`` }),
  enabled: Type.Boolean(),
}

const { url, events, ...optional } = given

export const WebhookCreate = Strict(
  { url, events, ...Type.Partial(Strict(optional)).properties },
  {
    title: 'WebhookCreate',
    examples: [
      { url: 'https://crm.example.gov.uk/hooks/reeve', events: ['case_created', 'case_status_changed'] },
    ],
  },
)
export type WebhookCreate = Static<typeof WebhookCreate>

export const WebhookPatch = Type.Partial(Strict(given), {
  additionalProperties: false,
  title: 'WebhookPatch',
  examples: [{ enabled: true }],
})
export type WebhookPatch = Static<typeof WebhookPatch>

export const WebhookQuery = Strict({
  event: Type.Optional(OneOf(eventNames, 'Only webhooks that are sent this event')),
  enabled: Type.Optional(Type.Boolean()),
  ...PageQuery,
})
export type WebhookQuery = Static<typeof WebhookQuery>

export const RotateQuery = Strict({
  overlapSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 604_800,
      default: 86_400,
      description: 'How long the old secret keeps signing; 0 after a leak',
    }),
  ),
})

export const Tested = Strict(
  {
    eventId: Type.String({
      description: 'Id of the test event: use it as `eventId` in the list of deliveries',
    }),
  },
  { title: 'WebhookTest' },
)

export const EventCatalogue = Strict(
  {
    events: Type.Array(
      Strict({
        name: OneOf(eventNames),
        description: Type.String(),
        schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of what is sent' }),
      }),
    ),
  },
  { title: 'EventCatalogue' },
)

const instant = (date: Date | null) => date?.toISOString() ?? null

/** Without its secrets. */
export function toView(row: EndpointRow, now: Date): WebhookView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    filter: { wardId: row.wardId, categoryId: row.categoryId },
    includePersonalData: row.includePersonalData,
    enabled: row.enabled,
    disabledReason: row.disabledReason,
    failureCount: row.failureCount,
    lastSuccessAt: instant(row.lastSuccessAt),
    previousSecretUntil: row.previousUntil && row.previousUntil > now ? instant(row.previousUntil) : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

/** Without the address, which may contain a secret. */
export const WebhookEventView = Strict(
  {
    id: Type.String(),
    host: Type.String({ examples: ['crm.example.gov.uk'] }),
    description: Nullable(Type.String()),
    enabled: Type.Boolean(),
    disabledReason: Nullable(OneOf(disabledReasons)),
  },
  { title: 'WebhookTold' },
)

export const toEventView = ({
  id,
  url,
  description,
  enabled,
  disabledReason,
}: EndpointRow): Static<typeof WebhookEventView> => ({
  id,
  host: new URL(url).host,
  description,
  enabled,
  disabledReason,
})
