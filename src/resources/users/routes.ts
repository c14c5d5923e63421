import { Elysia } from 'elysia'
import { paged } from '../../core/paging'
import { guard } from '../../http/guard'
import { UserList, UserQuery, UserView } from './model'
import { showUsers, today } from './service'
import { getUser, listUsers } from './store'

export const userRoutes = new Elysia({ prefix: '/api/users', tags: ['Users'] })
  .use(guard)
  .get(
    '',
    async ({ ctx, query }) => {
      const { rows, pagination } = await paged(ctx, 'users', query, (slice) =>
        listUsers(ctx, query, today(ctx), slice),
      )
      return { users: await showUsers(ctx, rows), pagination }
    },
    {
      scope: 'users:read',
      timed: today,
      query: UserQuery,
      response: UserList,
      detail: {
        operationId: 'listUsers',
        summary: 'List users and councillors',
        description:
          'The council’s staff and councillors by name, with the wards that councillors represent. Email addresses and ' +
          'telephone numbers are included if they are public, or if the key acts for nobody, a manager or that person.',
      },
    },
  )
  .get(
    '/:id',
    async ({ ctx, params }) => {
      const [view] = await showUsers(ctx, [await getUser(ctx, params.id)])
      return view as UserView
    },
    {
      scope: 'users:read',
      response: UserView,
      detail: {
        operationId: 'getUser',
        summary: 'View a user or councillor',
        description: 'One member of staff or councillor, with their profile and terms.',
      },
    },
  )
