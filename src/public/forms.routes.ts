import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { visitor } from '../http/visitor'
import { ContactCreate, ContactView } from '../resources/cases/public/contact.model'
import { createContact } from '../resources/cases/public/contact.service'
import { TrackInput, TrackView } from '../resources/cases/public/tracking.model'
import { trackCase } from '../resources/cases/public/tracking.service'

/** Nobody may cache a secret, or an answer about one resident’s case. */
const uncached = { 'cache-control': 'no-store' }

export function formRoutes(deps: Deps) {
  return new Elysia({ prefix: '/public/:tenant', tags: ['Public'] })
    .use(visitor(deps))
    .post(
      '/contact',
      async ({ ctx, body }) =>
        Response.json(await createContact(ctx, deps.random, body), { status: 201, headers: uncached }),
      {
        visitor: 'form',
        parse: ['json'],
        body: ContactCreate,
        response: { 201: ContactView },
        detail: {
          operationId: 'createContact',
          summary: 'Send the council a message',
          description:
            'Creates a case from what a resident writes, in the ward of its location. The answer has its reference and a secret ' +
            'with which the resident can track it. For the form on a council’s website: `website` is a trap for robots, a ' +
            'hidden field that people leave empty.',
        },
      },
    )
    .post(
      '/track',
      async ({ ctx, body }) => Response.json(await trackCase(ctx, body), { headers: uncached }),
      {
        visitor: 'form',
        parse: ['json'],
        body: TrackInput,
        response: TrackView,
        detail: {
          operationId: 'trackCase',
          summary: 'Track a case',
          description:
            'For the resident who sent it: its status and what the council has told them. 404 if there is no such case or ' +
            'the secret is wrong.',
        },
      },
    )
}
