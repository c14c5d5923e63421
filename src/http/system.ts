import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { unavailable } from '../lib/errors'
import { commit, version } from '../lib/version'

/** Whether the process lives, whether it can serve, and what it is. */
export const systemRoutes = ({ store }: Deps) =>
  new Elysia({ name: 'system', tags: ['System'] })
    .get('/', ({ redirect }) => redirect('/swagger', 302), { detail: { hide: true } })
    .get('/health', () => ({ status: 'ok' }), { detail: { summary: 'Is the process alive?' } })
    .get(
      '/ready',
      async () => {
        try {
          await store.ping()
        } catch (cause) {
          throw unavailable('The store does not answer', cause)
        }
        return { status: 'ready' }
      },
      { detail: { summary: 'Can requests be served?' } },
    )
    .get('/version', () => ({ name: 'reeve', version, commit }), { detail: { summary: 'Version' } })
