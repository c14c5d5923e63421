import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Deps, Secrets } from '../../../src/core/ctx'
import { personalOf } from '../../../src/core/outbox/store'
import { outboxEvents } from '../../../src/core/outbox/table'
import { resealEvents } from '../../../src/core/reseal.service'
import { deriveSecrets } from '../../../src/deps'
import { seededRandom } from '../../../src/lib/random'
import { loadSecretKeys } from '../../../src/lib/secret-keys'
import { resealEndpoints } from '../../../src/resources/webhooks/housekeeping.service'
import { webhookFaults } from '../../../src/resources/webhooks/housekeeping.store'
import { queueDeliveries } from '../../../src/resources/webhooks/queue/service'
import { rotateSecret } from '../../../src/resources/webhooks/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { runBeside } from '../../support/beside'
import { deliverDue, type Receiver, startReceiver } from '../../support/receiver'
import {
  assertSigned,
  day,
  deliveryRows,
  endpointRows,
  environment,
  type Hook,
  hour,
  teller,
} from './delivering'

let app: TestApp
let council: Council
let tell: ReturnType<typeof teller>
let receiver: Receiver
let hook: Hook
/** The keys of before, and with a new one before them; the new one alone. */
let [older, both, newest]: Secrets[] = []

beforeEach(async () => {
  app = await createTestApp(environment)
  tell = teller(app)
  council = await createCouncil(app, 'avon')
  receiver = startReceiver()
  const known = loadSecretKeys(app.config)
  const added = seededRandom('a new key')(32)
  older = await deriveSecrets(known)
  both = await deriveSecrets([added, ...known])
  newest = await deriveSecrets([added])
  await tell.ask('PATCH', '/api/settings', council, { webhooks: { includePersonalData: true } })
  hook = await tell.hook(council, receiver, { includePersonalData: true })
})
afterEach(async () => {
  await receiver.stop()
  await app.close()
})

const withKeys = (secrets: Secrets | undefined): Deps => ({ ...app.deps, secrets: secrets as Secrets })
const deliverWith = (secrets: Secrets | undefined) => deliverDue({ ...app, deps: withKeys(secrets) })
const faultsWith = (secrets: Secrets | undefined) =>
  app.deps.store.snapshot((snapshot) => webhookFaults(snapshot, secrets as Secrets))
const resealAll = async () => [await resealEvents(withKeys(both)), await resealEndpoints(withKeys(both))]
const residentName = 'Zinnia Quartermaine'

describe('after a new key has come', () => {
  test('what events say of residents is sealed anew, and what they do not say stays nothing', async () => {
    await tell.make(council, { residentName })
    await tell.make(council)
    await tell.make(council, { residentName: 'Somebody else' })
    expect(await resealEvents(withKeys(both))).toBe(2)
    const rows = await app.deps.store.read.select().from(outboxEvents).orderBy(outboxEvents.position)
    expect(rows.map((row) => personalOf(row, newest as Secrets))).toMatchObject([
      { residentName },
      null as never,
      { residentName: 'Somebody else' },
    ])
    expect(personalOf(rows[0] as never, older as Secrets)).toBe('unreadable')
    expect(await resealEvents(withKeys(both))).toBe(0)
  })

  test('endpoints’ secrets are sealed anew: what is delivered says the same and is signed with the same', async () => {
    await tell.make(council, { residentName })
    receiver.answerNext(500)
    await tell.deliver()
    expect(await resealAll()).toEqual([1, 1])
    expect(await resealAll()).toEqual([0, 0])
    app.clock.advance(hour)
    expect(await deliverWith(newest)).toBe(1)
    const [first, second] = receiver.received
    for (const one of receiver.received) assertSigned(one, hook.secret)
    expect(second?.text).toBe(first?.text as string)
    expect(second?.body.data.case.residentName).toBe(residentName)
    expect(await faultsWith(newest)).toEqual([])
    expect(app.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('the secret before this one is sealed anew too, and signs until its end', async () => {
    const rotate = async () =>
      (await tell.ask('POST', `/api/webhooks/${hook.id}/rotate-secret`, council)).body.secret
    const rotated = await rotate()
    await resealAll()
    for (const [secrets, wait] of [
      [[rotated, hook.secret], 0],
      [[rotated], day],
    ] as const) {
      app.clock.advance(wait)
      await tell.make(council)
      expect(await deliverWith(newest)).toBe(1)
      const received = receiver.received.at(-1)
      expect(received?.headers['webhook-signature']?.split(' ')).toHaveLength(secrets.length)
      for (const secret of secrets) assertSigned(received as never, secret)
    }
    expect(await faultsWith(newest)).toEqual([])
  })

  test('a secret of before is sealed anew also where the one after it was made under the new key', async () => {
    // A server that already has both keys, before everything is sealed again.
    const ctx = { ...council.ctx, secrets: both as Secrets }
    const rotated = await rotateSecret(ctx, withKeys(both), hook.id, 86_400)
    expect(await resealEndpoints(withKeys(both))).toBe(1)
    expect(await resealEndpoints(withKeys(both))).toBe(0)
    expect(await faultsWith(newest)).toEqual([])
    await tell.make(council)
    await deliverWith(newest)
    for (const secret of [rotated.secret, hook.secret])
      assertSigned(receiver.received[0] as never, secret as string)
  })

  test('an endpoint that was deleted has no secret left to seal', async () => {
    await tell.ask('DELETE', `/api/webhooks/${hook.id}`, council)
    expect(await resealEndpoints(withKeys(both))).toBe(0)
    expect((await endpointRows(app.deps)).map(({ secret }) => secret)).toEqual([''])
    expect(await faultsWith(newest)).toEqual([])
  })
})

describe('a check', () => {
  test('finds nothing wrong with what waits, was delivered, has failed or is on its way', async () => {
    const made = await tell.make(council)
    await tell.change(council, made, 'Two')
    receiver.answerNext(204, 500)
    await tell.deliver()
    await tell.make(council)
    await queueDeliveries(app.deps)
    await tell.change(council, made, 'Three')
    await queueDeliveries(app.deps)
    expect((await deliveryRows(app.deps)).map(({ state }) => state)).toEqual([
      'delivered',
      ...Array(3).fill('waiting'),
    ])
    expect(await faultsWith(app.deps.secrets)).toEqual([])
  })

  test('finds a queue that stands still', async () => {
    const [still, running] = [await tell.make(council), await tell.make(council)]
    await tell.change(council, still, 'Two')
    await tell.change(council, running, 'Two')
    await queueDeliveries(app.deps)
    await runBeside(
      app,
      `UPDATE webhook_deliveries SET next_attempt_at = NULL WHERE entity_id = '${still.id}'`,
    )
    expect(await faultsWith(app.deps.secrets)).toEqual([
      `${hook.id}: nothing of ${still.id} is due, though it waits`,
    ])
  })

  test('finds a secret that no key opens, and what needs it fails at once, says why and can be replayed', async () => {
    await tell.make(council)
    await queueDeliveries(app.deps)
    const [fault, ...more] = await faultsWith(newest)
    expect([fault, more]).toEqual([expect.stringMatching(new RegExp(`^${hook.id}: \\S`)), []])
    expect(fault).not.toContain('whsec_')
    expect(await deliverWith(newest)).toBe(1)
    expect(receiver.received).toEqual([])
    expect(await tell.deliveries(council, hook)).toMatchObject([
      {
        state: 'failed',
        attempts: [
          { status: null, fault: 'unreadable', message: 'The webhook’s secret can no longer be read' },
        ],
      },
    ])
    expect(app.logged.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'a webhook needs what can no longer be read', fields: { webhook: hook.id } },
    ])
    expect((await tell.show(council, hook)).failureCount).toBe(0)
    const [delivery] = await tell.deliveries(council, hook)
    await tell.ask('POST', `/api/webhooks/deliveries/${delivery?.id}/replay`, council)
    expect(await tell.deliver()).toBe(1)
    assertSigned(receiver.received[0] as never, hook.secret)
  })

  test('finds a secret that was another endpoint’s', async () => {
    const other = await tell.hook(council, receiver)
    await runBeside(
      app,
      `UPDATE webhook_endpoints SET secret = (SELECT secret FROM webhook_endpoints WHERE id = '${hook.id}') WHERE id = '${other.id}'`,
    )
    expect(await faultsWith(app.deps.secrets)).toEqual([expect.stringContaining(other.id)])
  })
})
