import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { createReadiness } from '../core/readiness.service'
import { commit, version } from '../lib/version'
import { documentedJson } from './docs/responses'

export function systemRoutes(deps: Deps) {
  const assertReady = createReadiness(deps)
  return new Elysia({ name: 'system', tags: ['System'] })
    .get('/', ({ redirect }) => redirect('/swagger', 302), { detail: { hide: true } })
    .get('/health', () => ({ status: 'ok' }), {
      detail: {
        operationId: 'getHealth',
        summary: 'Check that the process is running',
        description: 'Answers as long as the process runs, whatever the state of the database.',
        responses: documentedJson({ status: { type: 'string', enum: ['ok'] } }),
      },
    })
    .get(
      '/ready',
      async () => {
        await assertReady()
        return { status: 'ready' }
      },
      {
        detail: {
          operationId: 'getReady',
          summary: 'Check that requests can be served',
          description:
            'Reads and changes the database; 503 within two seconds, with the cause, if that fails: the disk is full, the database is damaged or locked, or the database server does not answer.',
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
}
