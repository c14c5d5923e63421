import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eventMoves } from '../../src/resources/events/model'
import { type EventStatus, eventStatuses } from '../../src/resources/events/table'
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
  call = callerOf(app, 'events')
})
afterAll(() => app.close())

const wayTo: Record<EventStatus, EventStatus[]> = {
  draft: [],
  pending: [],
  approved: ['approved'],
  postponed: ['approved', 'postponed'],
  cancelled: ['approved', 'cancelled'],
}

async function makeIn(status: EventStatus): Promise<Body> {
  const first = status === 'draft' ? 'draft' : 'pending'
  const input = { title: `Event that is ${status}`, startAt: '2026-05-09T09:00:00Z', status: first }
  let made = await call.create(input, council)
  for (const next of wayTo[status]) made = await call.change(made.id, { status: next }, council)
  expect(made.status).toBe(status)
  return made
}

const show = async (id: string): Promise<Body> => (await call.get(id, council)).body
const pairs = eventStatuses.flatMap((from) => eventStatuses.map((to) => [from, to] as const))
const isPublic = (status: EventStatus) => !['draft', 'pending'].includes(status)

describe('an event goes', () => {
  test.each(pairs)('from %s to %s as the table says', async (from, to) => {
    const before = await makeIn(from)
    const answer = await call.patch(before.id, { status: to }, council)
    if (from !== to && !eventMoves[from].includes(to)) {
      expect([answer.status, answer.body]).toEqual([
        409,
        {
          error: `An event cannot go from ${from} to ${to}`,
          details: { from, to, allowed: [...eventMoves[from]] },
        },
      ])
      expect(await show(before.id)).toEqual(before)
      return
    }
    expect([answer.status, answer.body.status, answer.body.approved]).toEqual([200, to, isPublic(to)])
    expect(await show(before.id)).toEqual(answer.body)
    if (from === to) expect(answer.body).toEqual(before)
  })

  test('nowhere with a change that is not allowed beside it', async () => {
    const { id } = await makeIn('draft')
    expect((await call.patch(id, { status: 'approved', title: 'Lost' }, council)).status).toBe(409)
    expect((await call.patch(id, { status: 'pending', endAt: '2026-01-01' }, council)).status).toBe(400)
    expect(await show(id)).toMatchObject({ status: 'draft', title: 'Event that is draft' })
  })
})

describe('approving events is refused', () => {
  test('without ids, and for more than a hundred', async () => {
    for (const [ids, path] of [
      [[], 'ids'],
      [undefined, 'ids'],
      [['NOT AN ID'], 'ids.0'],
      [Array(101).fill(unknownId), 'ids'],
      [Array(10_000).fill(unknownId), 'ids'],
    ] as const) {
      const answer = await call.approve(ids, council)
      expect([answer.status, issuesOf(answer)]).toEqual([400, [`body ${path}`]])
    }
    const { body } = await call.approve(Array(100).fill(unknownId), council)
    expect(body.details.issues).toHaveLength(100)
  })

  test('for an id of nothing or of another council, which is named, and nothing is approved', async () => {
    const other = await createCouncil(app, 'severn')
    const foreign = await call.create({ title: 'Theirs', startAt: '2026-05-09' }, other)
    const { id } = await makeIn('pending')
    const answer = await call.approve([id, unknownId, foreign.id], council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['body ids.1', 'body ids.2']])
    expect((await show(id)).status).toBe('pending')
    expect(await eventsOf(app, id)).toEqual([])
    expect((await call.get(foreign.id, other)).body.status).toBe('pending')
  })

  test.each(['draft', 'cancelled'] as const)(
    'for one that is %s, and nothing is approved',
    async (status) => {
      const [waiting, bad] = [await makeIn('pending'), await makeIn(status)]
      const answer = await call.approve([waiting.id, bad.id], council)
      expect([answer.status, answer.body.details]).toEqual([
        409,
        { from: status, to: 'approved', allowed: [...eventMoves[status]] },
      ])
      expect(answer.body.error).toContain(bad.id)
      expect((await show(waiting.id)).status).toBe('pending')
    },
  )

  test('to a caseworker, who may not change what is public either', async () => {
    const worker = await createActing(app, council, 'caseworker', { scopes: ['events:read', 'events:write'] })
    const mine = await call.create({ title: 'Mine', startAt: '2026-05-09', status: 'draft' }, worker)
    await call.change(mine.id, { status: 'pending', title: 'Still mine' }, worker)
    const { id } = await makeIn('approved')
    for (const answer of [
      await call.approve([mine.id], worker),
      await call.patch(mine.id, { status: 'approved' }, worker),
      await call.patch(id, { title: 'Changed' }, worker),
      await call.patch(id, { status: 'cancelled' }, worker),
      await call.send('DELETE', `/${id}`, worker),
    ]) {
      expect([answer.status, answer.body.details]).toEqual([403, { role: 'caseworker' }])
    }
    expect(await show(id)).toMatchObject({ title: 'Event that is approved', status: 'approved' })
    expect((await call.send('DELETE', `/${mine.id}`, worker)).status).toBe(204)
  })
})

describe('approving events', () => {
  test('makes them public, counts what it changed and changes nothing again', async () => {
    const manager = await createActing(app, council, 'manager', { scopes: ['events:read', 'events:write'] })
    const made = [await makeIn('pending'), await makeIn('postponed'), await makeIn('approved')]
    const ids = made.map(({ id }) => id)
    const answer = await call.approve([...ids, ids[0]], manager)
    expect([answer.status, answer.body]).toEqual([200, { approved: 2 }])
    const after = await Promise.all(ids.map(show))
    expect(after.map(({ status }) => status)).toEqual(['approved', 'approved', 'approved'])
    expect(after[2]).toEqual(made[2])
    expect((await call.approve(ids, manager)).body).toEqual({ approved: 0 })
    expect(await Promise.all(ids.map(show))).toEqual(after)
    const entries = (await auditOf(app, council)).filter(
      ({ action, entityId }) => action === 'event.approve' && ids.includes(entityId),
    )
    expect(entries.map(({ entityId }) => entityId).sort()).toEqual(ids.slice(0, 2).sort())
    expect(entries.map(({ changes }) => changes.status)).toContainEqual({ from: 'pending', to: 'approved' })
  })
})

describe('what is told of an event', () => {
  test('is nothing before it is public, and that once when it is', async () => {
    const { id } = await makeIn('draft')
    await call.change(id, { title: 'Renamed' }, council)
    await call.change(id, { status: 'pending' }, council)
    expect(await eventsOf(app, id)).toEqual([])
    const shown = await call.change(id, { status: 'approved' }, council)
    expect(await eventsOf(app, id)).toEqual(['event_published'])
    expect(await toldOf(app, id, 'event_published')).toEqual([{ event: shown }])
    expect(shown.sequence).toBe(0)
  })

  test('is each later change, by which its number for calendars grows', async () => {
    const { id } = await makeIn('approved')
    const later = await call.change(id, { startAt: '2026-05-10T09:00:00Z', endAt: null }, council)
    const same = await call.change(id, { startAt: '2026-05-10T10:00:00+01:00' }, council)
    const postponed = await call.change(id, { status: 'postponed' }, council)
    const back = await call.change(id, { status: 'approved' }, council)
    const ended = await call.change(id, { status: 'cancelled', title: 'Called off' }, council)
    const sequences = [later, same, postponed, back, ended].map(({ sequence }) => sequence)
    expect(sequences).toEqual([1, 1, 2, 3, 4])
    const names = ['event_published', 'event_updated', 'event_updated', 'event_updated', 'event_cancelled']
    expect(await eventsOf(app, id)).toEqual(names)
    expect(await toldOf(app, id, 'event_updated')).toEqual(
      [later, postponed, back].map((event) => ({ event })),
    )
    expect(await toldOf(app, id, 'event_cancelled')).toEqual([{ event: ended }])
    await call.change(id, { title: 'Called off for good' }, council)
    expect(await eventsOf(app, id)).toEqual([...names, 'event_updated'])
  })

  test('is that it does not take place when it is removed while people expect it', async () => {
    for (const [status, names] of [
      ['draft', []],
      ['pending', []],
      ['approved', ['event_cancelled']],
      ['postponed', ['event_cancelled']],
      ['cancelled', []],
    ] as const) {
      const { id } = await makeIn(status)
      const before = (await eventsOf(app, id)).length
      await call.send('DELETE', `/${id}`, council)
      expect([status, (await eventsOf(app, id)).slice(before)]).toEqual([status, [...names]])
      if (names.length > 0) {
        const [said] = await toldOf(app, id, 'event_cancelled')
        expect(said.event).toMatchObject({ status: 'cancelled' })
      }
      const last = (await auditOf(app, council)).at(-1)
      expect(last).toMatchObject({ action: 'event.delete', entity: 'event', entityId: id })
      expect(last?.changes.deleted).toEqual({ from: false, to: true })
    }
  })
})
