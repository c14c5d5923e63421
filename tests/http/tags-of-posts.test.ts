import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { RouteEntry } from '../../src/http/route-table'
import { type Answer, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { createSide, type Side } from '../support/sides'

let app: TestApp
let side: Side

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = await createSide(app, 'calder', 2)
})
afterAll(() => app.close())

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.send(method, path, { key: side.council.key, headers, ...(body === undefined ? {} : { body }) })

type Post = {
  send: () => { path: string; body?: unknown }
  /** Where what was made can be read; null if nowhere. */
  readAt: ((answer: Answer) => string) | null
  /** A change of it. */
  patch?: unknown
}

const own = ({ headers }: Answer) => headers.get('location') as string
const to = (path: string, body?: unknown) => () => ({ path, body })

const posts: Record<string, Post> = {
  'POST /api/cases': {
    send: to('/api/cases', { summary: 'Pothole' }),
    readAt: own,
    patch: { priority: 'high' },
  },
  'POST /api/events': {
    send: to('/api/events', { title: 'Surgery', startAt: '2026-05-09T10:00:00Z' }),
    readAt: own,
    patch: { title: 'Ward surgery' },
  },
  'POST /api/news': {
    send: to('/api/news', { title: 'News', body: 'Text' }),
    readAt: own,
    patch: { title: 'New' },
  },
  'POST /api/webhooks': {
    send: to('/api/webhooks', { url: 'https://93.184.216.34/x', events: ['case_created'] }),
    readAt: own,
    patch: { description: 'Ours' },
  },
  'POST /api/webhooks/:id/rotate-secret': {
    send: () => ({ path: `/api/webhooks/${side.ids.webhook}/rotate-secret` }),
    readAt: ({ body }) => `/api/webhooks/${body.id}`,
    patch: { description: 'Renewed' },
  },
  'POST /api/webhooks/deliveries/:id/replay': {
    send: () => ({ path: `/api/webhooks/deliveries/${side.ids.delivery}/replay` }),
    readAt: ({ body }) => `/api/webhooks/deliveries/${body.id}`,
  },
  'POST /api/webhooks/:id/test': {
    send: () => ({ path: `/api/webhooks/${side.ids.webhook}/test` }),
    readAt: null,
  },
  'POST /api/webhooks/:id/replay-failed': {
    send: () => ({ path: `/api/webhooks/${side.ids.webhook}/replay-failed`, body: { since: '2026-03-01' } }),
    readAt: null,
  },
  'POST /api/cases/:id/notes': {
    send: () => ({ path: `/api/cases/${side.ids.case}/notes`, body: { body: 'Seen' } }),
    readAt: null,
  },
  'POST /api/cases/search-resident': {
    send: to('/api/cases/search-resident', { postcode: 'BS2 9YT' }),
    readAt: null,
  },
  'POST /api/events/approve': {
    send: () => ({ path: '/api/events/approve', body: { ids: [side.ids.waitingEvent] } }),
    readAt: null,
  },
  'POST /api/news/approve': {
    send: () => ({ path: '/api/news/approve', body: { ids: [side.ids.waitingNews] } }),
    readAt: null,
  },
}

const show = ({ method, path }: RouteEntry) => `${method} ${path}`

describe('the ETag of an answer to a POST', () => {
  test('is looked at for every such route', () => {
    const routes = app.routes.entries.filter(
      ({ method, path }) => method === 'POST' && path.startsWith('/api/'),
    )
    expect(routes.map(show).sort()).toEqual(Object.keys(posts).sort())
  })

  for (const [name, { send, readAt, patch }] of Object.entries(posts)) {
    test(`${name}: ${readAt ? 'is that of what can be read afterwards' : 'is not there'}`, async () => {
      const { path, body } = send()
      const answer = await ask('POST', path, body)
      expect([answer.status < 300, answer.text]).toEqual([true, answer.text])
      const tag = answer.headers.get('etag')
      if (readAt === null) return expect(tag).toBeNull()
      const read = await ask('GET', readAt(answer))
      expect([read.status, read.headers.get('etag')]).toEqual([200, tag])
      const unchanged = await ask('GET', readAt(answer), undefined, { 'if-none-match': tag as string })
      expect(unchanged.status).toBe(304)
      if (patch === undefined) return
      const changed = await ask('PATCH', readAt(answer), patch, { 'if-match': tag as string })
      expect(changed.status).toBe(200)
      const stale = await ask('PATCH', readAt(answer), patch, { 'if-match': tag as string })
      expect(stale.status).toBe(412)
    })
  }

  test('sent again under its key is that of the first answer, without the secret', async () => {
    const { path, body } = (posts['POST /api/webhooks'] as Post).send()
    const first = await ask('POST', path, body, { 'idempotency-key': 'one' })
    const again = await ask('POST', path, body, { 'idempotency-key': 'one' })
    expect(again.body).toEqual({ ...first.body, secret: null })
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
  })
})
