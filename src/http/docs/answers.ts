import type { Json, JsonObject } from '../../lib/json'
import { everyAnswer, headersNamed, limitedHeaders } from './refusals'
import type { Samples } from './sample'
import type { Components } from './schemas'
import {
  type Declared,
  isApi,
  isConditional,
  isExport,
  isNew,
  isPublic,
  mayBeMissing,
  mayConflict,
  verbTraits,
} from './traits'
import type { ApiResponse, Content, MediaType, Operation, Ref } from './types'

/** By status. */
function refusalsOf(declared: Declared): Record<string, string> {
  const { operationId, body, method } = declared
  const { isKeyed, isGuarded } = verbTraits(declared)
  const always = { 421: 'Misdirected', 429: 'RateLimited', 500: 'InternalError' }
  if (!isApi(declared) && !isPublic(declared)) {
    return operationId === 'getReady' ? { ...always, 503: 'Unavailable' } : always
  }
  return {
    ...always,
    400: 'BadRequest',
    ...(isApi(declared) ? { 401: 'Unauthorized', 403: 'Forbidden' } : {}),
    503: 'Unavailable',
    ...(mayBeMissing(declared) ? { 404: 'NotFound' } : {}),
    ...(mayConflict(declared) || isKeyed ? { 409: 'Conflict' } : {}),
    ...(isGuarded ? { 412: 'Stale' } : {}),
    ...(isKeyed ? { 422: 'IdempotencyKeyReused' } : {}),
    ...(method === 'get' ? {} : { 413: 'TooLarge' }),
    ...(body ? { 408: 'Timeout', 415: 'UnsupportedMediaType' } : {}),
  }
}

function stateHeaders(declared: Declared): string[] {
  if (isConditional(declared)) return isPublic(declared) ? ['ETag', 'Last-Modified'] : ['ETag']
  const { method, isReadable } = declared
  return isApi(declared) && (method === 'patch' || (method === 'post' && isReadable)) ? ['ETag'] : []
}

function successHeaders(declared: Declared): string[] {
  if (!isApi(declared)) return [...everyAnswer, ...stateHeaders(declared)]
  return [
    ...limitedHeaders,
    ...(isNew(declared) ? ['Location'] : []),
    ...stateHeaders(declared),
    ...(/pagination/.test(JSON.stringify(declared.responses)) ? ['Link'] : []),
    ...(isExport(declared) ? ['Content-Disposition'] : []),
    ...(verbTraits(declared).isKeyed ? ['Idempotent-Replayed'] : []),
  ]
}

/** A list has two examples, by page and by cursor; anything else has one. */
function answerExample(sample: Json, samples: Samples): Pick<MediaType, 'example' | 'examples'> {
  const isList = sample !== null && typeof sample === 'object' && 'pagination' in sample
  if (!isList) return { example: sample }
  const pagination = samples.of({ $ref: '#/components/schemas/CursorPagination' })
  return {
    examples: {
      page: { summary: 'By page number', value: sample },
      cursor: { summary: 'By cursor', value: { ...(sample as JsonObject), pagination } },
    },
  }
}

/** JSON files get an example made from their schema; of JSON lines, a schema can only describe one. */
function fileContent(file: Content, components: Components, samples: Samples): Content {
  const forms = Object.entries(file).map(([type, { schema: source, example }]): [string, MediaType] => {
    const schema = components.answer(source)
    if (type !== 'application/x-ndjson') return [type, { schema, example: example ?? samples.of(schema) }]
    const lines = { type: 'string', description: 'JSON, one value on each line', 'x-line': schema }
    return [type, { schema: lines, example: `${JSON.stringify(samples.of(schema))}\n` }]
  })
  return Object.fromEntries(forms) as Content
}

/** The answer repeats what was sent, except where the operation has a value of its own. */
const withSent = (
  sample: JsonObject,
  sent: JsonObject,
  operationId: string,
  samples: Samples,
): JsonObject => ({
  ...sample,
  ...Object.fromEntries(
    Object.entries(sent).filter(
      ([name]) => name in sample && samples.value([`${operationId}.${name}`]) === undefined,
    ),
  ),
})

function jsonContent(
  declared: Declared,
  source: unknown,
  components: Components,
  samples: Samples,
  sent: Json | undefined,
): Content {
  const { operationId } = declared
  const schema = components.answer(source)
  const sample = isNew(declared) ? samples.made(schema, [operationId]) : samples.of(schema, [operationId])
  const isEcho = sent !== undefined && verbTraits(declared).isEcho
  const example = isEcho ? withSent(sample as JsonObject, sent as JsonObject, operationId, samples) : sample
  return { 'application/json': { schema, ...answerExample(example, samples) } }
}

/** By status. `sent` is the example of the request body. */
export function responsesOf(
  declared: Declared,
  components: Components,
  samples: Samples,
  sent: Json | undefined,
): Operation['responses'] {
  const headers = headersNamed(successHeaders(declared))
  const description = verbTraits(declared).answer
  const own = Object.entries(declared.responses).map(([status, source]): [string, ApiResponse] => {
    if (source === null) return [status, { description, headers }]
    const content = declared.file
      ? fileContent(declared.file, components, samples)
      : jsonContent(declared, source, components, samples, sent)
    return [status, { description, headers, content }]
  })
  const refused = Object.entries(refusalsOf(declared)).map(([status, name]): [string, Ref] => [
    status,
    { $ref: `#/components/responses/${name}` },
  ])
  const unchanged = isPublic(declared) ? 'PublicNotModified' : 'NotModified'
  return Object.fromEntries([
    ...own,
    ...(isConditional(declared) ? [['304', { $ref: `#/components/responses/${unchanged}` }] as const] : []),
    ...refused,
  ])
}
