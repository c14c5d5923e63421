import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eventNames } from '../../src/core/outbox/table'
import type { ApiDocument, Schema } from '../../src/http/docs/types'
import { createTestApp, type TestApp } from '../support/app'
import { isClosed, objectSchemasOf, operationsOf, readDocument, successOf } from './document'

let app: TestApp
let document: ApiDocument

beforeAll(async () => {
  app = await createTestApp()
  document = await readDocument(app)
})
afterAll(() => app.close())

const objectsIn = (schema: unknown) => objectSchemasOf(document, schema)

test('answers are open for fields that are added, and what is sent is not', () => {
  const operations = operationsOf(document)
  for (const documented of operations) {
    const { operationId, requestBody } = documented.operation
    const answered = [...objectsIn(successOf(documented).answer.content)]
    expect([operationId, answered.filter(isClosed)]).toEqual([operationId, []])
    const sent = [...objectsIn(requestBody?.content['application/json'].schema)]
    expect([operationId, sent.filter((schema) => !isClosed(schema))]).toEqual([operationId, []])
  }
  expect(document.info.description).toContain('Fields may be added')
})

test('every event is told as what a receiver gets, open too', () => {
  const { webhooks = {} } = document
  expect(Object.keys(webhooks)).toEqual([...eventNames])
  for (const [name, { post }] of Object.entries(webhooks)) {
    const schema = post.requestBody?.content['application/json'].schema as Schema
    expect(schema.properties?.event).toEqual({ type: 'string', enum: [name] })
    expect([...objectsIn(schema)].filter(isClosed)).toEqual([])
    expect(post.security).toEqual([])
  }
})

test('a key is needed where nothing else is said', () => {
  expect(document.security).toEqual([{ bearer: [] }, { apiKey: [] }])
})

test('every operation that may be sent a body says that it may be too large', () => {
  for (const { method, path, operation } of operationsOf(document)) {
    expect([path, '413' in operation.responses]).toEqual([path, method !== 'GET'])
  }
})

test('JSON lines are told as text, with the schema of a line', () => {
  const documented = operationsOf(document).find(({ operation }) => operation.operationId === 'exportCases')
  const media = documented && successOf(documented).answer.content?.['application/x-ndjson']
  expect(media?.schema).toMatchObject({ type: 'string', 'x-line': { $ref: '#/components/schemas/Case' } })
  expect(String(media?.example)).toEndWith('}\n')
})

test('the server is named by its public address where that is set', async () => {
  expect(document.servers[0]?.url).toBe('/')
  const named = await createTestApp({ REEVE_PUBLIC_URL: 'https://casework.example.gov.uk' })
  expect((await readDocument(named)).servers[0]?.url).toBe('https://casework.example.gov.uk')
  await named.close()
})
