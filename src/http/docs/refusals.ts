import type { About, Refusal, RefusalName } from '../../core/about'
import type { Json } from '../../lib/json'
import type { ApiResponse, Example, Ref } from './types'

const errorSchema = { $ref: '#/components/schemas/Error' }

const exampleOf = ({ summary, error, details = {} }: Refusal): Example => ({
  summary,
  value: { error, details } as Json,
})

export const everyAnswer = ['X-Request-Id']
const limited = [
  ...everyAnswer,
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Policy',
  'RateLimit',
]

export const headersNamed = (names: readonly string[]): Record<string, Ref> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

export const limitedHeaders = limited

type Refused = {
  description: string
  headers: readonly string[]
  examples: Record<string, Refusal>
}

function refusal(
  description: string,
  headers: readonly string[],
  examples: Record<string, Refusal> = {},
): Refused {
  return { description, headers, examples }
}

const responseOf = ({ description, headers, examples }: Refused): ApiResponse => ({
  description,
  headers: headersNamed(headers),
  content: {
    'application/json': {
      schema: errorSchema,
      examples: Object.fromEntries(Object.entries(examples).map(([name, one]) => [name, exampleOf(one)])),
    },
  },
})

const badRequest = refusal('The request is not valid; `details.issues` lists every fault.', limited, {
  query: {
    summary: 'An unknown parameter and one out of range',
    error: 'Invalid request',
    details: {
      issues: [
        { in: 'query', path: 'colour', message: 'Unknown parameter' },
        { in: 'query', path: 'pageSize', message: 'Must be at most 100' },
      ],
    },
  },
  body: {
    summary: 'A missing field',
    error: 'Invalid request',
    details: { issues: [{ in: 'body', path: 'summary', message: 'Required' }] },
  },
  keys: {
    summary: 'Two different keys',
    error: 'Authorization and X-API-Key hold different keys',
  },
  depth: {
    summary: 'A page too far into a long list',
    error: 'Only the first 100000 rows can be reached by page number: follow the list with cursor= instead',
    details: { maxRows: 100000, page: 5001, pageSize: 20 },
  },
})

const unauthorized = refusal('The key is missing or not valid.', [...everyAnswer, 'WWW-Authenticate'], {
  missing: { summary: 'No key', error: 'API key required' },
  invalid: { summary: 'Unknown, malformed, expired or revoked', error: 'Invalid API key' },
})

const forbidden = refusal('The key is valid, but may not do this.', limited, {
  scope: {
    summary: 'The key lacks the scope',
    error: 'Insufficient scope',
    details: { requiredScope: 'cases:write', scopes: ['cases:read'] },
  },
  plan: {
    summary: 'The council’s plan does not include the API',
    error: 'API access requires a Pro or Council plan',
    details: { plan: 'free' },
  },
  address: {
    summary: 'The key is limited to other addresses',
    error: 'This key may not be used from this address',
  },
  publishing: {
    summary: 'A public text changed by a key acting for a caseworker',
    error: 'A caseworker may not publish, nor change what is published',
    details: { role: 'caseworker' },
  },
})

const rateLimited = refusal(
  'Too many requests: wait for the seconds in `Retry-After`.',
  [...limited, 'Retry-After'],
  {
    limit: {
      summary: 'The 101st request in a minute',
      error: 'Rate limit exceeded',
      details: { limit: 100, retryAfter: 27 },
    },
    exports: {
      summary: 'The 9th export of a key at once',
      error: 'Too many exports at once: 8 for a key, 32 in all. Wait until one has ended',
      details: { limit: 8, retryAfter: 5 },
    },
  },
)

const onChange: Record<string, Refused> = {
  Conflict: refusal('The change conflicts with the current state.', [...limited, 'Retry-After'], {
    running: {
      summary: 'Sent again before the first answer',
      error: 'The first request with this Idempotency-Key is still running',
      details: { retryAfter: 1 },
    },
  }),
  Stale: refusal('It has changed since you read it: `If-Match` names an older version.', limited, {
    stale: {
      summary: 'Changed by somebody else',
      error: 'It has changed since it was read',
      details: { etag: '"4pX0v2mQ8sT6wY1zB3dF5h"' },
    },
  }),
  IdempotencyKeyReused: refusal('The `Idempotency-Key` was used for a different request.', limited, {
    reused: {
      summary: 'The same key with another body',
      error: 'This Idempotency-Key was used for another request',
    },
  }),
}

const onBody: Record<string, Refused> = {
  Timeout: refusal('The body did not arrive within 30 seconds.', limited, {
    slow: { summary: 'Half a body', error: 'The body did not arrive within 30 s' },
  }),
  TooLarge: refusal('The body is larger than 1 MiB.', everyAnswer, {
    size: {
      summary: 'A body over 1 MiB',
      error: 'The body is larger than 1 MiB',
      details: { maxBytes: 1048576 },
    },
  }),
  UnsupportedMediaType: refusal('The body is not declared as JSON.', limited, {
    type: { summary: 'Content-Type: text/plain', error: 'The body must be application/json in UTF-8' },
  }),
}

const refusals: Record<string, Refused> = {
  BadRequest: badRequest,
  Unauthorized: unauthorized,
  Forbidden: forbidden,
  NotFound: refusal('It does not exist, or the key may not see it.', limited),
  ...onBody,
  ...onChange,
  Misdirected: refusal('The server does not answer for this host name.', everyAnswer, {
    host: {
      summary: 'An unknown host name',
      error:
        'This server does not answer for the host "example.org". If it should, add the host to REEVE_ALLOWED_HOSTS',
      details: { host: 'example.org' },
    },
  }),
  RateLimited: rateLimited,
  InternalError: refusal('A fault in the server; its log has details under the request’s id.', limited, {
    fault: {
      summary: 'An unexpected fault',
      error: 'Internal server error',
      details: { requestId: '019aabf2-6c1e-7d3a-9f40-5b8e2c7d1a60' },
    },
  }),
  Unavailable: refusal(
    'The database cannot answer now: try again after the seconds in `Retry-After`.',
    [...limited, 'Retry-After'],
    {
      store: {
        summary: 'The database is locked',
        error: 'The disk that holds the database is full',
        details: { retryAfter: 2 },
      },
    },
  ),
}

/** Every refused answer, with an example of each error message; `more` are the resources’ own. */
export const refusalsWith = (more: NonNullable<About['refusals']>): Record<string, ApiResponse> =>
  Object.fromEntries(
    Object.entries(refusals).map(([name, one]) => {
      const examples = { ...one.examples, ...more[name as RefusalName] }
      return [name, responseOf({ ...one, examples })]
    }),
  )
