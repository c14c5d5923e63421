import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Deps } from '../../../src/core/ctx'
import { createDeps } from '../../../src/deps'
import { type Claimed, claimDeliveries, queueDeliveries } from '../../../src/resources/webhooks/queue/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { deliver, type Receiver, startReceiver } from '../../support/receiver'
import { deliveryRows, endpointRows, environment, type Hook, summariesOf, teller } from './delivering'

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

const leaseMs = 30_000
const claim = (limit: number, deps: Deps = app.deps) => claimDeliveries(deps, hook.id, limit, leaseMs)
const idsOf = (claimed: readonly Claimed[]) => claimed.map(({ delivery }) => delivery.id)

const makeMany = async (howMany: number) => {
  for (let i = 0; i < howMany; i++) await tell.make(council, { summary: `Case ${i}` })
  while ((await queueDeliveries(app.deps)) > 0);
}

/** Another copy of Reeve on the same store, while `work` runs. */
async function withCopy<T>(work: (deps: Deps) => Promise<T>): Promise<T> {
  const { config, clock, deps } = app
  const copy = await createDeps(config, { wanted: 'live', clock, log: deps.log })
  try {
    return await work(copy)
  } finally {
    await copy.store.close()
  }
}

describe('a delivery that was claimed', () => {
  test('and is never heard of is due again when the lease ends, and not before', async () => {
    await makeMany(1)
    expect(await claim(8)).toHaveLength(1)
    expect(await claim(8)).toEqual([])
    app.clock.advance(leaseMs - 1)
    expect(await tell.deliver()).toBe(0)
    app.clock.advance(1)
    expect(await tell.deliver()).toBe(1)
    expect(receiver.received).toHaveLength(1)
    // What nobody heard of is in no log and counts for nothing.
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { attemptCount: 1, attempts: [{ status: 204 }] },
    ])
  })

  test('keeps the events behind it waiting', async () => {
    const made = await tell.make(council, { summary: 'One' })
    await tell.change(council, made, 'Two')
    await queueDeliveries(app.deps)
    expect(await claim(8)).toHaveLength(1)
    expect(await tell.deliver()).toBe(0)
    app.clock.advance(leaseMs)
    expect(await tell.deliver()).toBe(2)
    expect(summariesOf(receiver.received)).toEqual(['One', 'Two'])
  })

  test('by another since changes nothing by a failure that is heard of late', async () => {
    await makeMany(1)
    const [late] = await claim(8)
    app.clock.advance(leaseMs)
    const [taken] = await claim(8)
    const before = [await deliveryRows(app.deps), await endpointRows(app.deps)]
    receiver.answerNext(500, 410)
    await deliver(app.deps, late as Claimed)
    await deliver(app.deps, late as Claimed)
    expect([await deliveryRows(app.deps), await endpointRows(app.deps)]).toEqual(before)
    await deliver(app.deps, taken as Claimed)
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { state: 'delivered', attempts: [{ status: 204 }] },
    ])
  })

  test('by another since is done by a success that is heard of late, whatever the other says then', async () => {
    await makeMany(1)
    const [late] = await claim(8)
    app.clock.advance(leaseMs)
    const [taken] = await claim(8)
    await deliver(app.deps, late as Claimed)
    const delivered = await deliveryRows(app.deps)
    expect(delivered).toMatchObject([{ state: 'delivered', nextAttemptAt: null, attemptCount: 1 }])
    receiver.answerNext(500)
    await deliver(app.deps, taken as Claimed)
    expect(await deliveryRows(app.deps)).toEqual(delivered)
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 0 })
  })
})

describe('many claims at once', () => {
  test('never get the same delivery, and together get all', async () => {
    await makeMany(20)
    const claimed = (await Promise.all(Array.from({ length: 10 }, () => claim(3)))).flat()
    expect(new Set(idsOf(claimed)).size).toBe(claimed.length)
    expect(claimed).toHaveLength(20)
  })

  test('of two copies on the same store never get the same delivery, and together get all', async () => {
    await makeMany(20)
    await withCopy(async (copy) => {
      const claimed = (
        await Promise.all(Array.from({ length: 10 }, (_, i) => claim(3, i % 2 ? copy : app.deps)))
      ).flat()
      expect(new Set(idsOf(claimed)).size).toBe(claimed.length)
      expect(claimed).toHaveLength(20)
    })
  })

  test('get those that have waited longest first', async () => {
    await makeMany(12)
    const positions = (await deliveryRows(app.deps)).map(({ eventPosition }) => eventPosition)
    const claimed = [...(await claim(5)), ...(await claim(5)), ...(await claim(5))]
    expect(claimed.map(({ delivery }) => delivery.eventPosition)).toEqual(positions)
  })
})

describe('events that several look at at once', () => {
  test('are queued once for each endpoint, and sent once', async () => {
    await tell.hook(council, receiver)
    for (let i = 0; i < 5; i++) {
      const made = await tell.make(council, { summary: `Case ${i}` })
      await tell.change(council, made, `Case ${i} again`)
    }
    await withCopy(async (copy) => {
      const looked = await Promise.all(
        Array.from({ length: 6 }, (_, i) => queueDeliveries(i % 2 ? copy : app.deps)),
      )
      expect(looked).toContain(10)
      expect(await deliveryRows(app.deps)).toHaveLength(20)
      expect(await queueDeliveries(copy)).toBe(0)
      expect(await tell.deliver()).toBe(20)
    })
    const sent = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(sent).size).toBe(10)
    expect(await tell.deliver()).toBe(0)
  })

  test('and deliver at once arrive in order, each once', async () => {
    const cases = []
    for (let i = 0; i < 4; i++) cases.push(await tell.make(council, { summary: `${i}-0` }))
    for (let change = 1; change < 6; change++) {
      for (const [i, one] of cases.entries()) await tell.change(council, one, `${i}-${change}`)
    }
    await withCopy(async (copy) => {
      const work = async (deps: Deps) => {
        await queueDeliveries(deps)
        for (let idle = 0; idle < 20; ) {
          const claimed = await claim(2, deps)
          if (claimed.length === 0) idle++
          await Promise.all(claimed.map((one) => deliver(deps, one)))
        }
      }
      await Promise.all([work(app.deps), work(copy), work(app.deps), work(copy)])
    })
    const arrived = summariesOf(receiver.received)
    expect(arrived).toHaveLength(24)
    for (const [i] of cases.entries()) {
      expect(arrived.filter((text) => text.startsWith(`${i}-`))).toEqual(
        Array.from({ length: 6 }, (_, change) => `${i}-${change}`),
      )
    }
  })
})
