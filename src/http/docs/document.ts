import { version } from '../../lib/version'
import { answerHeaders, requestHeaders } from './headers'
import introduction from './introduction.md' with { type: 'text' }
import { completeOperation } from './operations'
import { everyAnswer, headersNamed, limitedHeaders, refusalsWith } from './refusals'
import { Samples } from './sample'
import { Components } from './schemas'
import type { Texts } from './texts'
import { type Declared, verbOf } from './traits'
import type {
  ApiDocument,
  ApiResponse,
  Content,
  DeclaredRoute,
  Paths,
  PluginDocument,
  PluginOperation,
  Schema,
} from './types'
import { type WebhookEvent, webhooksOf } from './webhooks'

const info = {
  title: 'Reeve API',
  version,
  description: introduction.trim(),
  license: { name: 'MIT', identifier: 'MIT' },
  contact: { name: 'Reeve' },
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key as `Authorization: Bearer KEY`' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key as `X-API-Key: KEY`' },
}

const errorSchemas: Record<string, Schema> = {
  Issue: {
    title: 'Issue',
    description: 'One fault in a request',
    type: 'object',
    required: ['in', 'path', 'message'],
    properties: {
      in: { type: 'string', enum: ['query', 'path', 'body', 'header'] },
      path: { type: 'string', description: 'Name of the parameter or field; dots join nested names' },
      message: { type: 'string' },
    },
  },
  Error: {
    title: 'Error',
    description: 'Every error has this shape',
    type: 'object',
    required: ['error', 'details'],
    properties: {
      error: { type: 'string', description: 'What went wrong, in a sentence' },
      details: {
        type: 'object',
        description: 'Details for programs; empty if there is nothing to add',
        properties: { issues: { type: 'array', items: { $ref: '#/components/schemas/Issue' } } },
        additionalProperties: true,
      },
    },
  },
}

type Source = Record<string, unknown>

const asSource = (value: unknown) => (value !== null && typeof value === 'object' ? (value as Source) : {})

const toPath = (path: string) => path.replace(/:(\w+)/g, '{$1}')

/** Schemas of answers by status: those that the route validates (a single one is for 200), else those it documents. */
function answersOf(response: unknown, method: string, { responses = {} }: PluginOperation): Source {
  if (method === 'delete') return { 204: null }
  const source = asSource(response)
  if ('type' in source || 'anyOf' in source) return { 200: source }
  if (Object.keys(source).length > 0) return source
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, documented]) =>
      'content' in documented ? [[status, documented.content?.['application/json']?.schema]] : [],
    ),
  )
}

/** Whether what an operation makes, or does to one thing, can be read at an address of its own. */
function isReadable(paths: PluginDocument['paths'], path: string, operationId: string, answers: Source) {
  const isMade = verbOf(operationId) === 'create'
  const address = isMade ? `${path}/{id}` : path.slice(0, path.lastIndexOf('/'))
  const properties = Object.values(answers).map((answer) => asSource(asSource(answer).properties))
  return paths[address]?.get !== undefined && properties.some((one) => 'id' in one)
}

/** Media types of a file: such routes document their answer but do not validate it. */
function fileOf(response: unknown, { responses = {} }: PluginOperation): Content | null {
  const documented = responses['200']
  if (response !== undefined || !documented || !('content' in documented) || !documented.content) return null
  return Object.keys(documented.content).join() === 'application/json' ? null : documented.content
}

function declaredOf({ paths }: PluginDocument, routes: readonly DeclaredRoute[]): Declared[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const route = routes.find((r) => toPath(r.path) === path && r.method.toLowerCase() === method)
      const { query, body, response } = route?.hooks ?? {}
      const place = path.replace(/(.)\/$/, '$1')
      const operationId = operation.operationId ?? `${method}${path}`
      const responses = answersOf(response, method, operation)
      return {
        method,
        path: place,
        operation,
        operationId,
        isReadable: isReadable(paths, place, operationId, responses),
        body: body ?? null,
        file: fileOf(response, operation),
        query: asSource(asSource(query).properties),
        responses,
      }
    }),
  )
}

/** Derives component names from operations: `getCase` answers a Case, `listCases` a CaseList. */
function nameSchemas(declared: readonly Declared[], components: Components): void {
  for (const { operationId, body, responses } of declared) {
    const noun = operationId.slice(verbOf(operationId).length)
    if (!/^(get|create|update)[A-Z]/.test(operationId)) continue
    for (const answer of Object.values(responses)) if (answer) components.name(answer, noun)
    if (body) components.name(body, `${noun}${verbOf(operationId) === 'create' ? 'Create' : 'Patch'}`)
  }
  for (const { operationId, responses } of declared) {
    if (!operationId.startsWith('list')) continue
    for (const answer of Object.values(responses))
      nameList(asSource(asSource(answer).properties), answer, components)
  }
}

function nameList({ pagination, ...rows }: Source, answer: unknown, components: Components): void {
  if (pagination === undefined) return
  const [list] = Object.values(rows)
  components.name(answer, `${components.nameOf(asSource(list).items)}List`)
  components.name(pagination, 'Pagination')
  const [byPage, byCursor] = asSource(pagination).anyOf as unknown[]
  components.name(byPage, 'PagePagination')
  components.name(byCursor, 'CursorPagination')
}

const nothingNew = (by: string, headers: readonly string[]): ApiResponse => ({
  description: `Nothing has changed since the version in ${by}; no body.`,
  headers: headersNamed(headers),
})

const notModified: Record<string, ApiResponse> = {
  NotModified: nothingNew('`If-None-Match`', [...limitedHeaders, 'ETag']),
  PublicNotModified: nothingNew('`If-None-Match` or `If-Modified-Since`', [
    ...everyAnswer,
    'ETag',
    'Last-Modified',
  ]),
}

/** Linters object to components that nothing refers to. */
function referredTo<T>(kind: string, all: Record<string, T>, by: unknown): Record<string, T> {
  const text = JSON.stringify(by)
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)),
  )
}

const security: Record<string, string[]>[] = [{ bearer: [] }, { apiKey: [] }]

/** `publicUrl` is the server's address, if it is known. */
export type Place = { publicUrl: string | null; events: readonly WebhookEvent[] }

/** The whole document, from the plugin's list of routes, the schemas they were declared with and our texts. */
export function completeDocument(
  plugin: PluginDocument,
  routes: readonly DeclaredRoute[],
  texts: Texts,
  { publicUrl, events }: Place,
): ApiDocument {
  const declared = declaredOf(plugin, routes)
  const components = new Components()
  const samples = new Samples(components.schemas, texts.samples)
  const sources = { components, samples, meanings: texts.parameters }
  nameSchemas(declared, components)
  const paths: Paths = {}
  for (const one of declared) {
    paths[one.path] = { ...paths[one.path], [one.method]: completeOperation(one, sources) }
  }
  const parameters = Object.entries(requestHeaders).map(([name, { parameter }]) => [name, parameter] as const)
  const responses = referredTo('responses', { ...notModified, ...refusalsWith(texts.refusals) }, paths)
  return {
    openapi: '3.1.0',
    info,
    servers: [
      ...(publicUrl === null ? [] : [{ url: publicUrl, description: 'Where this server is reached' }]),
      { url: '/', description: 'The server that sent this document' },
    ],
    security,
    tags: texts.tags.filter(({ name }) => declared.some(({ operation }) => operation.tags?.includes(name))),
    paths,
    ...(events.length > 0 ? { webhooks: webhooksOf(events, components) } : {}),
    components: {
      schemas: { ...components.schemas, ...errorSchemas },
      responses,
      parameters: referredTo('parameters', Object.fromEntries(parameters), paths),
      headers: referredTo('headers', answerHeaders, [paths, responses]),
      securitySchemes,
    },
  }
}
