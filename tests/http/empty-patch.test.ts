import { afterAll, beforeAll, expect, test } from 'bun:test'
import { and, eq, ne } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import { tenants } from '../../src/core/tenants/table'
import { createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { createSide, type Ids, type Side } from '../support/sides'

let app: TestApp
let side: Side

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = await createSide(app, 'avon', 2)
})
afterAll(() => app.close())

const kindOf: Record<string, keyof Ids> = {
  cases: 'case',
  events: 'event',
  news: 'news',
  webhooks: 'webhook',
}

/** What tells of a change: the revision, and the audit log without the views of a resident’s details that an answer shows. */
async function marks() {
  const { id } = side.council.tenant
  const [row] = await app.deps.store.read.select().from(tenants).where(eq(tenants.id, id))
  const entries = await app.deps.store.read
    .select({ action: auditEntries.action })
    .from(auditEntries)
    .where(and(eq(auditEntries.tenantId, id), ne(auditEntries.action, 'resident.read')))
  return { revision: row?.revision, entries: entries.length }
}

test('an empty change is made of everything that can be changed, and changes nothing', async () => {
  const { key } = side.council
  const paths = app.routes.entries
    .filter(({ method, path }) => method === 'PATCH' && path.startsWith('/api/'))
    .map(({ path }) =>
      path.replace(/(\w+)\/:id$/, (_, list: string) => `${list}/${side.ids[kindOf[list] ?? 'case']}`),
    )
  expect(paths.length).toBeGreaterThan(4)
  for (const path of paths) {
    const [before, was] = [await app.send('GET', path, { key }), await marks()]
    app.clock.advance(1_000)
    const { status, body } = await app.send('PATCH', path, { key, body: {} })
    expect([path, status]).toEqual([path, 200])
    expect(await marks()).toEqual(was)
    const after = await app.send('GET', path, { key })
    expect([path, after.headers.get('etag')]).toEqual([path, before.headers.get('etag')])
    expect(body.version).toBe(before.body.version)
  }
})
