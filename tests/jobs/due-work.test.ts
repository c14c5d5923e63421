import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Deps } from '../../src/core/ctx'
import { runDueWork } from '../../src/core/due-work.service'
import { createDeps } from '../../src/deps'
import { dueWork, startDueWork } from '../../src/jobs/due-work'
import { auditOf, type Body, caller, eventsOf, setTenant } from '../resources/cases/support'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { withTrigger } from '../support/beside'
import { unlimited } from '../support/http'

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>

beforeEach(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
  at('2026-06-01T09:00:00.000Z')
  council = await createCouncil(app, 'avon')
})
afterEach(() => app.close())

const at = (instant: string) => app.clock.set(new Date(instant))

/** What a case received on 1 June 2026 is due by, ten working days on, and the first moment after it. */
const due = '2026-06-15T22:59:59.000Z'
const afterDue = '2026-06-15T22:59:59.001Z'

const make = (input: Record<string, unknown> = {}): Promise<Body> => call.create(input, council)
const change = (id: string, body: Record<string, unknown>): Promise<Body> => call.change(id, body, council)
const show = async (id: string): Promise<Body> => (await call.get(id, council)).body
const keep = () => runDueWork(app.deps, dueWork)

const countOf = async (id: string, event: string) =>
  (await eventsOf(app, id)).filter((name) => name === event).length
const breaches = async (id: string): Promise<Body[]> =>
  (await call.timeline(id, council)).filter(({ to }) => to?.slaState === 'breached')

/** How often a missed target was announced: by event, and in the case’s history. */
const told = async (id: string) => [await countOf(id, 'case_sla_breached'), (await breaches(id)).length]

describe('nothing is told', () => {
  test('of a case that is not due yet, waits, has no target or was finished in time', async () => {
    const [running, waiting, finished] = [await make(), await make(), await make()]
    await change(waiting.id, { status: 'in_progress', pending: { reason: 'awaiting_department' } })
    await change(finished.id, { status: 'closed', resolution: 'withdrawn' })
    await setTenant(council, { targetDays: null })
    const free = await make()
    at(due)
    expect(await keep()).toBe(0)
    expect(await told(running.id)).toEqual([0, 0])
    at('2026-12-01T12:00:00.000Z')
    expect(await keep()).toBe(1)
    for (const { id } of [waiting, finished, free]) expect([id, await told(id)]).toEqual([id, [0, 0]])
    expect((await show(waiting.id)).version).toBe(2)
  })
})

describe('a missed target', () => {
  test('is told once: an event, an entry in the history, an audit entry, a new version', async () => {
    const { id } = await make()
    at(afterDue)
    expect(await keep()).toBe(1)
    expect(await told(id)).toEqual([1, 1])
    expect(await show(id)).toMatchObject({
      version: 2,
      updatedAt: afterDue,
      slaState: 'breached',
      dueAt: due,
    })
    expect((await breaches(id))[0]).toMatchObject({
      kind: 'target',
      visibility: 'internal',
      at: afterDue,
      author: { type: 'system', name: 'Reeve' },
    })
    const entries = (await auditOf(app, council)).filter(({ entityId }) => entityId === id)
    expect(entries.map(({ action, actorType }) => [action, actorType])).toEqual([
      ['case.create', 'key'],
      ['case.breach', 'system'],
    ])
  })

  test('is not told again: not by the next rounds, nor after the clock jumped forward and back', async () => {
    const { id } = await make()
    at(afterDue)
    await keep()
    for (const instant of [
      afterDue,
      '2026-06-16T09:00:00.000Z',
      '2030-01-01T00:00:00.000Z',
      '2026-06-02T09:00:00.000Z',
      due,
      afterDue,
      '2026-06-16T09:00:00.000Z',
    ]) {
      at(instant)
      expect([instant, await keep()]).toEqual([instant, 0])
    }
    expect(await told(id)).toEqual([1, 1])
  })

  test('is not told again by another server on the same store, nor by two at once', async () => {
    const [one, two] = [await make(), await make()]
    at(afterDue)
    const open = (): Promise<Deps> =>
      createDeps(app.config, { wanted: 'live', clock: app.clock, log: app.deps.log })
    const other = await open()
    const handled = await Promise.all([
      keep(),
      runDueWork(other, dueWork),
      keep(),
      runDueWork(other, dueWork),
    ])
    expect(handled.every((count) => count <= 2)).toBe(true)
    await other.store.close()
    const third = await open()
    expect(await runDueWork(third, dueWork)).toBe(0)
    await third.store.close()
    for (const { id } of [one, two]) expect(await told(id)).toEqual([1, 1])
    expect(app.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('is told by a change that comes before the clock has noticed, and not by the clock after it', async () => {
    for (const body of [
      { priority: 'high' },
      { status: 'resolved', resolution: 'fixed' },
      { status: 'in_progress', pending: { reason: 'scheduled' } },
      { publicSummary: 'A pothole', publicState: 'approved' },
    ]) {
      at('2026-06-01T09:00:00.000Z')
      const { id } = await make()
      at(afterDue)
      await change(id, body)
      expect([body, await told(id)]).toEqual([body, [1, 1]])
      expect(await keep()).toBe(0)
      await change(id, { summary: 'Another' })
      expect([body, await told(id)]).toEqual([body, [1, 1]])
    }
  })

  test('is told once where a note came before the clock had noticed', async () => {
    const { id } = await make()
    at(afterDue)
    await call.note(id, { body: 'Rang the depot' }, council)
    await keep()
    await change(id, { priority: 'high' })
    expect(await told(id)).toEqual([1, 1])
  })

  test('is not told at the due second itself', async () => {
    const { id } = await make()
    at(due)
    await change(id, { priority: 'high' })
    expect(await told(id)).toEqual([0, 0])
  })

  test('is told anew of a new target: after reopening, and each once', async () => {
    const { id } = await make()
    at(afterDue)
    await keep()
    await change(id, { status: 'resolved', resolution: 'fixed' })
    await change(id, { status: 'in_progress', reason: 'It is back' })
    expect(await keep()).toBe(0)
    at('2026-07-15T09:00:00.000Z')
    expect(await keep()).toBe(1)
    expect(await keep()).toBe(0)
    expect(await told(id)).toEqual([2, 2])
  })

  test('says nothing of the resident in the open, and is no release of them', async () => {
    await make({ residentName: 'Zinnia Quartermaine' })
    at(afterDue)
    await keep()
    expect((await auditOf(app, council)).map(({ action }) => action)).not.toContain('resident.read')
    expect(JSON.stringify(app.logged)).not.toContain('Zinnia')
  })
})

describe('a wait that was to end', () => {
  const until = '2026-06-09T09:00:00.000Z'
  const wait = async () => {
    at('2026-06-01T09:00:00.000Z')
    const { id } = await make()
    at('2026-06-03T09:00:00.000Z')
    await change(id, { status: 'in_progress', pending: { reason: 'scheduled', until } })
    return id
  }

  test('ends then and not before: the case goes on, its target moved by the days', async () => {
    const id = await wait()
    at(until)
    expect(await keep()).toBe(0)
    expect((await show(id)).slaState).toBe('paused')
    at('2026-06-09T09:00:00.001Z')
    expect(await keep()).toBe(1)
    // 4, 5, 8 and 9 June.
    expect(await show(id)).toMatchObject({
      status: 'in_progress',
      pending: null,
      dueAt: '2026-06-19T22:59:59.000Z',
      slaState: 'on_track',
      version: 3,
    })
    const [entry] = await call.timeline(id, council)
    expect(entry).toMatchObject({
      kind: 'target',
      from: { dueAt: due, pending: 'scheduled', pendingUntil: until },
      to: { dueAt: '2026-06-19T22:59:59.000Z', pending: null, pendingUntil: null },
      author: { type: 'system', name: 'Reeve' },
    })
    expect(await keep()).toBe(0)
  })

  test('counts up to its end, however late that is noticed; a target missed meanwhile is told at once', async () => {
    const id = await wait()
    at('2026-06-29T09:00:00.000Z')
    expect(await keep()).toBe(2)
    expect(await show(id)).toMatchObject({
      pending: null,
      dueAt: '2026-06-19T22:59:59.000Z',
      slaState: 'breached',
    })
    expect(await told(id)).toEqual([1, 1])
    expect(await keep()).toBe(0)
  })

  test('is none where it was ended by hand or put off', async () => {
    const [ended, later] = [await wait(), await wait()]
    await change(ended, { pending: null })
    await change(later, { pending: { reason: 'scheduled', until: '2026-06-12T09:00:00.000Z' } })
    at('2026-06-10T09:00:00.000Z')
    expect(await keep()).toBe(0)
    expect((await show(ended)).dueAt).toBe(due)
    expect((await show(later)).slaState).toBe('paused')
    at('2026-06-12T12:00:00.000Z')
    expect(await keep()).toBe(1)
    // 4, 5, 8, 9, 10, 11 and 12 June.
    expect((await show(later)).dueAt).toBe('2026-06-24T22:59:59.000Z')
  })
})

describe('a resolved case', () => {
  const resolve = async (instant: string) => {
    at('2026-06-01T09:00:00.000Z')
    const { id } = await make()
    at(instant)
    await change(id, { status: 'resolved', resolution: 'answered' })
    return id
  }

  test('is closed after five working days, at the end of the last, and says why', async () => {
    const id = await resolve('2026-06-05T15:00:00.000Z')
    at('2026-06-12T22:59:59.000Z')
    expect(await keep()).toBe(0)
    at('2026-06-12T22:59:59.001Z')
    expect(await keep()).toBe(1)
    expect(await show(id)).toMatchObject({
      status: 'closed',
      resolution: 'answered',
      resolvedAt: '2026-06-05T15:00:00.000Z',
      closedAt: '2026-06-12T22:59:59.001Z',
      slaState: 'met',
    })
    const [entry] = await call.timeline(id, council)
    expect(entry).toMatchObject({
      kind: 'status',
      body: expect.stringMatching(/\S/),
      from: { status: 'resolved' },
      to: { status: 'closed' },
      author: { type: 'system' },
    })
    expect((await eventsOf(app, id)).slice(-2)).toEqual(['case_status_changed', 'case_closed'])
    expect(await keep()).toBe(0)
    expect(await countOf(id, 'case_closed')).toBe(1)
  })

  test.each([
    [1, '2026-06-05T15:00:00.000Z', '2026-06-08T22:59:59.000Z'],
    [1, '2026-06-05T23:30:00.000Z', '2026-06-08T22:59:59.000Z'],
    [3, '2026-06-05T22:30:00.000Z', '2026-06-10T22:59:59.000Z'],
    // Over the holiday of 31 August, and over the end of summer time.
    [2, '2026-08-28T12:00:00.000Z', '2026-09-02T22:59:59.000Z'],
    [1, '2026-10-23T12:00:00.000Z', '2026-10-26T23:59:59.000Z'],
  ])('with a window of %i from %s: closed after %s', async (reopenWindowDays, resolved, last) => {
    await setTenant(council, { reopenWindowDays })
    const id = await resolve(resolved)
    at(last)
    await keep()
    expect((await show(id)).status).toBe('resolved')
    app.clock.advance(1)
    await keep()
    expect((await show(id)).status).toBe('closed')
  })

  test('stays where the council closes none, was closed by hand or was reopened', async () => {
    await setTenant(council, { reopenWindowDays: null })
    const open = await resolve('2026-06-05T15:00:00.000Z')
    await setTenant(council, { reopenWindowDays: 5, targetDays: null })
    const [reopened, closed] = [
      await resolve('2026-06-05T15:00:00.000Z'),
      await resolve('2026-06-05T15:00:00.000Z'),
    ]
    await change(reopened, { status: 'in_progress', reason: 'It is back' })
    const { version } = await change(closed, { status: 'closed' })
    at('2027-01-01T12:00:00.000Z')
    expect(await keep()).toBe(0)
    expect((await show(open)).status).toBe('resolved')
    expect((await show(reopened)).status).toBe('in_progress')
    expect(await show(closed)).toMatchObject({ version, closedAt: '2026-06-05T15:00:00.000Z' })
  })

  test('that was reopened is closed by its last resolving', async () => {
    const id = await resolve('2026-06-05T15:00:00.000Z')
    at('2026-06-08T09:00:00.000Z')
    await change(id, { status: 'in_progress', reason: 'It is back' })
    at('2026-06-10T09:00:00.000Z')
    await change(id, { status: 'resolved', resolution: 'fixed' })
    at('2026-06-17T22:59:59.000Z')
    expect(await keep()).toBe(0)
    app.clock.advance(1)
    expect(await keep()).toBe(1)
    expect(await show(id)).toMatchObject({ status: 'closed', resolution: 'fixed', reopenCount: 1 })
  })
})

describe('a case that fails', () => {
  test('does not stop the others, is logged and comes up again', async () => {
    const ids = (await Promise.all(Array.from({ length: 5 }, () => make()))).map(({ id }) => id as string)
    const bad = ids[2] as string
    at(afterDue)
    const trigger = `BEFORE INSERT ON outbox_events WHEN NEW.entity_id = '${bad}'`
    expect(await withTrigger(app, trigger, keep)).toBe(4)
    expect(app.logged.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { case: bad } }])
    for (const id of ids) expect([id, await told(id)]).toEqual([id, id === bad ? [0, 0] : [1, 1]])
    expect((await show(bad)).version).toBe(1)
    expect(await keep()).toBe(1)
    expect(await told(bad)).toEqual([1, 1])
  })
})

describe('many cases at once', () => {
  test('are handled with in rounds, of every council, each once', async () => {
    const other = await createCouncil(app, 'severn')
    const made = await Promise.all(
      Array.from({ length: 230 }, (_, i) => call.create({}, i % 2 ? council : other)),
    )
    at(afterDue)
    let handled = 0
    let rounds = 0
    for (let count = await keep(); count > 0; count = await keep()) {
      handled += count
      rounds++
    }
    expect([handled, rounds]).toEqual([230, 2])
    const { id } = made[229] as Body
    expect(await countOf(id, 'case_sla_breached')).toBe(1)
  })
})

describe('the job', () => {
  test('runs at once when it starts, and has finished when it is stopped', async () => {
    const { id } = await make()
    at(afterDue)
    await startDueWork(app.deps).stop()
    expect(await told(id)).toEqual([1, 1])
    expect(app.logged).toContainEqual({ level: 'info', message: 'due work done', fields: { handled: 1 } })
    await startDueWork(app.deps).stop()
    expect(await told(id)).toEqual([1, 1])
  })

  test('goes on after a round that failed', async () => {
    const { id } = await make()
    at(afterDue)
    const read = new Proxy(app.deps.store.read, {
      get: () => {
        throw new Error('The disk is gone')
      },
    })
    await startDueWork({ ...app.deps, store: { ...app.deps.store, read } }).stop()
    expect(app.logged.at(-1)).toMatchObject({ level: 'warn', message: 'due work failed' })
    await startDueWork(app.deps).stop()
    expect(await told(id)).toEqual([1, 1])
  })
})
