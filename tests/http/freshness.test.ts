import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { patchCategory } from '../../src/resources/categories/service'
import { patchUser } from '../../src/resources/users/edit.service'
import { patchWard } from '../../src/resources/wards/service'
import { type Answer, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { createSide, type Side } from '../support/sides'

let app: TestApp
let side: Side

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = await createSide(app, 'avon', 2)
})
afterAll(() => app.close())

const get = (path: string, headers = {}) => app.send('GET', path, { key: side.council.key, headers })

async function patch(path: string, body: object): Promise<void> {
  const { status, text } = await app.send('PATCH', path, { key: side.council.key, body })
  expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, ''])
}

/** Each list, and a change to something in it. */
const changes: Record<string, () => Promise<unknown>> = {
  '/api/cases': () => patch(`/api/cases/${side.ids.case}`, { priority: 'urgent' }),
  '/api/wards': () => patchWard(side.council.ctx, side.ids.ward, { description: 'New words' }),
  '/api/categories': () => patchCategory(side.council.ctx, side.ids.category, { group: 'New group' }),
  '/api/users': () => patchUser(side.council.ctx, side.ids.assignee, { name: 'New Name' }),
  '/api/events': () => patch(`/api/events/${side.ids.event}`, { summary: 'New words' }),
  '/api/news': () => patch(`/api/news/${side.ids.news}`, { summary: 'New words' }),
  '/api/webhooks': () => patch(`/api/webhooks/${side.ids.webhook}`, { description: 'New words' }),
  '/api/audit': () => patch(`/api/cases/${side.ids.spareCase}`, { priority: 'low' }),
  '/api/settings': () => patch('/api/settings', { referencePrefix: 'NEW' }),
}

const tagOf = ({ headers }: Answer) => headers.get('etag') as string

describe('a client that keeps an answer', () => {
  test.each(Object.entries(changes))('is told at once that %s has changed', async (path, change) => {
    const before = await get(path)
    expect((await get(path, { 'if-none-match': tagOf(before) })).status).toBe(304)
    await change()
    const after = await get(path, { 'if-none-match': tagOf(before) })
    expect(after.status).toBe(200)
    expect(after.text).not.toBe(before.text)
    expect(tagOf(after)).not.toBe(tagOf(before))
  })

  test('has one of these changes for every list', () => {
    const lists = app.routes.entries.filter(
      ({ method, path, isList }) => method === 'GET' && isList && /^\/api\/\w+$/.test(path),
    )
    expect(lists.length).toBeGreaterThan(5)
    expect(lists.map(({ path }) => path).filter((path) => !(path in changes))).toEqual([])
  })
})
