import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { unavailable } from '../lib/errors'
import { commit, version } from '../lib/version'
import { documentedJson } from './docs/responses'

export const systemRoutes = ({ store }: Deps) =>
  new Elysia({ name: 'system', tags: ['System'] })
    .get('/', ({ redirect }) => redirect('/swagger', 302), { detail: { hide: true } })
    .get('/health', () => ({ status: 'ok' }), {
      detail: {
        operationId: 'getHealth',
        summary: 'Check that the process is running',
        description: 'Answers as long as the process runs, whatever the state of the store.',
        responses: documentedJson({ status: { type: 'string', enum: ['ok'] } }),
      },
    })
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
      {
        detail: {
          operationId: 'getReady',
          summary: 'Check that requests can be served',
          description: 'Asks the store; 503 if it does not answer.',
          responses: documentedJson({ status: { type: 'string', enum: ['ready'] } }),
        },
      },
    )
    .get('/version', () => ({ name: 'reeve', version, commit }), {
      detail: {
        operationId: 'getVersion',
        summary: 'View the version',
        description: 'The version that is running and, in a built binary, the commit it was built from.',
        responses: documentedJson({
          name: { type: 'string', enum: ['reeve'] },
          version: { type: 'string', examples: ['0.1.0'] },
          commit: { type: ['string', 'null'], examples: [null] },
        }),
      },
    })
