import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { headersOf } from '../../../src/resources/webhooks/attempt/payload'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { unlimited } from '../../support/http'
import { type Received, type Receiver, startReceiver } from '../../support/receiver'
import type { Body } from '../cases/support'
import { publicNames, sentTo } from './story'
import { hooksOf } from './support'

let app: TestApp
let council: Council
let receiver: Receiver
let call: ReturnType<typeof hooksOf>
let webhook: Body

beforeAll(async () => {
  app = await createTestApp(unlimited, { outbound: publicNames })
  call = hooksOf(app)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  receiver = startReceiver()
  council = await createCouncil(app, `fresh-${++fresh}`)
  webhook = await call.create({ url: receiver.url, events: ['case_created'] }, council)
})
afterEach(() => receiver.stop())

/** What the receiver is sent when the webhook is tested now. */
async function sendTest(): Promise<Received> {
  await call.test(webhook.id, council)
  const [received] = await sentTo(app, receiver)
  return received as Received
}

const verify = (secret: string, { text, headers }: Received) => new Webhook(secret).verify(text, headers)
const isVerified = (secret: string, received: Received) => {
  try {
    verify(secret, received)
    return true
  } catch {
    return false
  }
}
const altered = (received: Received, headers: Record<string, string>): Received => ({
  ...received,
  headers: { ...received.headers, ...headers },
})
const signaturesOf = ({ headers }: Received) => headers['webhook-signature']?.split(' ')

describe('what is sent is not taken for Reeve’s', () => {
  test('where its body, its time or its id is another, or it is signed with another secret', async () => {
    const received = await sendTest()
    const other = await call.create({ url: receiver.url, events: ['case_created'] }, council)
    const time = Number(received.headers['webhook-timestamp'])
    const { secret } = webhook
    expect(isVerified(secret, received)).toBe(true)
    for (const [what, forged] of [
      ['one letter', { ...received, text: received.text.replace('webhook_test', 'webhook_tesT') }],
      ['a space', { ...received, text: `${received.text} ` }],
      ['its time', altered(received, { 'webhook-timestamp': String(time - 1) })],
      ['its id', altered(received, { 'webhook-id': `${received.headers['webhook-id']}x` })],
      ['no signature', altered(received, { 'webhook-signature': '' })],
      [
        'another version',
        altered(received, { 'webhook-signature': `v2,${signaturesOf(received)?.[0]?.slice(3)}` }),
      ],
    ] as const) {
      expect([what, isVerified(secret, forged)]).toEqual([what, false])
    }
    expect(isVerified(other.secret, received)).toBe(false)
  })
})

describe('what is sent', () => {
  test('is verified by the library of the specification, on wall time though the clock stands elsewhere', async () => {
    app.clock.set(new Date('2031-01-01T00:00:00.000Z'))
    const started = Math.floor(Date.now() / 1_000)
    const received = await sendTest()
    expect(verify(webhook.secret, received)).toEqual(received.body)
    const time = received.headers['webhook-timestamp'] as string
    expect(time).toMatch(/^\d{10}$/)
    expect(Number(time)).toBeWithin(started, started + 60)
    expect(received.headers['webhook-id']).toBe(received.body.id)
    expect(received.headers['webhook-id']).not.toContain('.')
    expect(signaturesOf(received)).toEqual([expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/)])
  })

  test('is signed as the specification says, computed by hand', async () => {
    const { text, headers } = await sendTest()
    const key = Buffer.from(webhook.secret.slice('whsec_'.length), 'base64')
    expect(key).toHaveLength(32)
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`
    const signature = createHmac('sha256', key).update(signed).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${signature}`)
  })

  test('in the words of the specification’s own example has its signature', () => {
    const headers = headersOf(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', event: 'webhook_test' },
      '{"test": 2432232314}',
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      new Date(1_614_265_330_999),
    )
    expect(headers).toMatchObject({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  test('is verified byte for byte, whatever letters it holds', async () => {
    const summary = 'Tŷ & “tyllau” 🕳️ \\ " <b> 👩🏽‍🔧'
    await app.send('POST', '/api/cases', { key: council.key, body: { summary } })
    const [received] = (await sentTo(app, receiver)) as [Received]
    expect(verify(webhook.secret, received)).toMatchObject({ data: { case: { summary } } })
  })

  test('again has the same id, and a time and a signature of its own', async () => {
    receiver.answerNext(500)
    const first = await sendTest()
    const [delivery] = await call.deliveries(webhook.id, council)
    await Bun.sleep(1_001)
    await call.send('POST', `/deliveries/${delivery.id}/replay`, council)
    const [again] = (await sentTo(app, receiver)) as [Received]
    expect([again.headers['webhook-id'], again.text]).toEqual([
      first.headers['webhook-id'] as string,
      first.text,
    ])
    expect(Number(again.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first.headers['webhook-timestamp']),
    )
    for (const received of [first, again]) expect(isVerified(webhook.secret, received)).toBe(true)
  })

  test('while a secret is replaced is verified with both, the new one first, and afterwards with the new one only', async () => {
    const { secret } = (await call.rotate(webhook.id, council, '?overlapSeconds=60')).body
    const of = async () => {
      const received = await sendTest()
      return [
        signaturesOf(received)?.length,
        isVerified(secret, altered(received, { 'webhook-signature': signaturesOf(received)?.[0] ?? '' })),
        isVerified(secret, received),
        isVerified(webhook.secret, received),
      ]
    }
    expect(await of()).toEqual([2, true, true, true])
    app.clock.advance(59_999)
    expect(await of()).toEqual([2, true, true, true])
    app.clock.advance(1)
    expect(await of()).toEqual([1, true, true, false])
  })

  test('after a leak is verified with the new secret only, at once and though two still signed', async () => {
    const second = (await call.rotate(webhook.id, council)).body.secret
    const third = (await call.rotate(webhook.id, council, '?overlapSeconds=0')).body.secret
    const received = await sendTest()
    const secrets = [webhook.secret, second, third]
    expect(secrets.map((secret) => isVerified(secret, received))).toEqual([false, false, true])
    expect(signaturesOf(received)).toHaveLength(1)
  })
})
