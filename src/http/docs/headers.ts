import { type Declared, isConditional, isPublic, verbTraits } from './traits'
import type { Header, Parameter } from './types'

const text = (description: string, example: string): Header => ({
  description,
  schema: { type: 'string' },
  example,
})

const count = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer' },
  example,
})

export const answerHeaders: Record<string, Header> = {
  'X-Request-Id': text(
    'Identifies the request, also in the server’s log',
    '019aabf2-6c1e-7d3a-9f40-5b8e2c7d1a60',
  ),
  'X-RateLimit-Limit': count('How many requests a minute the key may send', 100),
  'X-RateLimit-Remaining': count('How many of them are left', 99),
  'X-RateLimit-Reset': count('When the minute ends, in seconds since 1 January 1970', 1773394260),
  'RateLimit-Policy': text('The limit in the format of the IETF draft', '"default";q=100;w=60'),
  RateLimit: text('What is left in the format of the IETF draft', '"default";r=99;t=60'),
  'Last-Modified': text(
    'When the public data last changed; for `If-Modified-Since`',
    'Fri, 13 Mar 2026 10:05:00 GMT',
  ),
  ETag: text('Identifies this version; for `If-None-Match` and `If-Match`', '"4pX0v2mQ8sT6wY1zB3dF5h"'),
  Link: text(
    'Addresses of other pages of the list',
    '</api/cases?page=2&pageSize=20>; rel="next", </api/cases?page=3&pageSize=20>; rel="last"',
  ),
  'Content-Disposition': text('Name of the file', 'attachment; filename="cases-export-2026-03-13.csv"'),
  Location: text('Address of what was created', '/api/cases/tz4a98xxat96iws9zmbrgj3a'),
  'Idempotent-Replayed': {
    description: 'Set if the answer repeats an earlier one and nothing was done',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  'Retry-After': count('Seconds to wait', 27),
  'WWW-Authenticate': text('How to send a key', 'Bearer realm="reeve"'),
}

/**
 * Request headers by component name. Examples are part of the schema, because Swagger UI would fill in one that stands
 * beside it when somebody tries out a request, and be refused.
 */
export const requestHeaders: Record<string, { isTaken: (by: Declared) => boolean; parameter: Parameter }> = {
  IfNoneMatch: {
    isTaken: isConditional,
    parameter: {
      name: 'If-None-Match',
      in: 'header',
      description:
        'The `ETag` of an earlier answer: if nothing has changed since, the answer is an empty 304.',
      schema: { type: 'string', examples: ['"4pX0v2mQ8sT6wY1zB3dF5h"'] },
    },
  },
  IfModifiedSince: {
    isTaken: (by) => isPublic(by) && isConditional(by),
    parameter: {
      name: 'If-Modified-Since',
      in: 'header',
      description:
        'The `Last-Modified` of an earlier answer: works like `If-None-Match`, and is ignored if that is sent.',
      schema: { type: 'string', examples: ['Fri, 13 Mar 2026 10:05:00 GMT'] },
    },
  },
  IfMatch: {
    isTaken: (by) => verbTraits(by).isGuarded === true,
    parameter: {
      name: 'If-Match',
      in: 'header',
      description:
        'The `ETag` of what you are changing: if somebody else has changed it since, the answer is 412.',
      schema: { type: 'string', examples: ['"4pX0v2mQ8sT6wY1zB3dF5h"'] },
    },
  },
  IdempotencyKey: {
    isTaken: (by) => verbTraits(by).isKeyed === true,
    parameter: {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'Your own name for this request: if it is sent again within 24 hours, the answer is the same and nothing ' +
        'more is done.',
      schema: { type: 'string', minLength: 1, maxLength: 255, examples: ['7d9f4c62-form-118'] },
    },
  },
}
