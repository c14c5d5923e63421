import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { runDueWork } from '../../src/core/due-work.service'
import { dueWork } from '../../src/jobs/due-work'
import type { Issue } from '../../src/lib/errors'
import { settleTimes } from '../../src/resources/news/schedule'
import type { NewsStatus } from '../../src/resources/news/table'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { auditOf, type Body, eventsOf } from './cases/support'
import { callerOf, toldOf } from './support'

type Times = [status: NewsStatus, publishedAt: string | null, expiresAt?: string | null]

const timesOf = ([status, publishedAt, expiresAt = null]: Times) => ({
  status,
  publishedAt: publishedAt === null ? null : new Date(publishedAt),
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
})

describe('status and times', () => {
  const [past, now, future] = [
    '2026-03-13T09:29:59.999Z',
    '2026-03-13T09:30:00.000Z',
    '2026-03-13T09:30:00.001Z',
  ]

  test.each([
    // New or moved, with what it was before.
    [['draft', null], null, ['draft', null]],
    [['draft', past], null, ['draft', past]],
    [['pending', future], null, ['pending', future]],
    [
      ['published', null],
      ['pending', null],
      ['published', now],
    ],
    [
      ['published', past],
      ['pending', past],
      ['published', past],
    ],
    [
      ['published', now],
      ['pending', null],
      ['published', now],
    ],
    [
      ['published', future],
      ['pending', future],
      ['scheduled', future],
    ],
    [
      ['scheduled', future],
      ['pending', null],
      ['scheduled', future],
    ],
    [
      ['published', now],
      ['scheduled', future],
      ['published', now],
    ],
    // Scheduled, and its time has come though nobody was there to publish it.
    [
      ['scheduled', now],
      ['scheduled', now],
      ['published', now],
    ],
    [
      ['scheduled', past],
      ['scheduled', past],
      ['published', past],
    ],
    [
      ['scheduled', future],
      ['scheduled', past],
      ['scheduled', future],
    ],
    [
      ['published', null],
      ['published', past],
      ['published', now],
    ],
    [
      ['published', now, future],
      ['published', now],
      ['published', now, future],
    ],
    [
      ['withdrawn', past, now],
      ['published', past, now],
      ['withdrawn', past, now],
    ],
    [
      ['withdrawn', future],
      ['scheduled', future],
      ['withdrawn', future],
    ],
    [['draft', null, future], null, ['draft', null, future]],
  ] as [Times, Times | null, Times][])('%j after %j become %j', (wanted, before, expected) => {
    const issues: Issue[] = []
    const settled = settleTimes(timesOf(wanted), before && timesOf(before), new Date(now), issues)
    expect([settled, issues]).toEqual([timesOf(expected), []])
  })

  test.each([
    [['scheduled', null], ['pending', null], 'publishedAt'],
    [['scheduled', null], ['scheduled', future], 'publishedAt'],
    [['scheduled', now], ['pending', null], 'publishedAt'],
    [['scheduled', past], ['pending', past], 'publishedAt'],
    [['published', future], ['published', past], 'publishedAt'],
    [['draft', null, now], null, 'expiresAt'],
    [['draft', future, future], null, 'expiresAt'],
    [['published', null, now], ['pending', null], 'expiresAt'],
    [['pending', future, past], null, 'expiresAt'],
  ] as [Times, Times | null, string][])('%j after %j do not go together: %s', (wanted, before, path) => {
    const issues: Issue[] = []
    settleTimes(timesOf(wanted), before && timesOf(before), new Date(now), issues)
    expect(issues.map((issue) => issue.path)).toEqual([path])
  })
})

describe('scheduled news', () => {
  const due = '2026-05-01T09:00:00.000Z'
  let app: TestApp
  let council: Council
  let call: ReturnType<typeof callerOf>

  beforeEach(async () => {
    app = await createTestApp(unlimited)
    council = await createCouncil(app, 'avon')
    call = callerOf(app, 'news')
  })
  afterEach(() => app.close())

  const at = (instant: string) => app.clock.set(new Date(instant))
  const keep = () => runDueWork(app.deps, dueWork)
  const show = async (id: string): Promise<Body> => (await call.get(id, council)).body

  async function schedule(holder = council): Promise<string> {
    const { id } = await call.create({ title: 'Soon', body: 'x', publishedAt: due }, holder)
    await call.approve([id], holder)
    return id
  }

  test('are published at their time, once, and not before', async () => {
    const id = await schedule()
    at('2026-05-01T08:59:59.999Z')
    expect(await keep()).toBe(0)
    expect(await show(id)).toMatchObject({ status: 'scheduled', approved: true, publishedAt: due })
    expect(await eventsOf(app, id)).toEqual([])
    at(due)
    expect(await keep()).toBe(1)
    const shown = await show(id)
    expect(shown).toMatchObject({ status: 'published', publishedAt: due })
    expect(await toldOf(app, id, 'news_published')).toEqual([{ news: shown }])
    expect(await keep()).toBe(0)
    expect(await eventsOf(app, id)).toEqual(['news_published'])
    const last = (await auditOf(app, council)).at(-1)
    expect(last).toMatchObject({ action: 'news.publish', entityId: id, actorType: 'system' })
  })

  test('are published once however the clock jumps, and keep their time', async () => {
    const id = await schedule()
    for (const instant of ['2020-01-01T00:00:00Z', '2027-01-01T00:00:00Z', '2026-04-01T00:00:00Z', due]) {
      at(instant)
      await keep()
    }
    expect(await show(id)).toMatchObject({ status: 'published', publishedAt: due })
    expect(await eventsOf(app, id)).toEqual(['news_published'])
  })

  test('are published once by rounds that come together', async () => {
    const other = await createCouncil(app, 'severn')
    const ids = [await schedule(), await schedule(other), await schedule()]
    at(due)
    await Promise.all([keep(), keep(), keep()])
    for (const id of ids) expect(await eventsOf(app, id)).toEqual(['news_published'])
    expect((await call.get(ids[1] as string, other)).body.status).toBe('published')
  })

  test('stay away when they were withdrawn, removed or put off', async () => {
    const [withdrawn, removed, later] = [await schedule(), await schedule(), await schedule()] as const
    await call.change(withdrawn, { status: 'withdrawn' }, council)
    await call.send('DELETE', `/${removed}`, council)
    await call.change(later, { publishedAt: '2026-05-02T09:00:00Z' }, council)
    at(due)
    expect(await keep()).toBe(0)
    for (const id of [withdrawn, removed, later]) expect(await eventsOf(app, id)).toEqual([])
    at('2026-05-02T09:00:00Z')
    expect(await keep()).toBe(1)
    expect(await eventsOf(app, later)).toEqual(['news_published'])
    expect((await show(withdrawn)).status).toBe('withdrawn')
  })

  test('are published by hand before their time, and not again at it', async () => {
    const id = await schedule()
    expect(await call.change(id, { status: 'published' }, council)).toMatchObject({
      status: 'published',
      publishedAt: app.clock.now().toISOString(),
    })
    at(due)
    expect(await keep()).toBe(0)
    expect(await eventsOf(app, id)).toEqual(['news_published'])
  })

  test('are published by a change at their time, before the round comes', async () => {
    const id = await schedule()
    at(due)
    expect((await call.change(id, { title: 'Now' }, council)).status).toBe('published')
    expect(await keep()).toBe(0)
    expect(await eventsOf(app, id)).toEqual(['news_published'])
  })

  test('that were public before are not told of again', async () => {
    const { id } = await call.create({ title: 'Again', body: 'x' }, council)
    for (const status of ['published', 'withdrawn', 'draft', 'pending']) {
      await call.change(id, { status }, council)
    }
    expect((await call.change(id, { status: 'scheduled', publishedAt: due }, council)).status).toBe(
      'scheduled',
    )
    at(due)
    expect(await keep()).toBe(1)
    expect((await show(id)).status).toBe('published')
    expect(await eventsOf(app, id)).toEqual(['news_published', 'news_withdrawn'])
  })
})
