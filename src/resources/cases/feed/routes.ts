import { Elysia } from 'elysia'
import { guard } from '../../../http/guard'
import { ChangeList, ChangesQuery } from './model'
import { listChanges } from './service'

export const changeRoutes = new Elysia({ prefix: '/api/cases', tags: ['Cases'] })
  .use(guard)
  .get('/changes', ({ ctx, query }) => listChanges(ctx, query), {
    scope: 'cases:read',
    query: ChangesQuery,
    response: ChangeList,
    detail: {
      operationId: 'listCaseChanges',
      summary: 'Follow the changes of cases',
      description:
        'What has changed since a place, in order, for keeping another system in step: start with an empty `since`, ' +
        'ask again with `nextCursor` at once while `hasMore`, then from time to time. Each case comes as it is now, ' +
        'archived ones too; `removed` says that the key may no longer see it, `erased` that it is gone. `slaState` ' +
        'also changes by time alone, which is no change here: `dueAt` tells when.',
    },
  })
