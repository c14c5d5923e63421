import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { visitor } from '../http/visitor'
import { eventSample } from '../resources/events/about'
import { answerPublicly, jsonType } from './answer'
import { eventFeed } from './event-feed'
import { calendarEvents, eventsChanged, PublicEventList, toCalendar, toPublicEvent } from './events'
import { feedTypes, toRss } from './feed'
import { baseUrl, namedWard, WardQuery } from './place'
import { sampleCalendar, sampleRss } from './sample-files'

const sample = {
  part: 'events',
  id: `urn:x-reeve:event:${eventSample.id}`,
  title: eventSample.title,
  link: `events/${eventSample.id}`,
  html: '<p>Saturday, 9 May 2026, 10:00 to 12:00, Junction 3 Library</p>',
}

export function publicEventRoutes(deps: Deps) {
  const { config, clock } = deps
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] })
    .use(visitor(deps))
    .get(
      '/events.ics',
      async ({ ctx, council, request, query }) => {
        const changedAt = await eventsChanged(ctx, council)
        const text = toCalendar(ctx, await calendarEvents(ctx, await namedWard(ctx, query.ward)))
        const type = 'text/calendar; charset=utf-8'
        return answerPublicly(request, { type, text, changedAt, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardQuery,
        detail: {
          operationId: 'getEventsAsCalendar',
          summary: 'Follow events in a calendar',
          description:
            'Events of the last three months and all future events as iCalendar (RFC 5545), for people to subscribe to. ' +
            'Cancelled events stay in it, marked as cancelled.',
          responses: sampleCalendar(eventSample),
        },
      },
    )
    .get(
      '/events.rss',
      async ({ ctx, council, request, query }) => {
        const changedAt = await eventsChanged(ctx, council)
        const ward = await namedWard(ctx, query.ward)
        const text = toRss(await eventFeed(ctx, baseUrl(config, request), ward, changedAt))
        return answerPublicly(request, { type: feedTypes.rss, text, changedAt, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardQuery,
        detail: {
          operationId: 'getEventsAsRss',
          summary: 'Follow events as RSS 2.0',
          description: 'Current events, then those coming next.',
          responses: sampleRss(sample),
        },
      },
    )
    .get(
      '/events.json',
      async ({ ctx, council, request, query }) => {
        const rows = await calendarEvents(ctx, await namedWard(ctx, query.ward))
        const text = JSON.stringify({ events: rows.map(toPublicEvent) })
        const changedAt = await eventsChanged(ctx, council)
        return answerPublicly(request, { type: jsonType, text, changedAt, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardQuery,
        response: PublicEventList,
        detail: {
          operationId: 'listPublicEvents',
          summary: 'List public events',
          description:
            'Events of the last three months and all future events, including cancelled and postponed ones.',
        },
      },
    )
}
