import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { runBeside } from '../../support/beside'
import { type Receiver, startReceiver } from '../../support/receiver'
import { auditOf, unknownId } from '../cases/support'
import {
  assertSigned,
  deliveryRows,
  environment,
  type Hook,
  hour,
  longestWait,
  minute,
  summariesOf,
  teller,
} from './delivering'

let app: TestApp
let council: Council
let tell: ReturnType<typeof teller>
let receiver: Receiver
let hook: Hook

beforeEach(async () => {
  app = await createTestApp(environment)
  tell = teller(app)
  council = await createCouncil(app, 'avon')
  receiver = startReceiver()
  hook = await tell.hook(council, receiver)
})
afterEach(async () => {
  await receiver.stop()
  await app.close()
})

const replay = (id: string) => tell.ask('POST', `/api/webhooks/deliveries/${id}/replay`, council)
const replayFailed = (id: string, body: unknown) =>
  tell.ask('POST', `/api/webhooks/${id}/replay-failed`, council, body)
const inMs = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString()

/** A delivery of a new case that has come to its end or waits to be tried again, as the status has it. */
async function deliveryOf(status: number, summary = 'Pothole') {
  receiver.answerNext(status)
  await tell.make(council, { summary })
  expect(await tell.deliver()).toBe(1)
  return (await tell.deliveries(council, hook)).at(-1)
}

describe('a replay is refused', () => {
  test('of what is not there', async () => {
    expect((await replay(unknownId)).status).toBe(404)
    expect((await replayFailed(unknownId, { since: '2026-01-01' })).status).toBe(404)
  })

  test('where the endpoint is disabled, and changes nothing', async () => {
    const { id } = await deliveryOf(500)
    await tell.set(council, hook, { enabled: false })
    await tell.deliver()
    const before = await deliveryRows(app.deps)
    for (const answer of [await replay(id), await replayFailed(hook.id, { since: '2026-01-01' })]) {
      expect(answer).toMatchObject({ status: 409, body: { details: { enabled: false } } })
    }
    expect(await deliveryRows(app.deps)).toEqual(before)
    expect(await tell.deliver()).toBe(0)
  })

  test('where the endpoint was deleted', async () => {
    const { id } = await deliveryOf(500)
    await tell.ask('DELETE', `/api/webhooks/${hook.id}`, council)
    expect((await replay(id)).status).toBe(404)
    expect((await replayFailed(hook.id, { since: '2026-01-01' })).status).toBe(404)
  })
})

describe('a replay of one delivery', () => {
  test('sends the event once more: the same id and body, signed anew', async () => {
    const delivered = await deliveryOf(204)
    // Timestamps are whole seconds.
    await Bun.sleep(1_000)
    app.clock.advance(hour)
    expect(await tell.replay(council, delivered)).toMatchObject({
      id: delivered.id,
      state: 'waiting',
      attemptCount: 0,
      attempts: delivered.attempts,
      nextAttemptAt: inMs(0),
      finishedAt: null,
    })
    expect(await tell.deliver()).toBe(1)
    const [first, second] = receiver.received
    expect(second?.text).toBe(first?.text as string)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'] as string)
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first?.headers['webhook-timestamp']),
    )
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature'] as string)
    for (const one of receiver.received) assertSigned(one, hook.secret)
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { id: delivered.id, state: 'delivered', attemptCount: 1, attempts: [{}, { at: inMs(0), status: 204 }] },
    ])
    const entry = (await auditOf(app, council)).at(-1)
    expect(entry).toMatchObject({ action: 'webhook.replay', entityId: hook.id })
  })

  test('that waits goes at once, and by the schedule from its start if that fails', async () => {
    const waiting = await deliveryOf(500)
    app.clock.advance(6_000)
    receiver.answerNext(500)
    expect(await tell.deliver()).toBe(1)
    await tell.replay(council, waiting)
    receiver.answerNext(500)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { state: 'waiting', attemptCount: 1, attempts: [{}, {}, {}] },
    ])
    app.clock.advance(6_000)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.deliveries(council, hook)).toMatchObject([{ state: 'delivered', attemptCount: 2 }])
  })

  test('that waits behind another of its case still comes after it', async () => {
    receiver.answerNext(500)
    const made = await tell.make(council, { summary: 'One' })
    await tell.change(council, made, 'Two')
    expect(await tell.deliver()).toBe(1)
    const behind = (await tell.deliveries(council, hook))[1]
    expect(await tell.replay(council, behind)).toMatchObject({ state: 'waiting', nextAttemptAt: null })
    expect(await tell.deliver()).toBe(0)
    app.clock.advance(6_000)
    expect(await tell.deliver()).toBe(2)
    expect(summariesOf(receiver.received)).toEqual(['One', 'One', 'Two'])
  })

  test('while it is on its way sends it twice, and one success is enough', async () => {
    receiver.answerNext(async () => {
      const [onItsWay] = await tell.deliveries(council, hook)
      await tell.replay(council, onItsWay)
      return new Response(null, { status: 500 })
    })
    await tell.make(council)
    expect(await tell.deliver()).toBe(2)
    // What the first said is older than what was asked for.
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { state: 'delivered', attempts: [{ status: 204 }] },
    ])
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 0 })
  })
})

describe('a replay of all that has failed', () => {
  test('since a moment sends that in order, case by case, and nothing else', async () => {
    await tell.set(council, hook, { enabled: false })
    await tell.make(council, { summary: 'Too old' })
    await tell.deliver()
    app.clock.advance(minute)
    const since = inMs(0)
    const cases = []
    for (let i = 0; i < 5; i++) cases.push(await tell.make(council, { summary: `${i}-0` }))
    await tell.deliver()
    for (let change = 1; change < 6; change++) {
      for (const [i, one] of cases.entries()) await tell.change(council, one, `${i}-${change}`)
      await tell.deliver()
      app.clock.advance(minute)
    }
    await tell.set(council, hook, { enabled: true })
    expect(await tell.deliver()).toBe(0)
    expect(await tell.replayFailed(council, hook, since)).toEqual({ replayed: 30, hasMore: false })
    receiver.answerNext(500, 500)
    await tell.deliver()
    app.clock.advance(longestWait)
    await tell.deliver()
    expect(await tell.deliveries(council, hook, 'state=waiting')).toEqual([])
    const arrived = summariesOf(receiver.received)
    expect(arrived).not.toContain('Too old')
    for (const [i] of cases.entries()) {
      const ofCase = arrived.filter((text) => text.startsWith(`${i}-`))
      expect([...new Set(ofCase)]).toEqual(Array.from({ length: 6 }, (_, change) => `${i}-${change}`))
      expect(ofCase).toEqual([...ofCase].sort())
    }
    expect(await tell.replayFailed(council, hook, since)).toEqual({ replayed: 0, hasMore: false })
  })

  test('leaves what was delivered, what waits and what is another endpoint’s', async () => {
    const failing = startReceiver()
    const other = await tell.hook(council, failing)
    await tell.set(council, other, { enabled: false })
    await deliveryOf(204)
    await deliveryOf(500)
    const before = await deliveryRows(app.deps)
    expect(await tell.replayFailed(council, hook, '2026-01-01')).toEqual({ replayed: 0, hasMore: false })
    expect(await deliveryRows(app.deps)).toEqual(before)
    await failing.stop()
  })

  test('of thousands takes 5,000 at a time, the oldest first, and says that there are more', async () => {
    await tell.set(council, hook, { enabled: false })
    await tell.make(council)
    await tell.deliver()
    await tell.set(council, hook, { enabled: true })
    // Each time as many again as there are: 4,096 cases of two events each.
    const event = (i: number) => `id || '-${i}', tenant_id, event, entity, entity_id${i ? ` || '-${i}'` : ''}`
    const doublings = Array.from(
      { length: 13 },
      (_, i) => `INSERT INTO outbox_events (id, tenant_id, event, entity, entity_id, at, data, is_new)
        SELECT ${event(i)}, at, data, is_new FROM outbox_events ORDER BY position`,
    )
    const columns = 'tenant_id, endpoint_id, event, state, attempts, created_at, finished_at'
    const deliveries = `INSERT INTO webhook_deliveries (id, event_id, event_position, entity_id, ${columns})
      SELECT e.id, e.id, e.position, e.entity_id, ${columns.replaceAll(/(\w+)/g, 'd.$1')}
      FROM outbox_events e, webhook_deliveries d WHERE e.position <> d.event_position`
    await runBeside(app, ...doublings, deliveries)
    const failedOf = async () => (await deliveryRows(app.deps)).filter(({ state }) => state === 'failed')
    const failed = await failedOf()
    expect(failed).toHaveLength(8_192)
    expect(await tell.replayFailed(council, hook, '2026-01-01')).toEqual({ replayed: 5_000, hasMore: true })
    expect(await failedOf()).toEqual(failed.slice(5_000))
    expect(await tell.replayFailed(council, hook, '2026-01-01')).toEqual({ replayed: 3_192, hasMore: false })
    const rows = await deliveryRows(app.deps)
    expect(rows.every(({ state }) => state === 'waiting')).toBe(true)
    // Of each case the first alone is due.
    const firsts = new Map(rows.toReversed().map((row) => [row.entityId, row.id]))
    const due = rows.filter(({ nextAttemptAt }) => nextAttemptAt !== null)
    expect(due).toHaveLength(4_096)
    expect(new Set(due.map(({ id }) => id))).toEqual(new Set(firsts.values()))
  })
})
