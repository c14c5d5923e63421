import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { Approval, Approved } from '../../core/publishing'
import { guard } from '../../http/guard'
import { made } from '../../http/made'
import type { Timed } from '../../http/request-state'
import { EventCreate, EventList, EventPatch, EventQuery, EventView, toView } from './model'
import { approveEvents, createEvent, patchEvent, readFilters, removeEvent } from './service'
import { getEvent, lastOver, listEvents } from './store'

/** Events stop being upcoming without any change to the data. */
const timed: Timed = async (ctx, { upcoming }) =>
  upcoming === undefined ? '' : String((await lastOver(ctx, ctx.clock.now()))?.getTime())

export const eventRoutes = new Elysia({ prefix: '/api/events', tags: ['Events'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const filters = readFilters(ctx, query)
      const { rows, pagination } = await paged(ctx, 'events', query, (slice) =>
        listEvents(ctx, filters, slice),
      )
      return { events: rows.map(toView), pagination }
    },
    {
      scope: 'events:read',
      timed,
      query: EventQuery,
      response: EventList,
      detail: {
        operationId: 'listEvents',
        summary: 'List events',
        description: 'Surgeries, meetings, consultations and other events, by when they start.',
      },
    },
  )
  .get('/:id', async ({ ctx, params }) => toView(await getEvent(ctx, params.id)), {
    scope: 'events:read',
    response: EventView,
    detail: {
      operationId: 'getEvent',
      summary: 'View an event',
      description: 'One event, with its text as Markdown and as HTML.',
    },
  })
  .post(
    '',
    async ({ ctx, body, set }) => {
      const created = await createEvent(ctx, body)
      return made(set, `/api/events/${created.id}`, created)
    },
    {
      scope: 'events:write',
      parse: ['json'],
      body: EventCreate,
      response: { 201: EventView },
      detail: {
        operationId: 'createEvent',
        summary: 'Create an event',
        description:
          'Creates an event that waits for approval; until then nobody outside the council sees it. An all-day event ' +
          'starts on its first date and ends on the date after its last.',
      },
    },
  )
  .patch('/:id', ({ ctx, params, body }) => patchEvent(ctx, params.id, body), {
    scope: 'events:write',
    parse: ['json'],
    body: EventPatch,
    response: EventView,
    detail: {
      operationId: 'updateEvent',
      summary: 'Change an event',
      description:
        'Changes the fields that are sent, `status` too: from draft to pending, approved, then cancelled or postponed. A ' +
        'cancelled event stays in the feeds, so that calendars show it as cancelled.',
    },
  })
  .delete(
    '/:id',
    async ({ ctx, params }) => {
      await removeEvent(ctx, params.id)
      return new Response(null, { status: 204 })
    },
    {
      scope: 'events:write',
      detail: {
        operationId: 'deleteEvent',
        summary: 'Delete an event',
        description:
          'Removes an event for good. If people may have it in their calendars, cancel it instead.',
      },
    },
  )
  .post('/approve', ({ ctx, body }) => approveEvents(ctx, body.ids), {
    scope: 'events:write',
    parse: ['json'],
    body: Approval,
    response: Approved,
    detail: {
      operationId: 'approveEvents',
      summary: 'Approve events',
      description:
        'Makes pending events public, all of them or none. Events already approved stay so and do not count. Not for ' +
        'keys that act for a caseworker.',
    },
  })
