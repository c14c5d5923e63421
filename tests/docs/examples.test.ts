import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { unknownSample } from '../../src/http/docs/sample'
import type { ApiDocument, MediaType } from '../../src/http/docs/types'
import { type Answer, type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createTestCase, createTestCategories, createTestWards } from '../support/casework'
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
let ids: Record<string, string>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'bristol')
  const [ward = ''] = await createTestWards(app, council, ['Ashley'])
  const [category = ''] = await createTestCategories(app, council, ['Potholes'])
  ids = { cases: (await createTestCase(app, council)).id, wards: ward, categories: category }
  document = await readDocument(app)
  operations = operationsOf(document)
  faults = checker(document)
})

afterAll(() => app.close())

/** The example request of an operation, for something that is there. */
async function sendExample(
  { method, path, operation }: Documented,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const id = ids[path.split('/')[2] ?? ''] ?? ''
  const body = operation.requestBody?.content['application/json'].example
  return app.send(method, path.replace('{id}', id) + query, {
    headers,
    ...(operation.security.length > 0 ? { key: council.key } : {}),
    ...(body === undefined ? {} : { body }),
  })
}

const mediaOf = (documented: Documented) => Object.entries(successOf(documented).answer.content ?? {})

/** In what way an answer does not fit what is documented of its media type; nothing where it does. */
function faultsOf(documented: Documented, { headers, body, text }: Answer): string {
  const sent = headers.get('content-type')?.split(';')[0]
  const [, media] = mediaOf(documented).find(([type]) => type === sent) ?? []
  if (!media) return `${sent} is not documented`
  // JSON lines hold a value each.
  const values =
    sent === 'application/x-ndjson'
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [body ?? text]
  return values.map((value) => faults(media.schema, value)).join('')
}

const isFile = (documented: Documented) => mediaOf(documented).length > 1

const isApi = ({ path }: Documented) => path.startsWith('/api/')

describe('every documented operation', () => {
  test('is served, and every served route is documented', () => {
    const served = app.routes.entries
      .filter(({ path }) => path !== '/' && !/^\/swagger(\/|$)/.test(path))
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
      const named = Object.keys(answer.headers ?? {}).filter((name) => name !== 'Idempotent-Replayed')
      expect([operationId, named.filter((name) => !sent.headers.has(name))]).toEqual([operationId, []])
    }
  })

  test('shows example answers that fit their schemas', () => {
    for (const documented of operations) {
      const { operationId } = documented.operation
      const media = mediaOf(documented)
      expect([operationId, media.length > 0]).toEqual([operationId, true])
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
          const query = `?${name}=${encodeURIComponent(String(value))}`
          const sent = await sendExample(documented, { query })
          expect([query, sent.status, faultsOf(documented, sent)]).toEqual([query, 200, ''])
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
    expect(creates.map(({ operation }) => operation.operationId).sort()).toEqual(['createCase', 'createNote'])
    for (const [i, documented] of creates.entries()) {
      headers['idempotency-key'] = `${key}-${i}`
      const first = await sendExample(documented, { headers })
      const again = await sendExample(documented, { headers })
      expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null])
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
      expect(again.body).toEqual(first.body)
    }
    for (const documented of posts.filter((one) => !creates.includes(one))) {
      for (let time = 1; time <= 2; time++) {
        const { status, headers: answered } = await sendExample(documented, { headers })
        expect([
          documented.path,
          status,
          answered.get('idempotent-replayed'),
          answered.get('location'),
        ]).toEqual([documented.path, 200, null, null])
      }
      expect(Object.keys(documented.operation.responses)).not.toContain('422')
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
      expect(operationId).toMatch(/^(list|get|create|update|delete|search|export)[A-Z][A-Za-z]+$/)
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

  test('nothing of cases where it is about wards or categories', () => {
    const others = operations.filter(({ path }) => /^\/api\/(wards|categories)/.test(path))
    expect(others.length).toBeGreaterThanOrEqual(4)
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
