import { afterAll, beforeAll, expect, test } from 'bun:test'
import { setPlan } from '../../src/core/tenants/service'
import type { ApiDocument } from '../../src/http/docs/types'
import { exportsAtOnce } from '../../src/http/file'
import { unavailable } from '../../src/lib/errors'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type TestApp,
} from '../support/app'
import { withTrigger } from '../support/beside'
import { createTestCase } from '../support/casework'
import { bearer } from '../support/http'
import { allowLoopback } from '../support/receiver'
import { readDocument } from './document'

let app: TestApp
let council: Council
let document: ApiDocument
let caseId: string

beforeAll(async () => {
  app = await createTestApp(allowLoopback)
  council = await createCouncil(app, 'bristol')
  document = await readDocument(app)
  caseId = (await createTestCase(app, council)).id
})

afterAll(() => app.close())

const list = (query: string) => app.send('GET', `/api/cases?${query}`, { key: council.key })
const post = (body: unknown, headers = {}) =>
  app.send('POST', '/api/cases', { key: council.key, body, headers })
const patch = (body: unknown, headers = {}) =>
  app.send('PATCH', `/api/cases/${caseId}`, { key: council.key, body, headers })

async function exhausted(): Promise<Answer> {
  const key = await createTestKey(app, council, {})
  for (let i = 0; i < 100; i++) await app.send('GET', '/api/me', { key })
  return app.send('GET', '/api/me', { key })
}

async function oneExportTooMany(): Promise<Answer> {
  const key = await createTestKey(app, council, {})
  const begin = () =>
    app.handle(
      new Request('http://localhost/api/cases/export', { headers: { host: 'localhost', ...bearer(key) } }),
      '127.0.0.1',
    )
  const running = await Promise.all(Array.from({ length: exportsAtOnce.perKey }, begin))
  const refused = await app.send('GET', '/api/cases/export', { key })
  for (const { body } of running) await body?.cancel()
  return refused
}

async function onFreePlan(): Promise<Answer> {
  const { key, ctx } = await createCouncil(app, 'small', 'pro')
  await setPlan(ctx, 'free')
  return app.send('GET', '/api/me', { key })
}

async function onFullDisk(): Promise<Answer> {
  const own = await createTestApp()
  own.deps.store.ping = () => Promise.reject(unavailable('The disk that holds the database is full'))
  const answer = await own.send('GET', '/ready')
  await own.close()
  return answer
}

async function reopenedByCaseworker(): Promise<Answer> {
  const { id: actingUserId } = await createTestUser(council, { role: 'caseworker' })
  const { id } = await createTestCase(app, council, { assigneeId: actingUserId })
  await app.send('PATCH', `/api/cases/${id}`, {
    key: council.key,
    body: { status: 'closed', resolution: 'answered' },
  })
  return app.send('PATCH', `/api/cases/${id}`, {
    key: await createTestKey(app, council, { actingUserId }),
    body: { status: 'in_progress', reason: 'It is not answered' },
  })
}

async function publishedByCaseworker(): Promise<Answer> {
  const { id: actingUserId } = await createTestUser(council, { role: 'caseworker' })
  const key = await createTestKey(app, council, { actingUserId })
  return app.send('POST', '/api/news/approve', { key, body: { ids: ['nothing'] } })
}

async function approvedAfterCancelling(): Promise<Answer> {
  const event = { title: 'Ward surgery', startAt: '2026-05-09' }
  const { body } = await app.send('POST', '/api/events', { key: council.key, body: event })
  const move = (status: string) =>
    app.send('PATCH', `/api/events/${body.id}`, { key: council.key, body: { status } })
  await move('approved')
  await move('cancelled')
  return move('approved')
}

/** A webhook of the council’s own, whose receiver nobody calls. */
async function createWebhook(app: TestApp, { key }: Council): Promise<Answer> {
  const body = { url: 'https://127.0.0.1/hooks/reeve', events: ['case_created'] }
  return app.send('POST', '/api/webhooks', { key, body })
}

async function oneWebhookTooMany(): Promise<Answer> {
  const other = await createCouncil(app, 'bath')
  for (let i = 0; i < 50; i++) await createWebhook(app, other)
  return createWebhook(app, other)
}

async function rotatedTwice(): Promise<Answer> {
  const { id } = (await createWebhook(app, council)).body
  const rotate = () => app.send('POST', `/api/webhooks/${id}/rotate-secret`, { key: council.key })
  await rotate()
  return rotate()
}

async function replayedWhileDisabled(): Promise<Answer> {
  const { id } = (await createWebhook(app, council)).body
  await app.send('PATCH', `/api/webhooks/${id}`, { key: council.key, body: { enabled: false } })
  const body = { since: '2026-03-13' }
  return app.send('POST', `/api/webhooks/${id}/replay-failed`, { key: council.key, body })
}

async function withoutRecord(): Promise<Answer> {
  const body = { postcode: 'BS2 9YT' }
  return withTrigger(app, "BEFORE INSERT ON audit_entries WHEN NEW.action = 'resident.search'", () =>
    app.send('POST', '/api/cases/search-resident', { key: council.key, body }),
  )
}

/** Each documented refusal, brought about: component and example. */
const causes: [component: string, example: string, cause: () => Promise<Answer>][] = [
  ['BadRequest', 'query', () => list('pageSize=101&colour=red')],
  ['BadRequest', 'body', () => post({})],
  ['BadRequest', 'resolution', () => patch({ status: 'resolved' })],
  [
    'BadRequest',
    'keys',
    () => app.send('GET', '/api/me', { key: council.key, headers: { 'x-api-key': 'another' } }),
  ],
  ['BadRequest', 'depth', () => list('page=5001')],
  ['Unauthorized', 'missing', () => app.send('GET', '/api/me')],
  ['Unauthorized', 'invalid', () => app.send('GET', '/api/me', { key: 'rv_live_no' })],
  [
    'Forbidden',
    'scope',
    async () => {
      const key = await createTestKey(app, council, { scopes: ['cases:read'] })
      return app.send('POST', '/api/cases', { key, body: {} })
    },
  ],
  ['Forbidden', 'plan', onFreePlan],
  [
    'Forbidden',
    'address',
    async () => {
      const key = await createTestKey(app, council, { ipAllow: ['192.0.2.0/24'] })
      return app.send('GET', '/api/me', { key })
    },
  ],
  ['Forbidden', 'reopening', reopenedByCaseworker],
  ['Forbidden', 'publishing', publishedByCaseworker],
  ['NotFound', 'unknown', () => app.send('GET', '/api/cases/nothing', { key: council.key })],
  ['TooLarge', 'size', () => post('x'.repeat(1_048_577))],
  ['UnsupportedMediaType', 'type', () => post('{}', { 'content-type': 'text/plain' })],
  [
    'Conflict',
    'move',
    async () => {
      await patch({ status: 'closed', resolution: 'answered' })
      return patch({ status: 'open' })
    },
  ],
  ['Conflict', 'publicMove', () => patch({ publicState: 'withdrawn' })],
  ['Conflict', 'eventMove', approvedAfterCancelling],
  ['Conflict', 'webhooks', oneWebhookTooMany],
  ['Conflict', 'secret', rotatedTwice],
  ['Conflict', 'disabled', replayedWhileDisabled],
  ['Stale', 'stale', () => patch({ priority: 'low' }, { 'if-match': '"older"' })],
  [
    'IdempotencyKeyReused',
    'reused',
    async () => {
      await post({ summary: 'One' }, { 'idempotency-key': 'form-1' })
      return post({ summary: 'Other' }, { 'idempotency-key': 'form-1' })
    },
  ],
  ['Misdirected', 'host', () => app.send('GET', '/ready', { headers: { host: 'example.org' } })],
  ['RateLimited', 'limit', exhausted],
  ['RateLimited', 'exports', oneExportTooMany],
  ['Unavailable', 'store', onFullDisk],
  ['Unavailable', 'record', withoutRecord],
]

const exampleOf = (component: string, example: string) =>
  document.components.responses[component]?.content?.['application/json'].examples?.[example]?.value as {
    error: string
    details: Record<string, unknown>
  }

/** The status under which operations refer to the component. */
function statusOf(component: string): number {
  const answers = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).flatMap(({ responses }) => Object.entries(responses)),
  )
  const found = answers.find(([, answer]) => '$ref' in answer && answer.$ref.endsWith(`/${component}`))
  return Number(found?.[0])
}

/** Details whose values depend on the moment. */
const passing = /^(etag|retryAfter|previousSecretUntil)$/
const lasting = (details: Record<string, unknown>) =>
  Object.entries(details).map(([name, value]) => [name, passing.test(name) ? '' : value])

test.each(causes)('%s, %s: the server says what the document shows', async (component, example, cause) => {
  const { status, body, headers } = await cause()
  const documented = exampleOf(component, example)
  expect([status, body.error]).toEqual([statusOf(component), documented.error])
  expect(lasting(body.details)).toEqual(lasting(documented.details))
  expect(headers.get('x-request-id')).toMatch(/\S/)
})

test('no refusal is documented that is not brought about here, but those that take time or a fault', () => {
  const documented = Object.entries(document.components.responses).flatMap(([component, { content }]) =>
    Object.keys(content?.['application/json'].examples ?? {}).map((example) => `${component} ${example}`),
  )
  const here = causes.map(([component, example]) => `${component} ${example}`)
  expect(documented.filter((one) => !here.includes(one))).toEqual([
    'Timeout slow',
    'Conflict running',
    'InternalError fault',
  ])
})
