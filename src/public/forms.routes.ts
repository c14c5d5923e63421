import { Elysia } from 'elysia'
import type { Deps } from '../core/ctx'
import { visitor } from '../http/visitor'
import { ContactCreate, ContactView } from '../resources/cases/public/contact.model'
import { createContact } from '../resources/cases/public/contact.service'
import { TrackInput, TrackView } from '../resources/cases/public/tracking.model'
import { trackCase } from '../resources/cases/public/tracking.service'

/** Nobody may cache a secret, or what is said about one resident's case. */
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
            'Makes a case of what a resident writes, in the ward where its location lies. The answer has its reference and a ' +
            'secret, with which the resident can ask how it stands. For the form on a council’s website: `website` is a ' +
            'field that people do not see and leave empty.',
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
          summary: 'Ask how a case stands',
          description:
            'For the resident who sent it: its status and what they are told of it. 404 alike where there is no such case and ' +
            'where the secret is wrong.',
        },
      },
    )
}
