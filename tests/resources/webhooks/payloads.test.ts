import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { eventNames, outboxEvents } from '../../../src/core/outbox/table'
import { webhookDeliveries } from '../../../src/resources/webhooks/deliveries/table'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { withTrigger } from '../../support/beside'
import { createTestCase } from '../../support/casework'
import { unlimited } from '../../support/http'
import { type Received, type Receiver, startReceiver } from '../../support/receiver'
import type { Body } from '../cases/support'
import { firstOfEach, goldenPath, publicNames, resident, type Step, sentTo, tellAll } from './story'

const renew =
  'What is sent has changed. Where that is meant, renew payloads.golden.json with ' +
  '"node scripts/with-bun.mjs tests/resources/webhooks/renew-golden.ts".'

let app: TestApp
let steps: (Step & { sent: Received[] })[]
let sent: Received[]
let catalogue: { name: string; schema: Body }[]
const validators = new Map<string, ValidateFunction>()

beforeAll(async () => {
  app = await createTestApp(unlimited, { outbound: publicNames })
  steps = await tellAll(app)
  sent = steps.flatMap((step) => step.sent)
  const { key } = await createCouncil(app, 'wye')
  catalogue = (await app.send('GET', '/api/webhooks/events', { key })).body.events
  const ajv = addFormats(new Ajv2020({ allErrors: true }))
  for (const { name, schema } of catalogue) validators.set(name, ajv.compile(schema))
})
afterAll(() => app.close())

const isValid = (body: Body) => (validators.get(body.event) as ValidateFunction)(body)

/** Every object within, however deep. */
const objectsIn = (part: Body): Body[] =>
  typeof part !== 'object' || part === null
    ? []
    : [...(Array.isArray(part) ? [] : [part]), ...Object.values(part).flatMap(objectsIn)]

describe('each change', () => {
  test('is told by the events that it is to be told by, in order, and what is none by none', () => {
    const told = steps.map(({ what, sent: of }) => ({ what, told: of.map(({ body }) => body.event) }))
    expect(told).toEqual(steps.map((step) => ({ what: step.what, told: [...step.told] })))
  })

  test('is told as of when it happened, once, under an id that no other has', () => {
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(sent.length)
    for (const { body, headers } of sent) {
      expect(headers['webhook-id']).toBe(body.id)
      expect(headers['x-webhook-event']).toBe(body.event)
      expect(headers['content-type']).toBe('application/json')
      expect(body.tenant).toBe('avon')
    }
    const times = sent.map(({ body }) => body.timestamp)
    expect(times).toEqual(times.toSorted())
  })
})

describe('what is sent', () => {
  test('is the one kept in payloads.golden.json, one of each event', async () => {
    const golden = await Bun.file(goldenPath).json()
    expect(Object.keys(golden)).toEqual([...eventNames])
    expect(firstOfEach(sent), renew).toEqual(golden)
  })

  test('keeps to the schema of its event in the catalogue, which names every event', () => {
    expect(catalogue.map(({ name }) => name)).toEqual([...eventNames])
    for (const { body } of sent) {
      isValid(body)
      expect([body.event, validators.get(body.event)?.errors ?? null]).toEqual([body.event, null])
    }
  })

  test('may hold nothing that the schema does not name, nor lack what it does, at any depth', () => {
    for (const name of eventNames) {
      const body = structuredClone(sent.find((one) => one.body.event === name)?.body)
      for (const part of objectsIn(body)) {
        part.unheardOf = 1
        expect([name, part, isValid(body)]).toEqual([name, part, false])
        delete part.unheardOf
      }
      for (const field of ['id', 'event', 'timestamp', 'tenant', 'data']) {
        const { [field]: _, ...rest } = body
        expect([name, field, validators.get(name)?.(rest)]).toEqual([name, field, false])
      }
      expect([name, isValid(body)]).toEqual([name, true])
    }
  })

  test('says nothing of a resident, where nobody asked for that', () => {
    const text = JSON.stringify(sent.map((one) => one.text))
    for (const word of [...Object.values(resident), '1 Hill', 'resident']) expect(text).not.toContain(word)
  })

  test('names no address of a webhook, only its host', () => {
    const text = JSON.stringify(sent.map((one) => one.text))
    expect(text).not.toMatch(/\/all|\/old|whsec/)
  })
})

describe('a change that comes to nothing', () => {
  let council: Council
  let receiver: Receiver
  beforeAll(async () => {
    council = await createCouncil(app, 'usk')
    receiver = startReceiver()
    const body = { url: receiver.url, events: eventNames }
    await app.send('POST', '/api/webhooks', { key: council.key, body })
  })
  afterAll(() => receiver.stop())

  const counts = async () => {
    const { read } = app.deps.store
    return [
      (await read.select().from(outboxEvents)).length,
      (await read.select().from(webhookDeliveries)).length,
    ]
  }

  /** Runs the work, of which neither an event nor a delivery may be left. */
  async function leavesNothing(work: () => Promise<unknown>): Promise<void> {
    await sentTo(app, receiver)
    const before = await counts()
    await work()
    expect((await sentTo(app, receiver)).map(({ body }) => body.event)).toEqual([])
    expect(await counts()).toEqual(before)
  }

  test('because it is refused leaves no event: 400, 404, 409, 412', async () => {
    const { id } = await createTestCase(app, council)
    const ask = async (name: string, body: object, headers = {}) =>
      (await app.send('PATCH', `/api/cases/${name}`, { key: council.key, body, headers })).status
    await leavesNothing(async () => {
      expect(await ask(id, { priority: 'high', wardId: 'unknown' })).toBe(400)
      expect(await ask('unknown', { priority: 'high' })).toBe(404)
      expect(await ask(id, { priority: 'high' }, { 'if-match': '"other"' })).toBe(412)
    })
    expect(await ask(id, { status: 'closed', resolution: 'answered' })).toBe(200)
    await leavesNothing(async () => expect(await ask(id, { status: 'open', priority: 'high' })).toBe(409))
  })

  test('because one of several cannot be leaves no event of any', async () => {
    const make = async () => {
      const body = { title: 'Works', body: 'Soon' }
      return (await app.send('POST', '/api/news', { key: council.key, body })).body.id as string
    }
    const ids = [await make(), await make()]
    await app.send('PATCH', `/api/news/${ids[1]}`, { key: council.key, body: { status: 'draft' } })
    const approve = () => app.send('POST', '/api/news/approve', { key: council.key, body: { ids } })
    await leavesNothing(async () => expect((await approve()).status).toBe(409))
    await app.send('PATCH', `/api/news/${ids[1]}`, { key: council.key, body: { status: 'pending' } })
    expect((await approve()).status).toBe(200)
    expect((await sentTo(app, receiver)).map(({ body }) => body.event)).toEqual([
      'news_published',
      'news_published',
    ])
  })

  test('because the store fails after the event was written leaves neither', async () => {
    const post = () =>
      app.send('POST', '/api/cases', {
        key: council.key,
        body: { summary: 'Lost' },
        headers: { 'idempotency-key': 'lost' },
      })
    await leavesNothing(() =>
      withTrigger(app, 'BEFORE INSERT ON idempotency_records', async () => {
        expect((await post()).status).toBe(500)
      }),
    )
    expect((await post()).status).toBe(201)
    expect((await sentTo(app, receiver)).map(({ body }) => body.event)).toEqual(['case_created'])
  })

  test('because the event cannot be written is no change either', async () => {
    const { id } = await createTestCase(app, council)
    await leavesNothing(() =>
      withTrigger(app, 'BEFORE INSERT ON outbox_events', async () => {
        const answer = await app.send('PATCH', `/api/cases/${id}`, {
          key: council.key,
          body: { priority: 'high' },
        })
        expect(answer.status).toBe(500)
      }),
    )
    expect((await app.send('GET', `/api/cases/${id}`, { key: council.key })).body).toMatchObject({
      priority: 'normal',
      version: 1,
    })
  })

  test('because the request is the same as before is told once', async () => {
    const post = () =>
      app.send('POST', '/api/cases', {
        key: council.key,
        body: { summary: 'Once' },
        headers: { 'idempotency-key': 'once' },
      })
    await post()
    expect(await sentTo(app, receiver)).toHaveLength(1)
    await leavesNothing(async () => expect((await post()).status).toBe(201))
  })
})
