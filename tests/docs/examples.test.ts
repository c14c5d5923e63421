import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { unknownSample } from '../../src/http/docs/sample'
import type { ApiDocument, MediaType, Schema } from '../../src/http/docs/types'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import { wardTiers } from '../../src/resources/wards/table'
import { queueDeliveries } from '../../src/resources/webhooks/queue/service'
import type { Body } from '../resources/cases/support'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestUser,
  type TestApp,
} from '../support/app'
import { bytes, createTestCase, createTestCategories } from '../support/casework'
import { unlimited } from '../support/http'
import {
  checker,
  type Documented,
  examplesOf,
  operationsOf,
  parametersOf,
  readDocument,
  responseOf,
  successOf,
} from './document'

let app: TestApp
let council: Council
let document: ApiDocument
let operations: Documented[]
let faults: ReturnType<typeof checker>
/** Feeds and maps have formats of others, which the document describes in part. */
let fileFaults: ReturnType<typeof checker>
/** One id of each collection that cannot be made by its own documented example. */
let ids: Record<string, string>
/** Of the others, one that is only read. */
const byExample: Record<string, string> = {}
/** The addresses that the document's webhooks have lead to this machine, where nobody need answer. */
const outbound = { resolve: async () => ['127.0.0.1'], allow: ['127.0.0.0/8'] }
/** Parameters of paths that are the same for everybody. */
let named: Record<string, string>
/** What a resident knows of a case. */
let tracked: Body

beforeAll(async () => {
  app = await createTestApp(unlimited, { outbound })
  council = await createCouncil(app, 'bristol')
  const [category = ''] = await createTestCategories(app, council, ['Potholes'])
  ids = {
    cases: (await createTestCase(app, council)).id,
    wards: await createAreas(),
    categories: category,
    users: (await createTestUser(council, { role: 'councillor' })).id,
    webhooks: await createWebhook(),
  }
  ids.deliveries = await createDelivery()
  named = { tenant: council.tenant.slug, reference: await createShownCase() }
  const form = { name: 'Margaret Hughes', message: 'A deep pothole' }
  tracked = (await app.send('POST', `/public/${named.tenant}/contact`, { body: form })).body
  document = await readDocument(app)
  operations = operationsOf(document)
  faults = checker(document)
  fileFaults = checker(document, (schema) => schema)
})

afterAll(() => app.close())

/** An area of each kind around the point that the document looks up; the ward’s id. */
async function createAreas(): Promise<string> {
  const ring = [
    [-2.6, 51.4],
    [-2.5, 51.4],
    [-2.5, 51.5],
    [-2.6, 51.5],
    [-2.6, 51.4],
  ]
  const features = wardTiers.map((tier) => ({
    type: 'Feature',
    properties: { name: tier === 'ward' ? 'Ashley' : `The ${tier}`, tier },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }))
  await importWards(council.ctx, parseWards(bytes(JSON.stringify({ type: 'FeatureCollection', features }))))
  const { body } = await app.send('GET', '/api/wards?tier=ward', { key: council.key })
  return body.wards[0].id
}

/** Made by the document’s own example, and not approved. */
async function createByExample(collection: string): Promise<string> {
  const { paths } = document
  const body = paths[`/api/${collection}`]?.post?.requestBody?.content['application/json'].example
  return (await app.send('POST', `/api/${collection}`, { key: council.key, body })).body.id
}

/** The reference of a case that everybody may see. */
async function createShownCase(): Promise<string> {
  const { id, reference } = await createTestCase(app, council, { publicSummary: 'Pothole' })
  await app.send('PATCH', `/api/cases/${id}`, { key: council.key, body: { publicState: 'approved' } })
  return reference
}

async function createApproved(collection: string): Promise<string> {
  const id = await createByExample(collection)
  if (!(`/api/${collection}/approve` in document.paths)) return id
  await app.send('POST', `/api/${collection}/approve`, { key: council.key, body: { ids: [id] } })
  return id
}

async function createWebhook(): Promise<string> {
  const body = { url: 'https://crm.example.gov.uk/hooks/reeve', events: ['case_created'] }
  return (await app.send('POST', '/api/webhooks', { key: council.key, body })).body.id
}

/** The id of a delivery to the webhook, which nobody attempts. */
async function createDelivery(): Promise<string> {
  await createTestCase(app, council)
  while ((await queueDeliveries(app.deps)) > 0);
  const { body } = await app.send('GET', `/api/webhooks/${ids.webhooks}/deliveries`, { key: council.key })
  return body.deliveries[0].id
}

/** The id for a request: a new item’s if the request uses it up. */
async function idFor(method: string, path: string): Promise<string | undefined> {
  if (!path.includes('{id}')) return undefined
  const collection = path.split('/')[2] ?? ''
  const isChange = /^(PATCH|DELETE)$/.test(method)
  const isGiven = collection in ids
  if (!isGiven && isChange) return createApproved(collection)
  if (!isGiven) byExample[collection] ??= await createApproved(collection)
  if (collection !== 'webhooks') return ids[collection] ?? byExample[collection]
  // The old secret of a webhook must have ended before it gets another.
  if (isChange || path.endsWith('/rotate-secret')) return createWebhook()
  return path.startsWith('/api/webhooks/deliveries/') ? ids.deliveries : ids.webhooks
}

type Request = {
  method: string
  path: string
  query: Record<string, string>
  options: { key?: string; body?: unknown }
}

/** The example request of an operation, for something that is there; what it changes is its own. */
async function exampleOf({ method, path, operation }: Documented): Promise<Request> {
  const collection = path.split('/')[2] ?? ''
  const id = await idFor(method, path)
  const body = path.endsWith('/approve')
    ? { ids: [await createByExample(collection)] }
    : path.endsWith('/track')
      ? tracked
      : operation.requestBody?.content['application/json'].example
  // What has changed in this very second has no date yet.
  app.clock.advance(1_000)
  const needed = parametersOf(document, operation).filter((one) => one.in === 'query' && one.required)
  return {
    method,
    path: path.replace(/\{(\w+)\}/g, (_, name) => (name === 'id' ? id : named[name]) ?? ''),
    query: Object.fromEntries(needed.map(({ name, schema }) => [name, String(schema.examples?.[0])])),
    options: {
      ...(operation.security.length > 0 ? { key: council.key } : {}),
      ...(body === undefined ? {} : { body }),
    },
  }
}

type Added = { query?: Record<string, string>; headers?: Record<string, string> }

const sendRequest = (request: Request, { query = {}, headers = {} }: Added = {}): Promise<Answer> => {
  const asked = new URLSearchParams({ ...request.query, ...query }).toString()
  const target = asked === '' ? request.path : `${request.path}?${asked}`
  return app.send(request.method, target, { ...request.options, headers })
}

const sendExample = async (documented: Documented, added: Added = {}): Promise<Answer> =>
  sendRequest(await exampleOf(documented), added)

const mediaOf = (documented: Documented) => Object.entries(successOf(documented).answer.content ?? {})

/** In what way an answer does not fit what is documented of its media type; nothing where it does. */
function faultsOf(documented: Documented, { headers, body, text }: Answer): string {
  if (mediaOf(documented).length === 0) return text
  const sent = headers.get('content-type')?.split(';')[0]
  const [, media] = mediaOf(documented).find(([type]) => type === sent) ?? []
  if (!media) return `${sent} is not documented`
  const isJson = /[+]json$/.test(sent ?? '')
  // JSON lines hold a value each.
  const values =
    sent === 'application/x-ndjson'
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [isJson ? JSON.parse(text) : (body ?? text)]
  const schema = (media.schema['x-line'] ?? media.schema) as Schema
  const check = isJson ? fileFaults : faults
  return values.map((value) => check(schema, value)).join('')
}

const isFile = ({ operation }: Documented) => operation.operationId.startsWith('export')

const hasNoBody = ({ method }: Documented) => method === 'DELETE'

const isApi = ({ path }: Documented) => path.startsWith('/api/')

describe('every documented operation', () => {
  test('is served, and every served route is documented', () => {
    const served = app.routes.entries
      .filter(({ path }) => path !== '/' && !/^\/(swagger|admin)(\/|$)/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort())
    expect(operations.length).toBeGreaterThanOrEqual(12)
  })

  test('answers its example request with the documented status, schema and headers', async () => {
    for (const documented of operations) {
      const { status, answer } = successOf(documented)
      const { operationId } = documented.operation
      const sent = await sendExample(documented)
      expect([operationId, sent.status]).toEqual([operationId, status])
      expect([operationId, faultsOf(documented, sent)]).toEqual([operationId, ''])
      const told = Object.keys(answer.headers ?? {}).filter((name) => name !== 'Idempotent-Replayed')
      expect([operationId, told.filter((name) => !sent.headers.has(name))]).toEqual([operationId, []])
      const untold = ['Location', 'Link', 'Content-Disposition', 'ETag']
      expect([operationId, untold.filter((name) => sent.headers.has(name) && !told.includes(name))]).toEqual([
        operationId,
        [],
      ])
    }
  })

  test('shows example answers that fit their schemas', () => {
    for (const documented of operations) {
      const { operationId } = documented.operation
      const media = mediaOf(documented)
      expect([operationId, media.length > 0]).toEqual([operationId, !hasNoBody(documented)])
      for (const [type, one] of media) {
        const examples = examplesOf(one)
        expect(examples.length).toBeGreaterThanOrEqual(1)
        const wrong = examples.map((example) => faults(one.schema, example)).filter(Boolean)
        expect([operationId, type, wrong]).toEqual([operationId, type, []])
      }
    }
    expect(JSON.stringify(document)).not.toContain(unknownSample)
  })

  test('takes every query parameter with its example, its default and each of its words', async () => {
    let tried = 0
    for (const documented of operations) {
      for (const { name, in: place, schema } of parametersOf(document, documented.operation)) {
        if (place !== 'query') continue
        const one = schema.items ?? schema
        const values = [...(one.examples ?? []), ...(one.enum ?? []), schema.default].filter(
          (value) => value !== undefined,
        )
        for (const value of values) {
          const query = { [name]: String(value) }
          const sent = await sendExample(documented, { query })
          const told = [documented.path, query]
          expect([...told, sent.status, faultsOf(documented, sent)]).toEqual([...told, 200, ''])
          tried++
        }
      }
    }
    expect(tried).toBeGreaterThanOrEqual(60)
  })

  test('with an example of a header for changes takes it', async () => {
    const key = document.components.parameters.IdempotencyKey?.schema.examples?.[0] as string
    const headers = { 'idempotency-key': key }
    const posts = operations.filter(({ method }) => method === 'POST')
    const creates = posts.filter(({ operation }) =>
      parametersOf(document, operation).some(({ name }) => name === 'Idempotency-Key'),
    )
    const others = posts.filter((one) => !creates.includes(one))
    // What changes nothing, and what needs no key, of which two senders could choose the same name.
    expect(others.map(({ operation }) => operation.operationId).sort()).toEqual([
      'createContact',
      'searchResidents',
      'trackCase',
    ])
    for (const [i, documented] of creates.entries()) {
      headers['idempotency-key'] = `${key}-${i}`
      const { status } = successOf(documented)
      const request = await exampleOf(documented)
      const first = await sendRequest(request, { headers })
      const again = await sendRequest(request, { headers })
      expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([status, null])
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([status, 'true'])
      // A secret is shown once.
      expect(again.body).toEqual({ ...first.body, ...('secret' in first.body && { secret: null }) })
      expect(Object.keys(documented.operation.responses)).toEqual(expect.arrayContaining(['409', '422']))
    }
    for (const documented of others) {
      for (let time = 1; time <= 2; time++) {
        const { status, headers: answered } = await sendExample(documented, { headers })
        const replay = [answered.get('idempotent-replayed'), answered.get('location')]
        expect([documented.path, status, ...replay]).toEqual([
          documented.path,
          successOf(documented).status,
          null,
          null,
        ])
      }
      expect(Object.keys(documented.operation.responses)).not.toContain('422')
    }
  })

  test('that takes a tag refuses an older one, and none that is needed to change anything is left out', async () => {
    const guarded = operations.filter(({ operation }) =>
      parametersOf(document, operation).some(({ name }) => name === 'If-Match'),
    )
    const changes = operations.filter(({ method }) => /^(PUT|PATCH|DELETE)$/.test(method))
    expect(guarded).toEqual(changes)
    for (const documented of guarded) {
      const { status } = await sendExample(documented, { headers: { 'if-match': '"older"' } })
      expect([documented.path, status]).toEqual([documented.path, 412])
      expect(Object.keys(documented.operation.responses)).toContain('412')
    }
  })

  test('that asks for one thing answers 404 where it is not there', async () => {
    const missing = operations.filter(({ operation }) => '404' in operation.responses)
    expect(missing.length).toBeGreaterThanOrEqual(14)
    const placed = operations.filter(({ path }) => path.includes('{'))
    expect(missing).toEqual(expect.arrayContaining(placed))
    for (const documented of missing) {
      const request = await exampleOf({ ...documented, path: documented.path.replace(/\{\w+\}/, 'nothing') })
      const isPlace = 'latitude' in request.query
      const { status } = await sendRequest(request, isPlace ? { query: { latitude: '0' } } : {})
      expect([documented.path, status]).toEqual([documented.path, 404])
    }
  })

  test('of the API answers 304 to the tag it gave', async () => {
    // What `/api/me` says of the quota changes with every request.
    const reads = operations.filter(
      (one) => one.method === 'GET' && isApi(one) && !isFile(one) && one.path !== '/api/me',
    )
    expect(reads.length).toBeGreaterThanOrEqual(8)
    for (const documented of reads) {
      const etag = (await sendExample(documented)).headers.get('etag') ?? ''
      const { status, text } = await sendExample(documented, { headers: { 'if-none-match': etag } })
      expect([documented.path, status, text]).toEqual([documented.path, 304, ''])
    }
  })

  test('that answers with a file has a name for it, and neither a tag nor a 304', async () => {
    const files = operations.filter(isFile)
    expect(files.map(({ operation }) => operation.operationId)).toContain('exportCases')
    const saved = operations.filter((one) =>
      Object.keys(successOf(one).answer.headers ?? {}).includes('Content-Disposition'),
    )
    expect(saved).toEqual(files)
    for (const documented of files) {
      const { answer } = successOf(documented)
      expect(Object.keys(answer.headers ?? {})).toContain('Content-Disposition')
      expect(Object.keys(answer.headers ?? {})).not.toContain('ETag')
      expect(Object.keys(documented.operation.responses)).not.toContain('304')
      const names = parametersOf(document, documented.operation).map(({ name }) => name)
      expect(names).not.toContain('If-None-Match')
      const { status, headers } = await sendExample(documented, { headers: { 'if-none-match': '*' } })
      expect([status, headers.get('etag'), headers.get('cache-control')]).toEqual([200, null, 'no-store'])
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="[a-z]+-export-2026-03-13\.csv"$/,
      )
    }
  })

  test('that exports cases does so as CSV, JSON and JSON lines', () => {
    const documented = operations.find(({ operation }) => operation.operationId === 'exportCases')
    expect(mediaOf(documented as Documented).map(([type]) => type)).toEqual([
      'text/csv',
      'application/json',
      'application/x-ndjson',
    ])
  })
})

describe('every documented operation says', () => {
  test('who may call it, in its scope, its security and its words', () => {
    for (const { path, operation } of operations) {
      const { operationId, description, security } = operation
      expect(operationId).toMatch(
        /^(list|get|create|update|delete|search|export|approve|verify|track|test|rotate|replay)[A-Z][A-Za-z]+$/,
      )
      expect(operation.summary).toMatch(/^[A-Z].+[^.]$/)
      const scope = operation['x-scope']
      expect([path, scope !== undefined]).toEqual([path, path.startsWith('/api/')])
      expect(security).toEqual(scope === undefined ? [] : [{ bearer: [] }, { apiKey: [] }])
      expect(description).toContain(
        scope === undefined ? 'no key' : scope === 'any-key' ? 'any valid key' : `\`${scope}\``,
      )
    }
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  test('what each of its parameters means', () => {
    for (const { operation } of operations) {
      for (const { name, description = '' } of parametersOf(document, operation)) {
        expect([operation.operationId, name, description.length > name.length + 5]).toEqual([
          operation.operationId,
          name,
          true,
        ])
      }
    }
  })

  test('nothing of cases where it is about something else', () => {
    const others = operations.filter(({ path }) =>
      /^\/api\/(wards|categories|users|events|news|settings|webhooks)/.test(path),
    )
    expect(others.length).toBeGreaterThanOrEqual(16)
    for (const { path, operation } of others) {
      const queries = parametersOf(document, operation).filter((one) => one.in === 'query')
      const wrong = queries.filter(({ description = '' }) => /\b(cases?|entries)\b/i.test(description))
      expect([path, wrong.map(({ name }) => name)]).toEqual([path, []])
    }
  })

  test('with which errors it answers, each with examples of the shape {error, details}', () => {
    for (const { path, operation } of operations) {
      const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400)
      expect(errors.length).toBeGreaterThanOrEqual(path.startsWith('/api/') ? 7 : 3)
      for (const [, answer] of errors) {
        const media = responseOf(document, answer).content?.['application/json'] as MediaType
        const examples = examplesOf(media)
        expect(examples.length).toBeGreaterThanOrEqual(1)
        for (const example of examples) {
          expect(Object.keys(example as object)).toEqual(['error', 'details'])
          expect(faults(media.schema, example)).toBe('')
        }
      }
    }
  })
})
