import { Elysia } from 'elysia'
import { paged } from '../../../core/paging'
import { guard } from '../../../http/guard'
import { getCase } from '../store'
import { NoteCreate, TimelineEntryView, TimelineList, TimelineQuery, toView } from './model'
import { addNote } from './service'
import { listEntries } from './store'

export const timelineRoutes = new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
  .use(guard)
  .get(
    '/:id/timeline',
    async ({ ctx, params, query }) => {
      const { case: found } = await getCase(ctx, params.id)
      const { rows, pagination } = await paged(ctx, `timeline ${found.id}`, query, (slice) =>
        listEntries(ctx, found.id, query, slice),
      )
      return { timeline: rows.map(toView), pagination }
    },
    {
      scope: 'cases:read',
      query: TimelineQuery,
      response: TimelineList,
      detail: {
        operationId: 'listCaseTimeline',
        summary: 'List what happened to a case',
        description:
          'The history of one case: notes, moves, assignments, targets and public updates, the newest first.',
      },
    },
  )
  .post(
    '/:id/notes',
    async ({ ctx, params, body, set }) => {
      const note = await addNote(ctx, params.id, body)
      set.status = 201
      set.headers.location = `/api/cases/${params.id}/timeline`
      return note
    },
    {
      scope: 'cases:write',
      parse: ['json'],
      body: NoteCreate,
      response: { 201: TimelineEntryView },
      detail: {
        operationId: 'createNote',
        summary: 'Add a note to a case',
        description:
          'Adds a note to the history of a case: internal, for staff, where `visibility` says nothing else.',
      },
    },
  )
