import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parse } from 'csv-parse/sync'
import {
  type Answer,
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type TestApp,
} from '../support/app'
import { createTestCase, createTestCategories } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { auditOf, type Body, createActing, type Holder } from './cases/support'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp(unlimited)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `fresh-${++fresh}`)

const ask = ({ key }: Holder, path = '', headers: Record<string, string> = {}): Promise<Answer> =>
  app.send('GET', `/api/audit${path}`, { key, headers })
const entriesOf = async (holder: Holder, query = ''): Promise<Body[]> => {
  const { status, body } = await ask(holder, `?pageSize=100&${query}`)
  expect(status).toBe(200)
  return body.entries
}
const actionsOf = async (holder: Holder, query = '') =>
  (await entriesOf(holder, query)).map(({ action }) => action)
const patchCase = ({ key }: Holder, id: string, body: unknown) =>
  app.send('PATCH', `/api/cases/${id}`, { key, body })

describe('the audit log is refused', () => {
  const paths = ['', '/verify', '/export']

  test('to keys without its scope, to those below a manager and on a smaller plan', async () => {
    const council = await newCouncil()
    const key = await createTestKey(app, council, { scopes: ['cases:read', 'settings:read'] })
    const pro = await createCouncil(app, `pro-${fresh}`, 'pro')
    for (const path of paths) {
      const answer = await ask({ key }, path)
      expect([path, answer.status, answer.body.details.requiredScope]).toEqual([path, 403, 'audit:read'])
      expect((await ask(pro, path)).status).toBe(403)
    }
    for (const role of ['councillor', 'caseworker'] as const) {
      const holder = await createActing(app, council, role, { scopes: ['audit:read'] })
      for (const path of paths) {
        const { status, body } = await ask(holder, path)
        expect([path, status, body.details.role]).toEqual([path, 403, role])
      }
    }
    const manager = await createActing(app, council, 'manager', { scopes: ['audit:read'] })
    for (const path of paths) expect([path, (await ask(manager, path)).status]).toEqual([path, 200])
  })

  test('for bad filters, which are named', async () => {
    const council = await newCouncil()
    for (const [query, name] of [
      ['from=yesterday', 'from'],
      ['to=2026-02-30', 'to'],
      ['action=', 'action'],
      [`entity=${'x'.repeat(101)}`, 'entity'],
      ['search=x', 'search'],
    ] as const) {
      for (const path of ['', '/export']) {
        const answer = await ask(council, `${path}?${query}`)
        expect([query, answer.status, issuesOf(answer)]).toEqual([query, 400, [`query ${name}`]])
      }
    }
    expect(issuesOf(await ask(council, '?sort=seq'))).toEqual(['query sort'])
    expect(issuesOf(await ask(council, '/export?format=xlsx&page=1')).sort()).toEqual([
      'query format',
      'query page',
    ])
  })
})

describe('an entry', () => {
  test('says who did what, when and from where, without what may be personal', async () => {
    const council = await newCouncil()
    const { id } = await createTestCase(app, council, { description: 'Zinnia at number 9' })
    const headers = { 'x-request-id': 'asked-by-a-test' }
    const body = { description: 'Zinnia moved', priority: 'high' }
    const answer = await app.send('PATCH', `/api/cases/${id}`, { key: council.key, headers, body })
    const [entry] = await entriesOf(council, `entityId=${id}`)
    expect(entry).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      seq: (await auditOf(app, council)).length,
      at: app.clock.now().toISOString(),
      actor: { type: 'key', id: expect.any(String), name: 'all', ip: '127.0.0.1' },
      requestId: answer.headers.get('x-request-id'),
      action: 'case.update',
      entity: 'case',
      entityId: id,
      changes: { description: { changed: true }, priority: { from: 'normal', to: 'high' } },
      hash: expect.stringMatching(/^\S{32,}$/),
    })
    expect((await ask(council, '?pageSize=100')).text).not.toContain('Zinnia')
  })
})

describe('the list of entries', () => {
  let council: Council
  let id: string
  beforeAll(async () => {
    council = await newCouncil()
    await createTestUser(council, { role: 'admin' })
    app.clock.set(new Date('2026-04-01T00:00:00.000Z'))
    id = (await createTestCase(app, council)).id
    app.clock.set(new Date('2026-04-02T00:00:00.000Z'))
    await patchCase(council, id, { priority: 'high' })
    await patchCase(council, id, { priority: 'low' })
  })

  test('is the newest first, and of this council alone', async () => {
    expect(await actionsOf(council)).toEqual([
      'case.update',
      'case.update',
      'case.create',
      'user.create',
      'key.create',
      'tenant.create',
    ])
    const seqs = (await entriesOf(council)).map(({ seq }) => seq)
    expect(seqs).toEqual([6, 5, 4, 3, 2, 1])
  })

  test.each([
    ['action=case.update', ['case.update', 'case.update']],
    ['action=case', []],
    ['entity=user', ['user.create']],
    ['entity=case&action=case.create', ['case.create']],
    ['actor=cli', ['user.create', 'key.create', 'tenant.create']],
    ['actor=key', ['case.update', 'case.update', 'case.create']],
    ['actor=system', []],
    ['actor=nobody', []],
    ['from=2026-04-02T00:00:00Z', ['case.update', 'case.update']],
    // The local date begins an hour before that of UTC.
    ['from=2026-04-02', ['case.update', 'case.update']],
    ['from=2026-04-01&to=2026-04-02T00:00:00Z', ['case.create']],
    ['to=2026-04-01T00:00:00Z', ['user.create', 'key.create', 'tenant.create']],
  ] as [string, string[]][])('%s → %j', async (query, expected) => {
    expect(await actionsOf(council, query)).toEqual(expected)
  })

  test('by thing and by who did it', async () => {
    expect(await actionsOf(council, `entityId=${id}`)).toEqual(['case.update', 'case.update', 'case.create'])
    const { actor } = (await entriesOf(council))[0] as Body
    expect(await entriesOf(council, `actor=${actor.id}`)).toHaveLength(3)
  })

  test('is followed by cursor while entries are added, each shown once', async () => {
    const seen: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const part: Body = (await ask(council, `?pageSize=2&actor=cli&cursor=${cursor}`)).body
      seen.push(...part.entries.map(({ seq }: Body) => seq))
      cursor = part.pagination.nextCursor
      await createTestUser(council, { role: 'caseworker' })
    }
    expect(seen).toEqual([3, 2, 1])
    const { body } = await ask(council, '?page=2&pageSize=2&action=case.update')
    expect(body).toEqual({
      entries: [],
      pagination: { page: 2, pageSize: 2, total: 2, totalPages: 1 },
    })
  })

  test('has a new tag when only an entry was added, and else the same', async () => {
    const first = (await ask(council)).headers.get('etag') as string
    expect((await ask(council, '', { 'if-none-match': first })).status).toBe(304)
    const key = await createTestKey(app, council, { scopes: ['wards:read'] })
    const second = (await ask(council)).headers.get('etag') as string
    const before = await auditOf(app, council)
    expect((await app.send('GET', '/api/cases', { key })).status).toBe(403)
    expect(await auditOf(app, council)).toHaveLength(before.length + 1)
    const answer = await ask(council, '', { 'if-none-match': second })
    expect([answer.status, answer.body.entries[0].action]).toEqual([200, 'access.refuse'])
    expect(answer.headers.get('etag')).not.toBe(second)
  })
})

describe('exports', () => {
  test('of cases, wards and the log are on record before they are given', async () => {
    const council = await newCouncil()
    await app.send('GET', '/api/cases/export?status=open', council)
    await app.send('GET', '/api/wards/export', council)
    await ask(council, '/export?entity=case')
    const entries = (await auditOf(app, council)).slice(-3)
    expect(entries.map(({ action, entity, entityId }) => [action, entity, entityId])).toEqual([
      ['case.export', 'case', 'export'],
      ['ward.export', 'ward', 'export'],
      ['audit.export', 'audit', 'export'],
    ])
    const { filters } = (entries[2] as Body).changes
    expect(JSON.parse(filters.to)).toEqual({ entity: 'case' })
  })

  test('of the log hold the same in each format, the oldest first', async () => {
    const council = await newCouncil()
    const { id } = await createTestCase(app, council, { summary: '=1+1' })
    await patchCase(council, id, { priority: 'high' })
    await patchCase(council, id, { status: 'in_progress' })
    const listed = (await entriesOf(council, 'entity=case')).reverse()
    const json = await ask(council, '/export?entity=case&format=json')
    expect(json.body).toEqual({ entries: listed, total: 3 })
    const lines = await ask(council, '/export?entity=case&format=ndjson')
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(listed)
    const csv = await ask(council, '/export?entity=case&times=utc')
    const rows: Record<string, string>[] = parse(csv.text, { columns: true })
    expect(rows.map((row) => [Number(row.Number), row.At, row.Action, row['Entity Id'], row.Hash])).toEqual(
      listed.map(({ seq, at, action, entityId, hash }) => [seq, at, action, entityId, hash]),
    )
    expect(rows.map(({ Changes }) => JSON.parse(Changes as string))).toEqual(
      listed.map(({ changes }) => changes),
    )
    expect(rows[0]).toMatchObject({ 'Actor Type': 'key', Actor: 'all', Address: '127.0.0.1' })
    expect(csv.headers.get('content-disposition')).toMatch(/filename="audit-export-\d{4}-\d\d-\d\d\.csv"/)
  })

  test('of more than one part are whole', async () => {
    const council = await newCouncil()
    await createTestCategories(
      app,
      council,
      Array.from({ length: 1_020 }, (_, i) => `Category ${i}`),
    )
    const { body } = await ask(council, '/export?format=json&action=category.import')
    expect(body.total).toBe(1_020)
    expect(body.entries.map(({ seq }: Body) => seq)).toEqual(Array.from({ length: 1_020 }, (_, i) => i + 3))
  })
})
