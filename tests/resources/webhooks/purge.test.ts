import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { outboxEvents } from '../../../src/core/outbox/table'
import { purgeDeliveries } from '../../../src/resources/webhooks/housekeeping.service'
import { queueDeliveries } from '../../../src/resources/webhooks/queue/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { runBeside } from '../../support/beside'
import { type Receiver, startReceiver } from '../../support/receiver'
import { eventsOf } from '../cases/support'
import {
  day,
  deliveryRows,
  endpointRows,
  environment,
  type Hook,
  hour,
  moodOf,
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

const purge = () => purgeDeliveries(app.deps)
const events = async () => app.deps.store.read.select().from(outboxEvents).orderBy(outboxEvents.position)

/** A delivery whose attempts all have failed. */
async function fail(): Promise<void> {
  const mood = moodOf(receiver, 500)
  for (let attempts = 0; attempts < 8; attempts++) {
    await tell.deliver()
    app.clock.advance(12 * hour)
  }
  mood.status = 204
}

describe('nothing is forgotten', () => {
  test('of the last 30 days, nor before it has been looked at', async () => {
    await tell.make(council)
    await tell.deliver()
    await tell.make(council)
    app.clock.advance(30 * day)
    expect(await purge()).toBe(0)
    expect([await events(), await deliveryRows(app.deps)].map(({ length }) => length)).toEqual([2, 1])
    app.clock.advance(1)
    expect(await purge()).toBe(1)
    expect([await events(), await deliveryRows(app.deps)].map(({ length }) => length)).toEqual([1, 0])
    expect(await tell.deliver()).toBe(1)
  })

  test('that still waits, however long, and goes when it has come to its end', async () => {
    const made = await tell.make(council, { summary: 'One' })
    await tell.change(council, made, 'Two')
    receiver.answerNext(500)
    await tell.deliver()
    app.clock.advance(31 * day)
    expect(await purge()).toBe(0)
    expect(await deliveryRows(app.deps)).toHaveLength(2)
    expect(await tell.deliver()).toBe(2)
    expect(summariesOf(receiver.received)).toEqual(['One', 'One', 'Two'])
    expect(await purge()).toBe(2)
    expect([await events(), await deliveryRows(app.deps)]).toEqual([[], []])
  })

  test('of an event that has arrived at one endpoint and waits for another', async () => {
    const failing = startReceiver()
    const other = await tell.hook(council, failing)
    failing.answerNext(500)
    await tell.make(council)
    await tell.deliver()
    app.clock.advance(31 * day)
    await purge()
    const left = await deliveryRows(app.deps)
    expect(left.map(({ endpointId, state }) => [endpointId, state])).toEqual([[other.id, 'waiting']])
    expect(await tell.deliver()).toBe(1)
    expect(failing.received).toHaveLength(2)
    await failing.stop()
  })
})

describe('after 30 days', () => {
  test('deliveries that have arrived or failed go with their events', async () => {
    await tell.make(council)
    await fail()
    await tell.make(council)
    await tell.deliver()
    expect((await deliveryRows(app.deps)).map(({ state }) => state)).toEqual(['failed', 'delivered'])
    app.clock.advance(31 * day)
    const { id } = await tell.make(council)
    await tell.deliver()
    expect(await purge()).toBe(2)
    expect((await events()).map(({ entityId }) => entityId)).toEqual([id])
    expect((await deliveryRows(app.deps)).map(({ entityId }) => entityId)).toEqual([id])
    expect(await purge()).toBe(0)
  })

  test('events go for which no endpoint asked', async () => {
    await tell.set(council, hook, { events: ['news_published'] })
    const { id } = await tell.make(council)
    await tell.deliver()
    expect(await eventsOf(app, id)).toEqual(['case_created'])
    app.clock.advance(31 * day)
    expect(await purge()).toBe(1)
    expect(await eventsOf(app, id)).toEqual([])
  })

  test('very many go so many at a time, the oldest first', async () => {
    await tell.set(council, hook, { enabled: false })
    const made = await tell.make(council)
    await queueDeliveries(app.deps)
    const [{ position } = { position: 0 }] = await events()
    const columns = 'tenant_id, event, entity, entity_id, at, data, is_new'
    // Each time as many again as there are.
    for (let i = 0; i < 10; i++) {
      await runBeside(
        app,
        `INSERT INTO outbox_events (id, ${columns}) SELECT id || '-${i}', ${columns} FROM outbox_events`,
      )
    }
    app.clock.advance(31 * day)
    expect(await events()).toHaveLength(1_024)
    expect([await purge(), await purge(), await purge(), await purge()]).toEqual([500, 500, 24, 0])
    expect(await eventsOf(app, made.id)).toEqual([])
    expect(position).toBeGreaterThan(0)
  })
})

describe('an endpoint that was deleted', () => {
  const remove = (one: Hook) => tell.ask('DELETE', `/api/webhooks/${one.id}`, council)

  test('goes with its deliveries, and nothing of another goes', async () => {
    const other = await tell.hook(council, receiver)
    for (let i = 0; i < 3; i++) await tell.make(council)
    receiver.answerNext(500)
    await tell.deliver()
    expect((await remove(hook)).status).toBe(204)
    expect(await endpointRows(app.deps)).toHaveLength(2)
    expect(await purge()).toBe(3)
    expect((await endpointRows(app.deps)).map(({ id }) => id)).toEqual([other.id])
    const left = await deliveryRows(app.deps)
    expect(left.map(({ endpointId }) => endpointId)).toEqual(Array(3).fill(other.id))
    expect(await events()).toHaveLength(3)
    expect(await purge()).toBe(0)
  })

  test('leaves to the list no tag that the list had when it said something else', async () => {
    const other = await tell.hook(council, receiver)
    moodOf(receiver, 500)
    await tell.make(council)
    await tell.deliver()
    await remove(other)
    const list = () => tell.ask('GET', '/api/webhooks', council)
    const answers = [await list()]
    await purge()
    for (let attempts = 2; attempts < 6; attempts++) {
      app.clock.advance(12 * hour)
      await tell.deliver()
      answers.push(await list())
    }
    expect(answers.map(({ body }) => body.webhooks[0].failureCount)).toEqual([1, 2, 3, 4, 5])
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(5)
  })

  test('goes though nothing was ever sent to it', async () => {
    await remove(hook)
    await purge()
    expect(await endpointRows(app.deps)).toEqual([])
  })

  test('goes bit by bit where it has very many deliveries, its row last', async () => {
    const howMany = 1_100
    await tell.set(council, hook, { enabled: false })
    for (let i = 0; i < 11; i++) {
      await Promise.all(Array.from({ length: howMany / 11 }, () => tell.make(council)))
      await queueDeliveries(app.deps)
    }
    expect(await deliveryRows(app.deps)).toHaveLength(howMany)
    await remove(hook)
    const steps: number[][] = []
    for (let i = 0; i < 3; i++) {
      const purged = await purge()
      steps.push([purged, (await deliveryRows(app.deps)).length, (await endpointRows(app.deps)).length])
    }
    expect(steps).toEqual([
      [500, 600, 1],
      [500, 100, 1],
      [100, 0, 0],
    ])
  })
})
