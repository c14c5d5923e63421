import { Elysia } from 'elysia'
import type { Deps } from '../../core/ctx'
import { Strict } from '../../core/schema'
import { changedAt } from '../../core/tenants/store'
import { visitor } from '../../http/visitor'
import { publicCaseFilters } from '../../resources/cases/public/model'
import { answerPublicly } from '../answer'
import { caseFeed } from '../cases'
import { calendarEvents, eventFeed, toCalendar } from '../events'
import { feedTypes, toAtom, toJsonFeed, toRss } from '../feed'
import { newsFeed } from '../news'
import { baseUrl, namedCategory, namedWard } from '../place'
import { feedFiles } from '../sample-files'
import { eventsChanged, latest, newsChanged, WardOnly } from './changed'

const renderings = [
  { format: 'json', render: toJsonFeed, name: 'JSON Feed 1.1' },
  { format: 'rss', render: toRss, name: 'RSS 2.0' },
  { format: 'atom', render: toAtom, name: 'Atom' },
] as const

/** News, events and cases for feed readers and calendars, without a key. */
export function feedRoutes(deps: Deps) {
  const { config, clock } = deps
  const app = new Elysia({ prefix: '/public/:tenant', tags: ['Public'] }).use(visitor(deps))
  for (const { format, render, name } of renderings) {
    app.get(
      `/news.${format}`,
      async ({ ctx, council, request, query }) => {
        const changed = await newsChanged(ctx, council)
        const ward = await namedWard(ctx, query.ward)
        const shape = await newsFeed(ctx, baseUrl(config, request), ward, changed)
        const answer = { type: feedTypes[format], text: render(shape), changedAt: changed, now: clock.now() }
        return answerPublicly(request, answer)
      },
      {
        visitor: 'reader',
        query: WardOnly,
        detail: {
          operationId: `getNewsAs${format[0]?.toUpperCase()}${format.slice(1)}`,
          summary: `Follow news as ${name}`,
          description:
            'The newest published news; with `ward`, those for that ward and for the whole council.',
          responses: feedFiles[format],
        },
      },
    )
  }
  return app
    .get(
      '/events.ics',
      async ({ ctx, council, request, query }) => {
        const changed = await eventsChanged(ctx, council)
        const calendar = toCalendar(ctx, await calendarEvents(ctx, await namedWard(ctx, query.ward)))
        const type = 'text/calendar; charset=utf-8'
        return answerPublicly(request, { type, text: calendar, changedAt: changed, now: clock.now() })
      },
      {
        visitor: 'reader',
        query: WardOnly,
        detail: {
          operationId: 'getEventsAsCalendar',
          summary: 'Follow events in a calendar',
          description:
            'Events of the last three months and all to come as iCalendar (RFC 5545), for people to subscribe to. What is ' +
            'cancelled stays in it, struck out.',
          responses: feedFiles.calendar,
        },
      },
    )
    .get(
      '/events.rss',
      async ({ ctx, council, request, query }) => {
        const changed = await eventsChanged(ctx, council)
        const ward = await namedWard(ctx, query.ward)
        const shape = await eventFeed(ctx, baseUrl(config, request), ward, changed)
        const answer = { type: feedTypes.rss, text: toRss(shape), changedAt: changed, now: clock.now() }
        return answerPublicly(request, answer)
      },
      {
        visitor: 'reader',
        query: WardOnly,
        detail: {
          operationId: 'getEventsAsRss',
          summary: 'Follow events as RSS 2.0',
          description: 'The next events, those that run now first.',
          responses: feedFiles.eventsRss,
        },
      },
    )
    .get(
      '/cases.rss',
      async ({ ctx, council, request, query }) => {
        const changed = latest(council, changedAt(council, 'cases'))
        const filters = {
          wardId: await namedWard(ctx, query.ward),
          categoryId: await namedCategory(ctx, query.category),
        }
        const shape = await caseFeed(ctx, baseUrl(config, request), filters, changed)
        const answer = { type: feedTypes.rss, text: toRss(shape), changedAt: changed, now: clock.now() }
        return answerPublicly(request, answer)
      },
      {
        visitor: 'reader',
        query: Strict(publicCaseFilters),
        detail: {
          operationId: 'getCasesAsRss',
          summary: 'Follow cases as RSS 2.0',
          description: 'The approved cases that changed last: what was reported and what became of it.',
          responses: feedFiles.casesRss,
        },
      },
    )
}
