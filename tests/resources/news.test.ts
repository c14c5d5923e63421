import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { createTestWards } from '../support/casework'
import { issuesOf, unlimited } from '../support/http'
import { type Body, createActing, unknownId } from './cases/support'
import { callerOf } from './support'

let app: TestApp
let council: Council
let other: Council
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  other = await createCouncil(app, 'severn')
  call = callerOf(app, 'news')
})
afterAll(() => app.close())

const open = { title: 'Mina Road is open again', body: 'The works are **finished**.' }
const make = (input: Record<string, unknown> = {}): Promise<Body> =>
  call.create({ ...open, ...input }, council)

describe('news are refused', () => {
  test.each([
    [{}, ['body body', 'body title']],
    [{ ...open, title: '' }, ['body title']],
    [{ ...open, title: 'x'.repeat(201) }, ['body title']],
    [{ ...open, body: ' \n' }, ['body body']],
    [{ ...open, body: 'x'.repeat(50_001) }, ['body body']],
    [{ ...open, body: null }, ['body body']],
    [{ ...open, status: 'published' }, ['body status']],
    [{ ...open, status: 'scheduled' }, ['body status']],
    [{ ...open, imageUrl: 'data:image/png;base64,AA' }, ['body imageUrl']],
    [{ ...open, imageUrl: '//example.org/a.png' }, ['body imageUrl']],
    [{ ...open, wardIds: [unknownId] }, ['body wardIds.0']],
    [{ ...open, publishedAt: '2026-02-30' }, ['body publishedAt']],
    [{ ...open, publishedAt: 'soon', expiresAt: 'later' }, ['body expiresAt', 'body publishedAt']],
    [{ ...open, publishedAt: '2026-05-02', expiresAt: '2026-05-01' }, ['body expiresAt']],
    [{ ...open, publishedAt: '2026-05-02', expiresAt: '2026-05-02' }, ['body expiresAt']],
    [{ ...open, expiresAt: '2026-03-13T09:00:00Z' }, ['body expiresAt']],
    [{ ...open, slug: 'mine' }, ['body slug']],
    [{ ...open, createdBy: { id: 'x', name: 'x' } }, ['body createdBy']],
  ] as [Record<string, unknown>, string[]][])('case %#: 400 that names the field', async (body, expected) => {
    const before = (await call.list('', council)).length
    const answer = await call.post(body, council)
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, expected])
    expect(await call.list('', council)).toHaveLength(before)
  })

  test('by a change that leaves them without sense', async () => {
    const wardIds = await createTestWards(app, other, ['Clifton'])
    const made = await make({ publishedAt: '2026-05-02', expiresAt: '2026-06-02' })
    for (const [body, expected] of [
      [{ publishedAt: '2026-06-02' }, 'body expiresAt'],
      [{ expiresAt: '2026-05-01T23:00:00Z' }, 'body expiresAt'],
      [{ wardIds }, 'body wardIds.0'],
      [{ title: null }, 'body title'],
      [{ body: null }, 'body body'],
      [{ slug: 'mine' }, 'body slug'],
      [{ status: 'approved' }, 'body status'],
    ] as const) {
      const answer = await call.patch(made.id, body, council)
      expect([body, answer.status, issuesOf(answer)]).toEqual([body, 400, [expected]])
    }
    expect((await call.get(made.id, council)).body).toEqual(made)
  })

  test('to a key that may only read, and where there are none: 403 and 404', async () => {
    const reader = { key: await createTestKey(app, council, { scopes: ['news:read'] }) }
    const { id } = await make()
    expect((await call.post(open, reader)).status).toBe(403)
    expect((await call.approve([id], reader)).status).toBe(403)
    expect((await call.send('DELETE', `/${id}`, reader)).status).toBe(403)
    for (const [path, holder] of [
      [unknownId, council],
      [id, other],
    ] as const) {
      for (const answer of [
        await call.get(path, holder),
        await call.patch(path, { title: 'x' }, holder),
        await call.send('DELETE', `/${path}`, holder),
      ]) {
        expect([answer.status, answer.body]).toEqual([404, { error: 'News not found', details: {} }])
      }
    }
    expect((await call.get(id, reader)).status).toBe(200)
  })

  test('when they were changed since they were read: 412', async () => {
    const { id } = await make()
    const tag = await call.tag(`/${id}`, council)
    await call.change(id, { title: 'Open' }, council)
    const headers = { 'if-match': tag }
    expect((await call.patch(id, { title: 'Lost' }, council, headers)).status).toBe(412)
    expect((await call.send('DELETE', `/${id}`, council, { headers })).status).toBe(412)
    expect((await call.get(id, council)).body.title).toBe('Open')
  })
})

describe('news', () => {
  test('wait for their approval and have what nobody said as null', async () => {
    const fresh = await createCouncil(app, 'wye')
    const answer = await call.post(open, fresh)
    const now = app.clock.now().toISOString()
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[a-z][a-z0-9]{23}$/),
      title: 'Mina Road is open again',
      slug: 'mina-road-is-open-again',
      summary: null,
      body: 'The works are **finished**.',
      bodyHtml: '<p>The works are <strong>finished</strong>.</p>',
      source: null,
      imageUrl: null,
      wardIds: [],
      status: 'pending',
      approved: false,
      publishedAt: null,
      expiresAt: null,
      createdBy: { id: expect.any(String), name: 'all' },
      createdAt: now,
      updatedAt: now,
    })
    expect(answer.headers.get('location')).toBe(`/api/news/${answer.body.id}`)
    expect((await call.get(answer.body.id, fresh)).body).toEqual(answer.body)
    expect(await call.list('', fresh)).toEqual([answer.body])
  })

  test('keep all that was said, take changes field by field, and are by whom the key acts for', async () => {
    const wardIds = await createTestWards(app, council, ['Ashley', 'Easton'])
    const author = await createActing(app, council, 'councillor', { scopes: ['news:read', 'news:write'] })
    const said = {
      summary: 'Open',
      source: 'Ashley Labour',
      imageUrl: 'https://example.org/a.png',
      wardIds,
      status: 'draft',
      publishedAt: '2026-05-01T23:00:00.000Z',
      expiresAt: '2026-06-01T09:30:00.000Z',
    }
    const made = await call.create({ ...open, ...said }, author)
    expect(made).toMatchObject({ ...said, createdBy: { id: author.id, name: author.name } })
    app.clock.advance(60_000)
    const changed = await call.change(made.id, { title: 'Open!', summary: null, expiresAt: null }, council)
    const updatedAt = app.clock.now().toISOString()
    expect(changed).toEqual({ ...made, title: 'Open!', summary: null, expiresAt: null, updatedAt })
    app.clock.advance(60_000)
    const same = { title: 'Open!', wardIds, publishedAt: '2026-05-02' }
    expect(await call.change(made.id, same, council)).toEqual(changed)
  })

  test('have a name in addresses that no others of the council have, and keep it', async () => {
    const slugs: string[] = []
    for (const title of ['A / B', 'a b', 'A-B!', '!!!', '???']) slugs.push((await make({ title })).slug)
    expect(slugs).toEqual(['a-b', 'a-b-2', 'a-b-3', 'news', 'news-2'])
    expect((await call.create({ ...open, title: 'A / B' }, other)).slug).toBe('a-b')
    const { id } = (await call.list('search=a%20b', council)).find(({ slug }) => slug === 'a-b-2') as Body
    expect((await call.change(id, { title: 'Other' }, council)).slug).toBe('a-b-2')
    await call.send('DELETE', `/${id}`, council)
    expect((await make({ title: 'A B' })).slug).toBe('a-b-2')
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => make({ title: 'At once' })))
    expect(atOnce.map(({ slug }) => slug).sort()).toEqual([
      'at-once',
      'at-once-2',
      'at-once-3',
      'at-once-4',
      'at-once-5',
    ])
  })

  test('show their text as it was written, and as HTML that does nothing', async () => {
    const body = [
      'Hello <script>alert(1)</script>',
      '<p onclick="alert(1)" style="position:fixed">Hello</p>',
      '[press](javascript:alert(1)) <a href="java&#115;cript:alert(1)">here</a>',
      '<iframe src="https://example.org"></iframe><img src=x onerror=alert(1)>',
      '[works](https://example.org/works)',
    ].join('\n\n')
    const { id } = await make({ body })
    const shown = (await call.get(id, council)).body
    expect(shown.body).toBe(body)
    expect(shown.bodyHtml).not.toMatch(/script|onclick|onerror|style|iframe|alert/i)
    expect(shown.bodyHtml).toContain('<p>Hello</p>')
    expect(shown.bodyHtml).toContain('<a href="https://example.org/works">works</a>')
  })

  test('are removed for good', async () => {
    const { id } = await make()
    const gone = await call.send('DELETE', `/${id}`, council)
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await call.get(id, council)).status).toBe(404)
    expect((await call.send('DELETE', `/${id}`, council)).status).toBe(404)
  })
})
