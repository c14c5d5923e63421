import { isInPlan, isScope, type Plan, planScopes, plans } from '../../core/scopes'
import { requestHeaders } from './headers'
import { headersNamed, limitedHeaders } from './refusals'
import type { Samples } from './sample'
import type { Components } from './schemas'
import type {
  ApiResponse,
  Content,
  Json,
  JsonObject,
  MediaType,
  Operation,
  Parameter,
  PluginOperation,
  Ref,
} from './types'
import { parameterWords, sampleValues } from './words'

/** An operation as the plugin lists it, with the schemas that its route was declared with. */
export type Declared = {
  method: string
  path: string
  operation: PluginOperation
  operationId: string
  body: unknown
  /** What the answer is where it is a file. */
  file: Content | null
  query: Record<string, unknown>
  /** By status. */
  responses: Record<string, unknown>
}

const planNames: Record<Plan, string> = { free: 'Free', pro: 'Pro', council: 'Council' }

/** The smallest plan with access to the API at all. */
const firstPlan = plans.find((plan) => planScopes[plan].length > 0) ?? ''

const isApi = ({ path }: Declared) => path.startsWith('/api/')

/** The sentences that say which scope and plan an operation needs and what it counts as. */
function conditions(scope: string | undefined): string {
  if (scope === undefined) return 'Needs no key and takes nothing from a key’s limit.'
  const need = isScope(scope) ? `a key with the scope \`${scope}\`` : 'any valid key'
  const within = plans.filter((plan) => (isScope(scope) ? isInPlan(scope, plan) : plan !== 'free'))
  const names = within.map((plan) => planNames[plan])
  const owner = names.length > 1 ? `plans ${names.join(' and ')}` : `plan ${names[0]}`
  const count = 'counts as one of the key’s requests, 100 a minute where nothing else is set'
  return `Needs ${need} (${owner}); ${count}.`
}

/** What the operation is about, as its path says: `cases`. */
const collectionOf = ({ path }: Declared) => path.split('/')[2] ?? ''

function parametersOf(declared: Declared, components: Components): (Parameter | Ref)[] {
  const collection = collectionOf(declared)
  const own = (declared.operation.parameters ?? []).map((parameter): Parameter => {
    const { name, in: place, required } = parameter
    const { description, ...schema } = components.convert(declared.query[name] ?? parameter.schema)
    const isList = schema.type === 'array'
    const words = parameterWords[`${collection}.${name}`] ?? parameterWords[name] ?? description ?? name
    return {
      name,
      in: place,
      required: required === true,
      description: isList ? `${words}. Several values are repeated or joined by commas.` : `${words}.`,
      ...(isList ? { style: 'form', explode: false } : {}),
      schema:
        place === 'path' ? { ...schema, examples: [sampleValues[`${collection}.${name}`] ?? name] } : schema,
    }
  })
  if (!isApi(declared)) return own
  const verb = verbOf(declared.operationId)
  const headers = Object.entries(requestHeaders).filter(([, { verbs }]) => verbs.includes(verb))
  return [...own, ...headers.map(([name]) => ({ $ref: `#/components/parameters/${name}` }))]
}

/** Which refusals an operation can answer with, by status. */
function refusalsOf(declared: Declared): Record<string, string> {
  const { method, path, operationId, body } = declared
  const always = { 421: 'Misdirected', 429: 'RateLimited', 500: 'InternalError' }
  if (!isApi(declared)) return operationId === 'getReady' ? { ...always, 503: 'Unavailable' } : always
  return {
    ...always,
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    503: 'Unavailable',
    ...(path.includes('{') ? { 404: 'NotFound' } : {}),
    ...(method === 'patch' ? { 409: 'Conflict', 412: 'Stale' } : {}),
    ...(verbOf(operationId) === 'create' ? { 422: 'IdempotencyKeyReused' } : {}),
    ...(body ? { 408: 'Timeout', 413: 'TooLarge', 415: 'UnsupportedMediaType' } : {}),
  }
}

/** Headers of the answer that an operation gives where all is well. */
function successHeaders(declared: Declared): string[] {
  if (!isApi(declared)) return ['X-Request-Id']
  const { method, operationId } = declared
  return [
    ...limitedHeaders,
    ...((method === 'get' && declared.file === null) || method === 'patch' ? ['ETag'] : []),
    ...(/pagination/.test(JSON.stringify(declared.responses)) ? ['Link'] : []),
    ...(declared.file === null ? [] : ['Content-Disposition']),
    ...(verbOf(operationId) === 'create' ? ['Location', 'ETag', 'Idempotent-Replayed'] : []),
  ]
}

const successWords: Record<string, string> = {
  list: 'The part of the list that was asked for.',
  get: 'What was asked for.',
  create: 'What was created.',
  update: 'What was changed, as it is now.',
  search: 'The part of what was found that was asked for.',
  export: 'The file, sent while it is read.',
}

export const verbOf = (operationId: string) => /^[a-z]+/.exec(operationId)?.[0] ?? ''

/** A list is shown as a page and as a part that a cursor follows; anything else once. */
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

/** A file in each of its forms; what is JSON has an example made of its schema. */
function fileContent(file: Content, components: Components, samples: Samples): Content {
  const forms = Object.entries(file).map(([type, { schema: source, example }]): [string, MediaType] => {
    const schema = components.convert(source)
    return [type, { schema, example: example ?? samples.of(schema) }]
  })
  return Object.fromEntries(forms) as Content
}

function responsesOf(
  declared: Declared,
  components: Components,
  samples: Samples,
  sent: Json | undefined,
): Operation['responses'] {
  const { operationId, method } = declared
  const headers = headersNamed(successHeaders(declared))
  const whole = declared.file && {
    description: successWords[verbOf(operationId)] ?? '',
    headers,
    content: fileContent(declared.file, components, samples),
  }
  const own = Object.entries(declared.responses).map(([status, source]): [string, ApiResponse] => {
    if (whole) return [status, whole]
    const schema = components.convert(source)
    const isNew = verbOf(operationId) === 'create'
    const sample = isNew ? samples.made(schema, [operationId]) : samples.of(schema, [operationId])
    const isEcho = sent !== undefined && method !== 'get' && verbOf(operationId) !== 'search'
    const shown = isEcho ? withSent(sample as JsonObject, sent as JsonObject) : sample
    const description = successWords[verbOf(operationId)] ?? 'The answer.'
    return [
      status,
      { description, headers, content: { 'application/json': { schema, ...answerExample(shown, samples) } } },
    ]
  })
  const refused = Object.entries(refusalsOf(declared)).map(([status, name]): [string, Ref] => [
    status,
    { $ref: `#/components/responses/${name}` },
  ])
  const unchanged = { $ref: '#/components/responses/NotModified' }
  return Object.fromEntries([
    ...own,
    ...(isApi(declared) && method === 'get' && !whole ? [['304', unchanged] as const] : []),
    ...refused,
  ])
}

/** What was sent shows in the answer. */
const withSent = (sample: JsonObject, sent: JsonObject): JsonObject => ({
  ...sample,
  ...Object.fromEntries(Object.entries(sent).filter(([name]) => name in sample)),
})

const bodyWords: Record<string, string> = {
  create: 'The fields of what is created; those left out get their defaults.',
  update: 'The fields to change: those left out stay as they are, `null` clears.',
  search: 'What to find; all of it must be equal.',
}

/** The operation with everything a client needs to know of it. */
export function completeOperation(declared: Declared, components: Components, samples: Samples): Operation {
  const { operation, operationId, body } = declared
  const scope = operation['x-scope']
  const bodySchema = body ? components.convert(body) : undefined
  const sent = bodySchema && samples.of(bodySchema)
  return {
    operationId,
    summary: operation.summary ?? operationId,
    description: [operation.description, conditions(scope)].filter(Boolean).join('\n\n'),
    tags: operation.tags ?? [],
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    ...(scope === undefined ? {} : { 'x-plan': operation['x-plan'] ?? firstPlan }),
    security: operation.security ?? [],
    parameters: parametersOf(declared, components),
    ...(bodySchema
      ? {
          requestBody: {
            description: bodyWords[verbOf(operationId)] ?? 'The request.',
            required: true,
            content: { 'application/json': { schema: bodySchema, example: sent as Json } },
          },
        }
      : {}),
    responses: responsesOf(declared, components, samples, sent),
  }
}
