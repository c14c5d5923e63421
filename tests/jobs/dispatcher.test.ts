import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Deps } from '../../src/core/ctx'
import type { Store } from '../../src/db/store'
import { startDispatcher } from '../../src/jobs/dispatcher'
import { type Limits, most as served } from '../../src/resources/webhooks/queue/slots'
import {
  deliveryRows,
  environment,
  type Hook,
  minute,
  summariesOf,
  teller,
} from '../resources/webhooks/delivering'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { withTrigger } from '../support/beside'
import { type Receiver, startReceiver } from '../support/receiver'

let app: TestApp
let council: Council
let tell: ReturnType<typeof teller>
let receivers: Receiver[]
let stops: (() => Promise<void>)[]

beforeEach(async () => {
  app = await createTestApp(environment)
  tell = teller(app)
  council = await createCouncil(app, 'avon')
  receivers = []
  stops = []
})
afterEach(async () => {
  await Promise.all(receivers.map((one) => one.stop()))
  for (const stop of stops) await stop()
  await app.close()
})

/** How long what happens by itself is waited for, however busy the machine is. */
const patienceMs = 60_000

const leaseMs = 30_000

/** Waits until this is so; what never is fails the test. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`It never came to be: ${isSo}`)
    await Bun.sleep(10)
  }
}

function receive(): Receiver {
  const receiver = startReceiver()
  receivers.push(receiver)
  return receiver
}

/** Starts the job and has it stopped when the test ends. */
function start(deps: Deps = app.deps, limits?: Limits, stopMs?: number) {
  const job = startDispatcher(deps, limits, stopMs)
  stops.push(() => job.stop())
  return job
}

/** A store that can be taken away. */
function frailStore(): { deps: Deps; fails: { reads: boolean; writes: boolean } } {
  const fails = { reads: false, writes: false }
  const { store } = app.deps
  const frail: Store = {
    ...store,
    get read() {
      if (fails.reads) throw new Error('The disk is gone')
      return store.read
    },
    write: (job) => (fails.writes ? Promise.reject(new Error('The disk is gone')) : store.write(job)),
  }
  return { deps: { ...app.deps, store: frail }, fails }
}

/** An answer that comes when it is let go. */
function held() {
  let letGo = () => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const answer = (status: number) => async () => {
    await gate
    return new Response(null, { status })
  }
  return { answer, letGo }
}

const statesOf = async (hook: Hook) => (await tell.deliveries(council, hook)).map(({ state }) => state)
const isWaiting = async () => (await deliveryRows(app.deps)).some(({ state }) => state === 'waiting')
const warnings = () => app.logged.filter(({ level }) => level === 'warn').map(({ message }) => message)

describe('the job', () => {
  test('delivers what waited when it starts and what comes while it runs, and nothing once it has stopped', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    await tell.make(council, { summary: 'Before' })
    const job = start()
    await until(() => receiver.received.length === 1)
    const made = await tell.make(council, { summary: 'Meanwhile' })
    await tell.change(council, made, 'Changed')
    await until(async () => (await statesOf(hook)).join() === 'delivered,delivered,delivered')
    await job.stop()
    await tell.make(council, { summary: 'After' })
    // Longer than it sleeps between two rounds.
    await Bun.sleep(600)
    expect(summariesOf(receiver.received)).toEqual(['Before', 'Meanwhile', 'Changed'])
    start()
    await until(() => receiver.received.length === 4)
    expect(warnings()).toEqual([])
  })

  test('tries again what has failed when it is due, and not while the clock stands', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    receiver.answerNext(500)
    await tell.make(council)
    start()
    await until(async () => (await tell.deliveries(council, hook))[0]?.attemptCount === 1)
    await Bun.sleep(600)
    expect(receiver.received).toHaveLength(1)
    app.clock.advance(6_000)
    await until(async () => (await statesOf(hook)).join() === 'delivered')
    expect(receiver.received).toHaveLength(2)
  })

  test('of two copies on one store sends everything once between them', async () => {
    const receiver = receive()
    await tell.hook(council, receiver)
    const { deps } = frailStore()
    start()
    start(deps)
    const cases = []
    for (let i = 0; i < 12; i++) cases.push(await tell.make(council, { summary: `${i}-0` }))
    for (const [i, one] of cases.entries()) await tell.change(council, one, `${i}-1`)
    await until(async () => receiver.received.length >= 24 && !(await isWaiting()))
    expect(summariesOf(receiver.received).sort()).toEqual(
      cases.flatMap((_, i) => [`${i}-0`, `${i}-1`]).sort(),
    )
  })
})

describe('when it is stopped', () => {
  test('what is on its way is waited for and kept', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    const { answer, letGo } = held()
    receiver.answerNext(answer(204))
    await tell.make(council)
    const job = start()
    await until(() => receiver.received.length === 1)
    const stopped = job.stop()
    letGo()
    await stopped
    expect(await tell.deliveries(council, hook)).toMatchObject([{ state: 'delivered', attemptCount: 1 }])
  })

  test('what is not heard of is due again when its lease ends, also where it is answered too late', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    const { answer, letGo } = held()
    receiver.answerNext(answer(500))
    await tell.make(council)
    const job = start(app.deps, undefined, 100)
    await until(() => receiver.received.length === 1)
    await job.stop()
    const inLease = new Date(app.clock.now().getTime() + leaseMs).toISOString()
    expect(await tell.deliveries(council, hook)).toMatchObject([
      { state: 'waiting', attemptCount: 0, nextAttemptAt: inLease },
    ])
    app.clock.advance(leaseMs - 1)
    expect(await tell.deliver()).toBe(0)
    app.clock.advance(1)
    expect(await tell.deliver()).toBe(1)
    letGo()
    expect(await tell.deliveries(council, hook)).toMatchObject([{ state: 'delivered' }])
  })
})

describe('a receiver that hangs', () => {
  test('keeps no other from being delivered to, nor its own other cases', async () => {
    const [hanging, quick] = [receive(), receive()]
    await tell.hook(council, hanging)
    await tell.hook(council, quick)
    const { answer, letGo } = held()
    const severn = await createCouncil(app, 'severn')
    const elsewhere = receive()
    await tell.hook(severn, elsewhere)
    hanging.answerNext(answer(204))
    start()
    const stuck = await tell.make(council, { summary: 'Stuck' })
    await until(() => hanging.received.length === 1)
    await tell.change(council, stuck, 'Behind it')
    await tell.make(council, { summary: 'Free' })
    await tell.make(severn, { summary: 'Elsewhere' })
    await until(() => quick.received.length === 3 && elsewhere.received.length === 1)
    await until(() => hanging.received.length === 2)
    expect(summariesOf(hanging.received)).toEqual(['Stuck', 'Free'])
    letGo()
    await until(() => hanging.received.length === 3)
    expect(summariesOf(hanging.received)).toEqual(['Stuck', 'Free', 'Behind it'])
  })
})

describe('a store that fails for a while', () => {
  test.each(['reads', 'writes'] as const)('is survived and told: %s', async (which) => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    const { deps, fails } = frailStore()
    fails[which] = true
    await tell.make(council)
    start(deps)
    await until(() => warnings().includes('webhooks could not be sent'))
    expect(receiver.received).toEqual([])
    fails[which] = false
    await until(async () => (await statesOf(hook)).join() === 'delivered')
    expect(receiver.received).toHaveLength(1)
  })

  test('when what came of an attempt is to be kept has it sent again after the lease', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    const { deps, fails } = frailStore()
    receiver.answerNext(() => {
      fails.writes = true
      return new Response(null, { status: 204 })
    })
    await tell.make(council)
    start(deps)
    await until(() => warnings().includes('webhooks could not be sent'))
    fails.writes = false
    expect(await statesOf(hook)).toEqual(['waiting'])
    app.clock.advance(leaseMs)
    await until(async () => (await statesOf(hook)).join() === 'delivered')
    const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect([second, receiver.received.length]).toEqual([first, 2])
  })

  test('for one endpoint alone holds up no other', async () => {
    const [bad, good] = [receive(), receive()]
    const hooks = [await tell.hook(council, bad), await tell.hook(council, good)]
    const [broken] = [...hooks].sort((a, b) => (a.id < b.id ? -1 : 1)) as [Hook, Hook]
    const [theirs, others] = broken.url.startsWith(bad.url) ? [bad, good] : [good, bad]
    await tell.make(council)
    const trigger = `BEFORE UPDATE ON webhook_deliveries WHEN NEW.endpoint_id = '${broken.id}' AND OLD.next_attempt_at IS NOT NULL`
    await withTrigger(app, trigger, async () => {
      start()
      await until(() => others.received.length === 1)
      await until(() => warnings().length > 0)
    })
    await until(() => theirs.received.length === 1)
  })
})

describe('what is on its way at the same time', () => {
  test.each([
    ['8 to an endpoint', 8, { councils: 1, endpoints: 1, cases: 20 }],
    ['32 of a council', 32, { councils: 1, endpoints: 5, cases: 10 }],
    ['64 in all', 64, { councils: 3, endpoints: 5, cases: 10 }],
  ])('is never more than %s; then all has arrived', async (_, limit, { councils, endpoints, cases }) => {
    const open = new Map<string, number>()
    const most = new Map<string, number>()
    const add = (name: string, by: number) => {
      const now = (open.get(name) ?? 0) + by
      open.set(name, now)
      most.set(name, Math.max(now, most.get(name) ?? 0))
    }
    const { answer, letGo } = held()
    const receiver = receive()
    const count = async (path: string) => {
      const names = ['all', path, path.split('/')[1] as string]
      for (const name of names) add(name, 1)
      const response = await answer(204)()
      for (const name of names) add(name, -1)
      return response
    }
    receiver.answerNext(
      ...Array.from({ length: 1_000 }, () => () => count(receiver.received.at(-1)?.path as string)),
    )
    for (let i = 0; i < councils; i++) {
      const one = await createCouncil(app, `council-${i}`)
      for (let j = 0; j < endpoints; j++) await tell.hook(one, { url: `${receiver.url}/council-${i}/${j}` })
      for (let j = 0; j < cases; j++) await tell.make(one)
    }
    start(app.deps, { ...served, inAll: 64, ofTenant: 32 })
    await until(() => open.get('all') === limit)
    // What may not come has the time to come.
    await Bun.sleep(600)
    expect(open.get('all')).toBe(limit)
    letGo()
    await until(async () => !(await isWaiting()))
    expect(receiver.received).toHaveLength(councils * endpoints * cases)
    expect(most.get('all')).toBe(limit)
    for (const [name, highest] of most) {
      if (name === 'all') continue
      expect([name, highest <= (name.includes('/') ? 8 : 32)]).toEqual([name, true])
    }
  })

  test('is one at an endpoint that keeps failing', async () => {
    const receiver = receive()
    const hook = await tell.hook(council, receiver)
    receiver.answerNext(...Array(5).fill(500))
    for (let i = 0; i < 5; i++) await tell.make(council)
    expect(await tell.deliver()).toBe(5)
    app.clock.advance(minute)
    const { answer, letGo } = held()
    receiver.answerNext(answer(500), ...Array(4).fill(204))
    start()
    await until(() => receiver.received.length === 6)
    await Bun.sleep(600)
    expect(receiver.received).toHaveLength(6)
    letGo()
    await until(async () => (await tell.show(council, hook)).failureCount === 0)
    await until(() => receiver.received.length === 10)
  })
})
