import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { setPlan } from '../../../src/core/tenants/service'
import type { Store } from '../../../src/db/store'
import { seededRandom } from '../../../src/lib/random'
import { eraseCases } from '../../../src/resources/cases/erase.service'
import { claimDeliveries, queueDeliveries } from '../../../src/resources/webhooks/queue/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { deliver, type Receiver, startReceiver } from '../../support/receiver'
import { auditOf } from '../cases/support'
import {
  assertSigned,
  type Body,
  day,
  deliveryRows,
  endpointRows,
  environment,
  hour,
  longestWait,
  minute,
  moodOf,
  second,
  summariesOf,
  teller,
} from './delivering'

let app: TestApp
let council: Council
let tell: ReturnType<typeof teller>
let receiver: Receiver
let other: Receiver

beforeEach(async () => {
  app = await createTestApp(environment)
  tell = teller(app)
  council = await createCouncil(app, 'avon')
  receiver = startReceiver()
  other = startReceiver()
})
afterEach(async () => {
  await Promise.all([receiver.stop(), other.stop()])
  await app.close()
})

const leaseMs = 30_000
const retryAfter = (status: number, value: string) =>
  new Response(null, { status, headers: { 'retry-after': value } })
const inMs = (ms: number) => new Date(app.clock.now().getTime() + ms).toISOString()

describe('nothing is sent', () => {
  test('of what an endpoint does not ask for, or of another council', async () => {
    const severn = await createCouncil(app, 'severn')
    await tell.hook(council, receiver, { events: ['case_closed'] })
    await tell.hook(severn, receiver)
    await tell.make(council)
    expect(await tell.deliver()).toBe(0)
    expect(await deliveryRows(app.deps)).toEqual([])
  })

  test('of what was looked at before the endpoint was made', async () => {
    const { id } = await tell.make(council)
    expect(await tell.deliver()).toBe(0)
    await tell.hook(council, receiver)
    expect(await tell.deliver()).toBe(0)
    await tell.change(council, { id }, 'Later')
    expect(await tell.deliver()).toBe(1)
    expect(summariesOf(receiver.received)).toEqual(['Later'])
  })

  test('of what happened before the endpoint was made, though nobody has looked at it yet', async () => {
    await tell.make(council, { summary: 'Before' })
    await tell.hook(council, receiver)
    await tell.make(council, { summary: 'After' })
    expect(await tell.deliver()).toBe(1)
    expect(summariesOf(receiver.received)).toEqual(['After'])
    expect(await deliveryRows(app.deps)).toHaveLength(1)
  })

  test('to an endpoint that was deleted, not what waited for it either', async () => {
    const hook = await tell.hook(council, receiver)
    receiver.answerNext(500)
    await tell.make(council)
    await tell.make(council)
    expect(await tell.deliver()).toBe(2)
    const { status } = await tell.ask('DELETE', `/api/webhooks/${hook.id}`, council)
    expect(status).toBe(204)
    await tell.make(council)
    app.clock.advance(longestWait)
    expect(await tell.deliver()).toBe(0)
    expect(receiver.received).toHaveLength(2)
  })

  test('of a case that was erased while it waited, or after it was claimed', async () => {
    await tell.hook(council, receiver)
    const [waiting, claimed] = [await tell.make(council), await tell.make(council)]
    await tell.change(council, claimed, 'Two')
    await queueDeliveries(app.deps)
    expect(await deliveryRows(app.deps)).toHaveLength(3)
    await eraseCases(council.ctx, app.deps, [waiting.id])
    const [endpoint] = await endpointRows(app.deps)
    const taken = await claimDeliveries(app.deps, endpoint?.id ?? '', 8, leaseMs)
    expect(taken.map(({ delivery }) => delivery.entityId)).toEqual([claimed.id])
    await eraseCases(council.ctx, app.deps, [claimed.id])
    for (const one of taken) await deliver(app.deps, one)
    app.clock.advance(longestWait)
    expect(await tell.deliver()).toBe(0)
    expect(receiver.received).toEqual([])
    expect(await deliveryRows(app.deps)).toEqual([])
    expect(app.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('again of a case that is erased while it is on its way', async () => {
    const hook = await tell.hook(council, receiver)
    const { id } = await tell.make(council)
    receiver.answerNext(async () => {
      await eraseCases(council.ctx, app.deps, [id])
      return new Response(null, { status: 500 })
    })
    expect(await tell.deliver()).toBe(1)
    app.clock.advance(longestWait)
    expect(await tell.deliver()).toBe(0)
    expect(await tell.deliveries(council, hook)).toEqual([])
  })

  test('of a case that is erased while its event is being queued, whichever comes first', async () => {
    await tell.hook(council, receiver)
    const { store } = app.deps
    const lingering: Store['write'] = (job) =>
      store.write(async (tx) => {
        const result = await job(tx)
        await Bun.sleep(300)
        return result
      })
    const [one, two] = [await tell.make(council), await tell.make(council)]
    const queueing = queueDeliveries({ ...app.deps, store: { ...store, write: lingering } })
    await Bun.sleep(100)
    expect(await eraseCases(council.ctx, app.deps, [one.id])).toEqual([one.reference])
    expect(await queueing).toBe(2)
    await tell.change(council, two, 'Changed')
    const erasing = eraseCases({ ...council.ctx, transact: lingering }, app.deps, [two.id])
    await Bun.sleep(100)
    // It may find that the event is gone: then it looks again.
    await queueDeliveries(app.deps).catch(() => {})
    expect(await erasing).toEqual([two.reference])
    expect(await tell.deliver()).toBe(0)
    expect(await deliveryRows(app.deps)).toEqual([])
    expect(receiver.received).toEqual([])
  })

  test('to the endpoints of a council whose plan has no webhooks any more: what waits has failed', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.make(council, { summary: 'Before' })
    receiver.answerNext(500)
    expect(await tell.deliver()).toBe(1)
    await tell.make(council, { summary: 'Queued' })
    await queueDeliveries(app.deps)
    await setPlan(council.ctx, 'pro')
    await tell.make(council, { summary: 'After' })
    app.clock.advance(longestWait)
    expect(await tell.deliver()).toBe(0)
    await setPlan(council.ctx, 'council')
    expect(receiver.received).toHaveLength(1)
    const kept = await tell.deliveries(council, hook)
    expect(kept.map(({ state, attempts }) => [state, attempts.at(-1).fault])).toEqual(
      Array(3).fill(['failed', 'disabled']),
    )
    // It was nobody's fault: the endpoint is as it was.
    expect(await tell.show(council, hook)).toMatchObject({ enabled: true, failureCount: 1 })
    expect(await tell.replayFailed(council, hook, '2026-01-01')).toEqual({ replayed: 3, hasMore: false })
    expect(await tell.deliver()).toBe(3)
    expect(summariesOf(receiver.received.slice(1))).toEqual(['Before', 'Queued', 'After'])
  })
})

describe('a delivery', () => {
  test('that succeeds is done at once: signed, by wall time though the clock stands elsewhere, and in the log', async () => {
    const hook = await tell.hook(council, receiver)
    const made = await tell.make(council)
    const before = Math.floor(Date.now() / 1_000)
    expect(await tell.deliver()).toBe(1)
    const after = Math.floor(Date.now() / 1_000)
    const [received] = receiver.received
    assertSigned(received as never, hook.secret)
    const [delivery] = await tell.deliveries(council, hook)
    expect(received?.headers['webhook-id']).toBe(delivery.eventId)
    const sentAt = Number(received?.headers['webhook-timestamp'])
    expect(sentAt >= before && sentAt <= after).toBe(true)
    expect(received?.body).toMatchObject({
      id: delivery.eventId,
      event: 'case_created',
      timestamp: '2026-03-13T09:30:00.000Z',
      tenant: 'avon',
      data: { case: { id: made.id } },
    })
    expect(delivery).toMatchObject({
      webhookId: hook.id,
      event: 'case_created',
      entityId: made.id,
      state: 'delivered',
      attemptCount: 1,
      attempts: [{ at: inMs(0), status: 204, fault: null, durationMs: 0 }],
      nextAttemptAt: null,
      finishedAt: inMs(0),
    })
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 0, lastSuccessAt: inMs(0) })
    app.clock.advance(30 * day)
    expect(await tell.deliver()).toBe(0)
  })

  test('that fails seven times follows the schedule, under one id, until it succeeds', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.make(council)
    const delays = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour]
    const log: unknown[] = []
    for (const [i, delay] of delays.entries()) {
      receiver.answerNext(500 + i)
      expect(await tell.deliverSteadily()).toBe(1)
      log.push({ at: inMs(0), status: 500 + i, fault: null, durationMs: 0 })
      const [delivery] = await tell.deliveries(council, hook)
      expect(delivery).toMatchObject({
        state: 'waiting',
        attemptCount: i + 1,
        attempts: log,
        nextAttemptAt: inMs(delay * 0.8),
        finishedAt: null,
      })
      expect(await tell.show(council, hook)).toMatchObject({ failureCount: i + 1, lastSuccessAt: null })
      app.clock.advance(delay * 0.8 - 1)
      expect(await tell.deliverSteadily()).toBe(0)
      app.clock.advance(1)
    }
    expect(await tell.deliverSteadily()).toBe(1)
    const [delivery] = await tell.deliveries(council, hook)
    expect(delivery).toMatchObject({
      state: 'delivered',
      attemptCount: 8,
      nextAttemptAt: null,
      finishedAt: inMs(0),
    })
    expect(delivery.attempts.map(({ status }: Body) => status)).toEqual([
      500, 501, 502, 503, 504, 505, 506, 204,
    ])
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 0, lastSuccessAt: inMs(0) })
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([delivery.eventId]),
    )
    expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1)
  })

  test('that fails for the eighth time has failed, and the next event of the case goes on', async () => {
    const hook = await tell.hook(council, receiver)
    const made = await tell.make(council, { summary: 'One' })
    await tell.change(council, made, 'Two', 'Three')
    receiver.answerNext(...Array(8).fill(500))
    for (let i = 1; i < 8; i++) {
      expect(await tell.deliver()).toBe(1)
      app.clock.advance(longestWait)
    }
    expect(await tell.deliver()).toBe(1)
    // An endpoint that has failed eight times rests a second.
    app.clock.advance(second)
    expect(await tell.deliver()).toBe(2)
    expect(summariesOf(receiver.received)).toEqual([...Array(8).fill('One'), 'Two', 'Three'])
    const states = (await tell.deliveries(council, hook)).map(({ state, attemptCount }) => [
      state,
      attemptCount,
    ])
    expect(states).toEqual([
      ['failed', 8],
      ['delivered', 1],
      ['delivered', 1],
    ])
    app.clock.advance(30 * day)
    expect(await tell.deliver()).toBe(0)
  })

  test('that is answered by a redirect has failed, and nobody follows it', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.make(council)
    for (const status of [301, 302, 307, 308]) {
      receiver.answerNext(new Response(null, { status, headers: { location: other.url } }))
      expect(await tell.deliver()).toBe(1)
      const [delivery] = await tell.deliveries(council, hook)
      expect(delivery).toMatchObject({
        state: 'waiting',
        attempts: expect.arrayContaining([expect.objectContaining({ status })]),
      })
      app.clock.advance(longestWait)
    }
    expect(other.received).toEqual([])
  })

  test('to where nobody listens has failed for a reason and is tried again', async () => {
    const gone = startReceiver()
    await gone.stop()
    const hook = await tell.hook(council, gone)
    await tell.make(council)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { state: 'waiting', attempts: [{ status: null, fault: 'connection' }] },
    ])
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 1 })
  })

  test('keeps its twenty latest attempts, also of before it was replayed', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.make(council)
    const mood = moodOf(receiver, 500)
    await tell.deliver()
    const [first] = await tell.deliveries(council, hook)
    for (let i = 2; i <= 24; i++) {
      mood.status = 500 + i
      await tell.replay(council, first)
      expect(await tell.deliver()).toBe(1)
    }
    const [delivery] = await tell.deliveries(council, hook)
    expect(delivery.attempts.map(({ status }: Body) => status)).toEqual(
      Array.from({ length: 20 }, (_, i) => 505 + i),
    )
  })
})

describe('events of one case', () => {
  test('wait for the first of them; those of another do not', async () => {
    const hook = await tell.hook(council, receiver)
    const one = await tell.make(council, { summary: 'A1' })
    await tell.change(council, one, 'A2', 'A3')
    const two = await tell.make(council, { summary: 'B1' })
    receiver.answerNext(500)
    expect(await tell.deliver()).toBe(2)
    await tell.change(council, one, 'A4')
    await tell.change(council, two, 'B2')
    expect(await tell.deliver()).toBe(1)
    expect(summariesOf(receiver.received)).toEqual(['A1', 'B1', 'B2'])
    const waiting = await tell.deliveries(council, hook, 'state=waiting')
    expect(waiting.map(({ attemptCount, nextAttemptAt }) => [attemptCount, nextAttemptAt !== null])).toEqual([
      [1, true],
      ...Array(3).fill([0, false]),
    ])
    app.clock.advance(6 * second)
    expect(await tell.deliver()).toBe(4)
    expect(summariesOf(receiver.received.slice(3))).toEqual(['A1', 'A2', 'A3', 'A4'])
  })

  test('wait at the endpoint that fails and not at another', async () => {
    await tell.hook(council, receiver)
    await tell.hook(council, other)
    const made = await tell.make(council, { summary: 'One' })
    await tell.change(council, made, 'Two')
    receiver.answerNext(500)
    await tell.deliver()
    expect(summariesOf(receiver.received)).toEqual(['One'])
    expect(summariesOf(other.received)).toEqual(['One', 'Two'])
  })

  test.each(['a', 'b', 'c', 'd'])(
    'arrive in order, whichever attempts fail and whenever changes are made: %s',
    async (seed) => {
      const random = seededRandom(`order ${seed}`)
      const chance = () => (random(1)[0] ?? 0) / 256
      const hook = await tell.hook(council, receiver)
      const cases = [
        await tell.make(council, { summary: '0-0' }),
        await tell.make(council, { summary: '1-0' }),
      ]
      const next = [1, 1]
      const arrived: string[] = []
      const isFailing = () => chance() < 0.6
      receiver.answerNext(
        ...Array.from({ length: 500 }, () => () => {
          if (isFailing()) return new Response(null, { status: 503 })
          arrived.push(receiver.received.at(-1)?.body.data.case.summary)
          return new Response(null, { status: 200 })
        }),
      )
      while (
        next.some((number) => number < 10) ||
        (await tell.deliveries(council, hook, 'state=waiting')).length > 0
      ) {
        const i = chance() < 0.5 ? 0 : 1
        const number = next[i] as number
        if (number < 10) {
          await tell.change(council, cases[i], `${i}-${number}`)
          next[i] = number + 1
        }
        await tell.deliver()
        app.clock.advance(chance() * 4 * hour)
      }
      const failed = await tell.deliveries(council, hook, 'state=failed')
      expect(failed.length).toBeLessThan(5)
      for (const i of [0, 1]) {
        const ofCase = arrived.filter((text) => text.startsWith(`${i}-`))
        expect(ofCase).toEqual([...new Set(ofCase)].sort())
      }
      expect(arrived.length + failed.length).toBe(20)
    },
  )
})

describe('Retry-After', () => {
  test.each([
    [429, '3600'],
    [503, 'Fri, 13 Mar 2026 10:30:00 GMT'],
  ])(
    'with %i holds back all that waits for the endpoint, and nothing of another: %s',
    async (status, value) => {
      const hook = await tell.hook(council, receiver)
      await tell.hook(council, other)
      await tell.make(council, { summary: 'A' })
      await tell.make(council, { summary: 'B' })
      receiver.answerNext(retryAfter(status, value))
      expect(await tell.deliver()).toBe(3)
      expect(summariesOf(other.received)).toEqual(['A', 'B'])
      expect((await tell.deliveries(council, hook))[0]).toMatchObject({ nextAttemptAt: inMs(hour) })
      app.clock.advance(hour - 1)
      await tell.make(council, { summary: 'C' })
      expect(await tell.deliver()).toBe(1)
      expect(summariesOf(receiver.received)).toEqual(['A'])
      expect(summariesOf(other.received)).toEqual(['A', 'B', 'C'])
      app.clock.advance(1)
      expect(await tell.deliver()).toBe(3)
      expect(summariesOf(receiver.received.slice(1)).sort()).toEqual(['A', 'B', 'C'])
    },
  )

  test('does not hold back a test, or what somebody replays', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.make(council, { summary: 'A' })
    receiver.answerNext(retryAfter(429, '3600'))
    expect(await tell.deliver()).toBe(1)
    await tell.test(council, hook)
    expect(await tell.deliver()).toBe(1)
    const [delivery] = await tell.deliveries(council, hook)
    receiver.answerNext(retryAfter(429, '3600'))
    await tell.replay(council, delivery)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.deliver()).toBe(0)
    await tell.replay(council, delivery)
    expect(await tell.deliver()).toBe(1)
    expect((await tell.deliveries(council, hook))[0]).toMatchObject({ state: 'delivered' })
  })

  test('of many days holds back for one, and one in the past not at all', async () => {
    await tell.hook(council, receiver)
    await tell.make(council)
    receiver.answerNext(retryAfter(429, '8640000'), retryAfter(429, 'Thu, 01 Jan 1970 00:00:00 GMT'))
    expect(await tell.deliver()).toBe(1)
    app.clock.advance(day - 1)
    expect(await tell.deliver()).toBe(0)
    app.clock.advance(1)
    expect(await tell.deliver()).toBe(1)
    await tell.make(council)
    expect(await tell.deliver()).toBe(1)
    app.clock.advance(6 * minute)
    expect(await tell.deliver()).toBe(1)
  })
})

describe('an endpoint that answers 410', () => {
  test('is disabled at once, which another is told of that asks for it, and what waited has failed', async () => {
    const hook = await tell.hook(council, receiver, {
      events: ['case_created', 'case_updated', 'webhook_disabled'],
      description: 'Highways',
    })
    const watcher = await tell.hook(council, other, { events: ['webhook_disabled'] })
    const made = await tell.make(council)
    await tell.change(council, made, 'Two')
    await tell.make(council)
    receiver.answerNext(410)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.deliver()).toBe(1)
    expect(receiver.received).toHaveLength(1)
    expect(await tell.show(council, hook)).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
      failureCount: 1,
    })
    expect(other.received).toMatchObject([
      {
        headers: { 'x-webhook-event': 'webhook_disabled' },
        body: {
          data: {
            webhook: {
              id: hook.id,
              host: new URL(receiver.url).host,
              description: 'Highways',
              enabled: false,
              disabledReason: 'gone',
            },
          },
        },
      },
    ])
    const kept = await tell.deliveries(council, hook)
    expect(
      kept.map(({ state, attempts }) => [state, attempts.at(-1)?.status, attempts.at(-1)?.fault]),
    ).toEqual([
      ['failed', 410, null],
      ['failed', null, 'disabled'],
      ['failed', null, 'disabled'],
    ])
    const [entry] = (await auditOf(app, council)).filter(({ action }) => action === 'webhook.disable')
    expect(entry).toMatchObject({ actorType: 'system', entityId: hook.id })
    expect(app.logged).toContainEqual({
      level: 'warn',
      message: 'a webhook was disabled',
      fields: { tenant: 'avon', webhook: hook.id, reason: 'gone' },
    })
    expect(await tell.show(council, watcher)).toMatchObject({ enabled: true })
  })

  test('to a test is disabled too', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.test(council, hook)
    receiver.answerNext(410)
    expect(await tell.deliver()).toBe(1)
    expect(await tell.show(council, hook)).toMatchObject({ enabled: false, disabledReason: 'gone' })
  })
})

describe('an endpoint that fails', () => {
  test('is left alone ever longer, a minute at most, however much waits; one success and all of it goes', async () => {
    const hook = await tell.hook(council, receiver)
    const mood = moodOf(receiver, 500)
    for (let i = 0; i < 20; i++) await tell.make(council)
    expect(await tell.deliver()).toBe(8)
    for (const rest of [1, 2, 4, 8, 16, 32, 60, 60]) {
      app.clock.advance(rest * second - 1)
      expect([rest, await tell.deliver()]).toEqual([rest, 0])
      app.clock.advance(1)
      expect([rest, await tell.deliver()]).toEqual([rest, 1])
    }
    mood.status = 204
    app.clock.advance(longestWait)
    await tell.deliver()
    expect(await tell.deliveries(council, hook, 'state=delivered')).toHaveLength(20)
  })

  test('for five days is disabled as failing, and not a moment sooner', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.hook(council, other, { events: ['webhook_disabled'] })
    moodOf(receiver, 500)
    for (let days = 0; days < 5; days++) {
      await tell.make(council)
      await tell.deliver()
      app.clock.advance(day - (days === 4 ? 2 * minute : 0))
    }
    await tell.make(council)
    await tell.deliver()
    expect(await tell.show(council, hook)).toMatchObject({ enabled: true, disabledReason: null })
    app.clock.advance(2 * minute)
    await tell.make(council)
    const before = receiver.received.length
    await tell.deliver()
    await tell.deliver()
    expect(receiver.received.length).toBe(before + 1)
    expect(await tell.show(council, hook)).toMatchObject({ enabled: false, disabledReason: 'failing' })
    expect(other.received).toMatchObject([
      { body: { data: { webhook: { id: hook.id, disabledReason: 'failing' } } } },
    ])
    expect(await tell.deliveries(council, hook, 'state=waiting')).toEqual([])
  })

  test('is given five days anew by a success', async () => {
    const hook = await tell.hook(council, receiver)
    const mood = moodOf(receiver, 500)
    for (let days = 0; days < 14; days++) {
      mood.status = days % 5 === 4 ? 200 : 500
      await tell.make(council)
      await tell.deliver()
      app.clock.advance(day)
    }
    expect(await tell.show(council, hook)).toMatchObject({ enabled: true })
    expect((await tell.show(council, hook)).failureCount).toBeGreaterThan(0)
  })

  test('and is enabled again has five days again', async () => {
    const hook = await tell.hook(council, receiver)
    moodOf(receiver, 500)
    for (let days = 0; days <= 5; days++) {
      await tell.make(council)
      await tell.deliver()
      app.clock.advance(day)
    }
    expect(await tell.show(council, hook)).toMatchObject({ enabled: false, disabledReason: 'failing' })
    await tell.set(council, hook, { enabled: true })
    expect(await tell.show(council, hook)).toMatchObject({ failureCount: 0, disabledReason: null })
    await tell.make(council)
    await tell.deliver()
    expect(await tell.show(council, hook)).toMatchObject({ enabled: true, failureCount: 1 })
  })
})

describe('an endpoint that is disabled', () => {
  test('is sent nothing: what waited and what is new has failed, and can be seen', async () => {
    const hook = await tell.hook(council, receiver)
    const made = await tell.make(council)
    receiver.answerNext(500)
    await tell.deliver()
    await tell.change(council, made, 'Behind it')
    await queueDeliveries(app.deps)
    await tell.set(council, hook, { enabled: false })
    expect(await tell.deliver()).toBe(0)
    await tell.make(council)
    expect(await tell.deliver()).toBe(0)
    expect(receiver.received).toHaveLength(1)
    const kept = await tell.deliveries(council, hook)
    const disabled = { at: inMs(0), status: null, fault: 'disabled', durationMs: 0 }
    expect(kept).toMatchObject([
      { state: 'failed', attempts: [{ status: 500 }, disabled], nextAttemptAt: null, finishedAt: inMs(0) },
      { state: 'failed', attempts: [disabled], nextAttemptAt: null, finishedAt: inMs(0) },
      { state: 'failed', attempts: [disabled], nextAttemptAt: null, finishedAt: inMs(0) },
    ])
    expect(await tell.show(council, hook)).toMatchObject({ disabledReason: 'manual' })
  })

  test('is sent nothing of very much that waits either', async () => {
    const hook = await tell.hook(council, receiver)
    const howMany = 620
    await Promise.all(Array.from({ length: howMany }, () => tell.make(council)))
    while ((await queueDeliveries(app.deps)) > 0);
    await tell.set(council, hook, { enabled: false })
    expect(await tell.deliver()).toBe(0)
    // A round more, for what the first has left.
    expect(await tell.deliver()).toBe(0)
    expect(receiver.received).toEqual([])
    const rows = await deliveryRows(app.deps)
    expect(rows.filter(({ state }) => state === 'failed')).toHaveLength(howMany)
  })

  test('is sent a test all the same, once, whatever comes of it', async () => {
    const hook = await tell.hook(council, receiver)
    await tell.set(council, hook, { enabled: false })
    const sent = await tell.test(council, hook)
    expect(await tell.deliver()).toBe(1)
    expect(receiver.received).toMatchObject([
      {
        body: { id: sent.eventId, event: 'webhook_test', data: { webhook: { id: hook.id, enabled: false } } },
      },
    ])
    receiver.answerNext(500)
    await tell.test(council, hook)
    expect(await tell.deliver()).toBe(1)
    app.clock.advance(longestWait)
    expect(await tell.deliver()).toBe(0)
    expect(
      (await tell.deliveries(council, hook)).map(({ state, attemptCount }) => [state, attemptCount]),
    ).toEqual([
      ['delivered', 1],
      ['failed', 1],
    ])
    expect(await tell.show(council, hook)).toMatchObject({ enabled: false, disabledReason: 'manual' })
  })
})

describe('a clock', () => {
  const fail = async (howMany: number) => {
    const hook = await tell.hook(council, receiver)
    for (let i = 0; i < howMany; i++) await tell.make(council, { summary: `Case ${i}` })
    receiver.answerNext(...Array(howMany).fill(500))
    expect(await tell.deliver()).toBe(howMany)
    receiver.received.length = 0
    return hook
  }
  const jump = (ms: number) => app.clock.set(new Date(app.clock.now().getTime() + ms))

  test('that jumps a day forward makes all due at once: each is sent once and none is lost', async () => {
    const hook = await fail(7)
    jump(day)
    expect(await tell.deliver()).toBe(7)
    expect(new Set(summariesOf(receiver.received)).size).toBe(7)
    expect(await tell.deliveries(council, hook, 'state=waiting')).toEqual([])
    jump(-day)
    expect(await tell.deliver()).toBe(0)
    await tell.make(council, { summary: 'Afterwards' })
    expect(await tell.deliver()).toBe(1)
  })

  test.each([
    ['an hour', hour],
    ['a day', day],
    ['a year', 365 * day],
  ])('that jumps %s back loses nothing: all is due within the longest wait', async (_, ms) => {
    const hook = await fail(3)
    jump(-ms)
    await tell.make(council, { summary: 'New' })
    await tell.deliver()
    expect(summariesOf(receiver.received)).toContain('New')
    app.clock.advance(day)
    await tell.deliver()
    expect(summariesOf(receiver.received).sort()).toEqual(['Case 0', 'Case 1', 'Case 2', 'New'])
    expect(await tell.deliveries(council, hook, 'state=waiting')).toEqual([])
  })

  test('that jumps back holds an endpoint that asked for rest no longer than it could ask for', async () => {
    await tell.hook(council, receiver)
    await tell.make(council)
    receiver.answerNext(retryAfter(429, '3600'))
    await tell.deliver()
    jump(-30 * day)
    await tell.make(council)
    app.clock.advance(day)
    expect(await tell.deliver()).toBe(2)
    expect(receiver.received).toHaveLength(3)
  })

  test('that jumps back a year gives an endpoint that fails five days more, not a year', async () => {
    const hook = await fail(1)
    moodOf(receiver, 500)
    jump(-365 * day)
    for (let days = 0; days < 5; days++) {
      await tell.make(council)
      await tell.deliver()
      expect(await tell.show(council, hook)).toMatchObject({ enabled: true })
      app.clock.advance(day)
    }
    await tell.deliver()
    expect(await tell.show(council, hook)).toMatchObject({ enabled: false, disabledReason: 'failing' })
  })

  test.each([1, 3, 12])(
    'that jumps forty days leaves an endpoint on that has failed with %i cases waiting',
    async (waiting) => {
      const hook = await tell.hook(council, receiver)
      moodOf(receiver, 500)
      for (let i = 0; i < waiting; i++) await tell.make(council)
      for (let attempts = 0; attempts < 3; attempts++) {
        await tell.deliver()
        app.clock.advance(hour)
      }
      jump(40 * day)
      for (let hours = 0; hours < 48; hours += 12) {
        await tell.deliver()
        expect(await tell.show(council, hook)).toMatchObject({ enabled: true, disabledReason: null })
        app.clock.advance(12 * hour)
      }
    },
  )

  test('that jumps while an attempt is on its way loses nothing either', async () => {
    const hook = await tell.hook(council, receiver)
    for (const ms of [day, -day, -365 * day]) {
      await tell.make(council)
      receiver.answerNext(() => {
        jump(ms)
        return new Response(null, { status: 500 })
      })
      await tell.deliver()
      app.clock.advance(day)
      await tell.deliver()
      expect(await tell.deliveries(council, hook, 'state=waiting')).toEqual([])
    }
    const kept = await tell.deliveries(council, hook)
    expect(kept.map(({ state }) => state)).toEqual(Array(3).fill('delivered'))
  })
})
