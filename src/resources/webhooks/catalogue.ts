import { type TSchema, Type } from '@sinclair/typebox'
import { Instant, OneOf, Strict } from '../../core/schema'
import { CaseView } from '../cases/model'
import { caseStatuses } from '../cases/table'
import { TimelineEntryView } from '../cases/timeline/model'
import { EventView } from '../events/model'
import { NewsView } from '../news/model'
import { UserView } from '../users/model'
import { WebhookTold } from './model'
import { type EventName, eventNames } from './table'

const aboutCase = Strict({
  case: CaseView,
  previousStatus: Type.Optional(OneOf(caseStatuses, 'What it was before; absent where the case is new')),
})
const aboutEvent = Strict({ event: EventView })
const aboutNews = Strict({ news: NewsView })
const aboutWebhook = Strict({ webhook: WebhookTold })

/** What has happened. */
const words: Record<EventName, string> = {
  case_created: 'A case was made.',
  case_status_changed: 'A case moved to another status.',
  case_resolved: 'A case was resolved; `case_status_changed` tells of it too.',
  case_closed: 'A case was closed; `case_status_changed` tells of it too.',
  case_note_added: 'A note was added to a case.',
  contact_submitted: 'A resident sent the council a message, which made a case.',
  news_published: 'News became public for the first time.',
  event_published: 'An event became public for the first time.',
  councillor_profile_updated: 'A councillor’s profile changed.',
  case_updated: 'Something of a case changed that no other event tells of.',
  case_assigned: 'A case was given to somebody, or to nobody.',
  case_reopened: 'A resolved or closed case was taken up again; `case_status_changed` tells of it too.',
  case_sla_breached: 'A case missed its target.',
  event_updated: 'An event that is public changed.',
  event_cancelled: 'An event that was public does not take place.',
  news_withdrawn: 'News that were public were taken back.',
  webhook_disabled: 'An endpoint is sent nothing any more: it failed for days, or said that it is gone.',
  webhook_test: 'Somebody asked for a test; the endpoint that it is for gets it without asking for it.',
}

/** What each event says. */
const dataOf: Record<EventName, TSchema> = {
  case_created: aboutCase,
  case_status_changed: aboutCase,
  case_resolved: aboutCase,
  case_closed: aboutCase,
  case_note_added: Strict({ case: CaseView, note: TimelineEntryView }),
  contact_submitted: aboutCase,
  news_published: aboutNews,
  event_published: aboutEvent,
  councillor_profile_updated: Strict({ councillor: UserView }),
  case_updated: aboutCase,
  case_assigned: aboutCase,
  case_reopened: aboutCase,
  case_sla_breached: aboutCase,
  event_updated: aboutEvent,
  event_cancelled: aboutEvent,
  news_withdrawn: aboutNews,
  webhook_disabled: aboutWebhook,
  webhook_test: aboutWebhook,
}

const bodyOf = (name: EventName) =>
  Strict({
    id: Type.String({ description: 'Of the event: the same in every attempt and replay' }),
    event: Type.Literal(name),
    timestamp: Instant,
    tenant: Type.String({ description: 'The slug of the council' }),
    data: dataOf[name],
  })

/** Every event with what has happened and the JSON Schema of what is sent. */
export const catalogue = eventNames.map((name) => ({
  name,
  description: words[name],
  // As a client gets it: without what only the library knows of its schemas.
  schema: JSON.parse(JSON.stringify(bodyOf(name))) as Record<string, unknown>,
}))
