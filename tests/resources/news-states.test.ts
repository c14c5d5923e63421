import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { isApproved, newsMoves } from '../../src/resources/news/model'
import { type NewsStatus, newsStatuses } from '../../src/resources/news/table'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { issuesOf, unlimited } from '../support/http'
import { auditOf, type Body, createActing, eventsOf, unknownId } from './cases/support'
import { callerOf, toldOf } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  call = callerOf(app, 'news')
})
afterAll(() => app.close())

const later = '2026-05-01T09:00:00.000Z'
const changeTo = (status: NewsStatus) =>
  status === 'scheduled' ? { status, publishedAt: later } : { status }

const wayTo: Record<NewsStatus, NewsStatus[]> = {
  draft: [],
  pending: [],
  scheduled: ['scheduled'],
  published: ['published'],
  withdrawn: ['published', 'withdrawn'],
}

async function makeIn(status: NewsStatus, input: Record<string, unknown> = {}): Promise<Body> {
  const first = status === 'draft' ? 'draft' : 'pending'
  let made = await call.create({ title: `News ${status}`, body: 'x', status: first, ...input }, council)
  for (const next of wayTo[status]) made = await call.change(made.id, changeTo(next), council)
  expect(made.status).toBe(status)
  return made
}

const show = async (id: string): Promise<Body> => (await call.get(id, council)).body
const pairs = newsStatuses.flatMap((from) => newsStatuses.map((to) => [from, to] as const))

describe('news go', () => {
  test.each(pairs)('from %s to %s as the table says', async (from, to) => {
    const before = await makeIn(from)
    app.clock.advance(60_000)
    const answer = await call.patch(before.id, changeTo(to), council)
    if (from !== to && !newsMoves[from].includes(to)) {
      expect([answer.status, answer.body]).toEqual([
        409,
        {
          error: `News cannot go from ${from} to ${to}`,
          details: { from, to, allowed: [...newsMoves[from]] },
        },
      ])
      expect(await show(before.id)).toEqual(before)
      return
    }
    expect([answer.status, answer.body.status, answer.body.approved]).toEqual([200, to, isApproved(to)])
    expect(await show(before.id)).toEqual(answer.body)
    if (from === to) expect(answer.body).toEqual(before)
    else if (to === 'published') expect(answer.body.publishedAt).toBe(app.clock.now().toISOString())
    else expect(answer.body.publishedAt).toBe(to === 'scheduled' ? later : before.publishedAt)
  })

  test('nowhere with a change that is not allowed beside it', async () => {
    const { id } = await makeIn('draft')
    expect((await call.patch(id, { status: 'published', title: 'Lost' }, council)).status).toBe(409)
    const answer = await call.patch(id, { status: 'pending', expiresAt: '2026-01-01' }, council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body expiresAt']])
    expect(await show(id)).toMatchObject({ status: 'draft', title: 'News draft' })
  })

  test('nowhere without the time that it needs', async () => {
    const [pending, scheduled, published] = [
      await makeIn('pending'),
      await makeIn('scheduled'),
      await makeIn('published'),
    ]
    for (const [{ id }, body] of [
      [pending, { status: 'scheduled' }],
      [pending, { status: 'scheduled', publishedAt: app.clock.now().toISOString() }],
      [scheduled, { publishedAt: null }],
      [published, { publishedAt: later }],
    ] as const) {
      const answer = await call.patch(id, body, council)
      expect([body, answer.status, issuesOf(answer)]).toEqual([body, 400, ['body publishedAt']])
    }
    expect(await show(pending.id)).toEqual(pending)
  })
})

describe('approving news is refused', () => {
  test('without ids, and for more than a hundred', async () => {
    for (const [ids, path] of [
      [[], 'ids'],
      [undefined, 'ids'],
      [Array(101).fill(unknownId), 'ids'],
      [Array(10_000).fill(unknownId), 'ids'],
    ] as const) {
      const answer = await call.approve(ids, council)
      expect([answer.status, issuesOf(answer)]).toEqual([400, [`body ${path}`]])
    }
  })

  test('for an id of nothing, a draft and what was withdrawn, and then for all', async () => {
    const [waiting, draft, withdrawn] = [
      await makeIn('pending'),
      await makeIn('draft'),
      await makeIn('withdrawn'),
    ]
    const unknown = await call.approve([waiting.id, unknownId], council)
    expect([unknown.status, issuesOf(unknown)]).toEqual([400, ['body ids.1']])
    for (const { id, status } of [draft, withdrawn]) {
      const answer = await call.approve([waiting.id, id], council)
      expect([answer.status, answer.body.error]).toEqual([409, expect.stringContaining(id)])
      expect(answer.body.details).toMatchObject({ from: status, to: 'published' })
    }
    expect(await show(waiting.id)).toEqual(waiting)
    expect(await eventsOf(app, waiting.id)).toEqual([])
  })

  test('to a caseworker, who may not change what is approved either', async () => {
    const worker = await createActing(app, council, 'caseworker', { scopes: ['news:read', 'news:write'] })
    const mine = await call.create({ title: 'Mine', body: 'x', status: 'draft' }, worker)
    await call.change(mine.id, { status: 'pending', publishedAt: later }, worker)
    const [scheduled, published] = [await makeIn('scheduled'), await makeIn('published')]
    for (const answer of [
      await call.approve([mine.id], worker),
      await call.patch(mine.id, { status: 'published' }, worker),
      await call.patch(mine.id, { status: 'scheduled', publishedAt: later }, worker),
      await call.patch(scheduled.id, { title: 'Changed' }, worker),
      await call.patch(scheduled.id, { status: 'withdrawn' }, worker),
      await call.patch(published.id, { body: 'Changed' }, worker),
      await call.send('DELETE', `/${published.id}`, worker),
    ]) {
      expect([answer.status, answer.body.details]).toEqual([403, { role: 'caseworker' }])
    }
    expect(await show(published.id)).toEqual(published)
    expect((await call.send('DELETE', `/${mine.id}`, worker)).status).toBe(204)
  })
})

describe('approving news', () => {
  test('publishes them now or at their time, counts what it changed and changes nothing again', async () => {
    const given = [
      await makeIn('pending'),
      await makeIn('pending', { publishedAt: later }),
      await makeIn('pending', { publishedAt: '2026-03-01T00:00:00Z' }),
      await makeIn('published'),
      await makeIn('scheduled'),
    ]
    const ids = given.map(({ id }) => id)
    const answer = await call.approve([...ids, ids[0]], council)
    expect([answer.status, answer.body]).toEqual([200, { approved: 3 }])
    const after = await Promise.all(ids.map(show))
    const now = app.clock.now().toISOString()
    expect(after.slice(0, 3).map(({ status, publishedAt }) => [status, publishedAt])).toEqual([
      ['published', now],
      ['scheduled', later],
      ['published', '2026-03-01T00:00:00.000Z'],
    ])
    expect(after.slice(3)).toEqual(given.slice(3))
    expect((await call.approve(ids, council)).body).toEqual({ approved: 0 })
    expect(await Promise.all(ids.map(show))).toEqual(after)
  })
})

describe('what is told of news', () => {
  test('is that they are published, once, and each time that they are taken back', async () => {
    const { id } = await makeIn('draft')
    await call.change(id, { status: 'pending' }, council)
    expect(await eventsOf(app, id)).toEqual([])
    const shown = await call.change(id, { status: 'published' }, council)
    expect(await toldOf(app, id, 'news_published')).toEqual([{ news: shown }])
    await call.change(id, { title: 'Corrected' }, council)
    const back = await call.change(id, { status: 'withdrawn' }, council)
    for (const status of ['draft', 'pending', 'published', 'withdrawn']) {
      await call.change(id, { status }, council)
    }
    expect(await eventsOf(app, id)).toEqual(['news_published', 'news_withdrawn', 'news_withdrawn'])
    expect((await toldOf(app, id, 'news_withdrawn'))[0]).toEqual({ news: back })
  })

  test('is that they were taken back when they are removed while they are public', async () => {
    for (const status of newsStatuses) {
      const { id } = await makeIn(status)
      const before = (await eventsOf(app, id)).length
      await call.send('DELETE', `/${id}`, council)
      const told = (await eventsOf(app, id)).slice(before)
      expect([status, told]).toEqual([status, status === 'published' ? ['news_withdrawn'] : []])
      if (told.length > 0) {
        const [said] = await toldOf(app, id, 'news_withdrawn')
        expect(said.news).toMatchObject({ status: 'withdrawn', approved: false })
      }
      const last = (await auditOf(app, council)).at(-1)
      expect(last).toMatchObject({ action: 'news.delete', entity: 'news', entityId: id })
    }
  })

  test('is on record without their text', async () => {
    const { id } = await makeIn('pending', { body: 'Zinnia' })
    await call.change(id, { body: 'Zinnia again', title: 'New title' }, council)
    const entries = (await auditOf(app, council)).filter(({ entityId }) => entityId === id)
    expect(entries.at(-1)).toMatchObject({ action: 'news.update', entity: 'news' })
    expect(entries.at(-1)?.changes).toEqual({
      body: { changed: true },
      title: { from: 'News pending', to: 'New title' },
    })
    expect(JSON.stringify(entries)).not.toContain('Zinnia')
  })
})
