import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { tablesWith, withTrigger } from '../../support/beside'
import { unlimited } from '../../support/http'
import { deliverDue, type Received, type Receiver, startReceiver } from '../../support/receiver'
import { auditOf, type Body } from '../cases/support'
import { publicNames, resident, sentTo } from './story'
import { hooksOf } from './support'

let app: TestApp
let council: Council
let receiver: Receiver
let call: ReturnType<typeof hooksOf>

beforeAll(async () => {
  app = await createTestApp(unlimited, { outbound: publicNames })
  call = hooksOf(app)
})
afterAll(() => app.close())

let fresh = 0
beforeEach(async () => {
  receiver = startReceiver()
  council = await createCouncil(app, `fresh-${++fresh}`)
})
afterEach(() => receiver.stop())

const words = Object.values(resident)
const wordsIn = (text: string) => words.filter((word) => text.includes(word))

const letOut = async (includePersonalData: boolean) => {
  const body = { webhooks: { includePersonalData } }
  expect((await app.send('PATCH', '/api/settings', { key: council.key, body })).status).toBe(200)
}
const listen = (includePersonalData: boolean): Promise<Body> =>
  call.create(
    {
      url: receiver.url,
      events: ['case_created', 'case_updated', 'case_note_added', 'case_closed'],
      includePersonalData,
    },
    council,
  )
const ask = async (method: string, path: string, body: unknown): Promise<Body> => {
  const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': app.deps.newId() } : {}
  const answer = await app.send(method, `/api/cases${path}`, { key: council.key, body, headers })
  expect([path, answer.status < 300]).toEqual([path, true])
  return answer.body
}
const makeCase = () => ask('POST', '', { summary: 'Pothole', ...resident })
const sendings = async () => (await auditOf(app, council)).filter(({ action }) => action === 'resident.send')

describe('residents’ fields', () => {
  test.each([
    ['neither the webhook nor the council wants them', false, false],
    ['only the webhook wants them', true, false],
    ['only the council allows them', false, true],
  ])('are not sent where %s, and nothing is on record of that', async (_, ofWebhook, ofCouncil) => {
    await listen(ofWebhook)
    await letOut(ofCouncil)
    const { id } = await makeCase()
    await ask('PATCH', `/${id}`, { residentName: 'Ursula Unknown' })
    await ask('POST', `/${id}/notes`, { body: 'Called' })
    await ask('PATCH', `/${id}`, { status: 'closed', resolution: 'answered' })
    const sent = await sentTo(app, receiver)
    expect(sent.map(({ body }) => body.event)).toEqual([
      'case_created',
      'case_updated',
      'case_note_added',
      'case_closed',
    ])
    for (const { text } of sent) expect(text).not.toMatch(/resident|Ursula/)
    expect(await sendings()).toEqual([])
  })

  test('are sent where both want them, as they were then, and each sending is on record', async () => {
    const webhook = await listen(true)
    await letOut(true)
    const made = await makeCase()
    await ask('PATCH', `/${made.id}`, { residentName: 'Ursula Unknown' })
    await ask('PATCH', `/${made.id}`, { residentEmail: null, status: 'closed', resolution: 'answered' })
    const sent = await sentTo(app, receiver)
    const told = ({ body }: Received) => [body.event, body.data.case]
    const { residentName: _, ...rest } = resident
    const unknown = { ...rest, residentName: 'Ursula Unknown' }
    expect(sent.map(told)).toEqual([
      ['case_created', expect.objectContaining(resident)],
      ['case_updated', expect.objectContaining(unknown)],
      ['case_closed', expect.objectContaining({ ...unknown, residentEmail: null })],
      ['case_updated', expect.objectContaining({ ...unknown, residentEmail: null })],
    ])
    expect(sent[0]?.body.data.case).toEqual(made)
    const note = (event: Body) => ({
      event: { from: null, to: event.event },
      webhook: { from: null, to: webhook.id },
    })
    const entries = await sendings()
    expect(entries.map(({ entity, entityId, actorType }) => [entity, entityId, actorType])).toEqual(
      Array(4).fill(['case', made.id, 'system']),
    )
    for (const [i, { changes }] of entries.entries()) expect(changes).toMatchObject(note(sent[i]?.body))
    for (const word of [...words, 'Ursula Unknown']) expect(JSON.stringify(entries)).not.toContain(word)
  })

  test('keep to the schema of the catalogue where they are sent', async () => {
    await listen(true)
    await letOut(true)
    await makeCase()
    const [created] = await sentTo(app, receiver)
    const { events } = (await call.send('GET', '/events', council)).body
    const { schema } = events.find(({ name }: Body) => name === 'case_created')
    expect(Object.keys(schema.properties.data.properties.case.properties)).toEqual(
      expect.arrayContaining(Object.keys(resident)),
    )
    expect(Object.keys(created?.body.data.case).filter((field) => field.startsWith('resident'))).toEqual(
      Object.keys(resident),
    )
  })

  test('are sent no more from the moment on in which one of both says so, though they are waiting', async () => {
    const webhook = await listen(true)
    await letOut(true)
    receiver.answerNext(500, 500)
    await makeCase()
    const [first] = await sentTo(app, receiver)
    expect(wordsIn(first?.text ?? '')).toEqual(words)
    await letOut(false)
    app.clock.advance(10_000)
    const [second] = await sentTo(app, receiver)
    expect([second?.body.id, wordsIn(second?.text ?? '')]).toEqual([first?.body.id, []])
    await letOut(true)
    await call.change(webhook.id, { includePersonalData: false }, council)
    app.clock.advance(600_000)
    const [third] = await sentTo(app, receiver)
    expect([third?.body.id, wordsIn(third?.text ?? '')]).toEqual([first?.body.id, []])
    expect(await sendings()).toHaveLength(1)
  })

  test('of a retry and a replay are on record again', async () => {
    const { id } = await listen(true)
    await letOut(true)
    receiver.answerNext(500)
    await makeCase()
    await deliverDue(app)
    app.clock.advance(10_000)
    await deliverDue(app)
    const [delivery] = await call.deliveries(id, council)
    expect(delivery).toMatchObject({ state: 'delivered', attemptCount: 2 })
    await call.send('POST', `/deliveries/${delivery.id}/replay`, council)
    await deliverDue(app)
    expect(await sendings()).toHaveLength(3)
  })

  test('are not sent where it cannot be put on record, and nothing else is either', async () => {
    const { id } = await listen(true)
    await letOut(true)
    await makeCase()
    const sent = await withTrigger(
      app,
      `BEFORE INSERT ON audit_entries WHEN (NEW.action = 'resident.send')`,
      () => sentTo(app, receiver),
    )
    expect(sent).toEqual([])
    const [delivery] = await call.deliveries(id, council)
    expect(delivery).toMatchObject({ state: 'waiting', attempts: [{ status: null, fault: 'internal' }] })
    app.clock.advance(10_000)
    expect(await sentTo(app, receiver)).toHaveLength(1)
    expect(await sendings()).toHaveLength(1)
  })

  test('stand in plain words nowhere in the store nor in the log, though a receiver sends them back', async () => {
    const { id } = await listen(true)
    await letOut(true)
    receiver.answerNext(
      () => new Response(receiver.received.at(-1)?.text, { status: 500 }),
      () => new Response(receiver.received.at(-1)?.text, { status: 200 }),
    )
    const made = await makeCase()
    for (const word of words) expect([word, await tablesWith(app, word)]).toEqual([word, []])
    await deliverDue(app)
    for (const word of words) expect([word, await tablesWith(app, word)]).toEqual([word, []])
    app.clock.advance(10_000)
    const [sent] = await sentTo(app, receiver)
    expect(wordsIn(sent?.text ?? '')).toEqual(words)
    for (const word of words) expect([word, await tablesWith(app, word)]).toEqual([word, []])
    const [delivery] = await call.deliveries(id, council)
    expect(delivery).toMatchObject({ state: 'delivered', attemptCount: 2, reply: null })
    expect(wordsIn(JSON.stringify(app.logged))).toEqual([])
    // It is there all the same, sealed.
    expect((await app.send('GET', `/api/cases/${made.id}`, { key: council.key })).body).toMatchObject(
      resident,
    )
  })

  test('are the reason why what a receiver says that was told of them is not kept, and anything else is sealed', async () => {
    const { id } = await listen(true)
    receiver.answerNext(new Response('thank you', { status: 200 }))
    await makeCase()
    await deliverDue(app)
    expect(await call.deliveries(id, council)).toMatchObject([{ reply: 'thank you' }])
    await letOut(true)
    receiver.answerNext(new Response('thank you again', { status: 200 }))
    await makeCase()
    await deliverDue(app)
    expect(await call.deliveries(id, council)).toMatchObject([{ reply: null }, { reply: 'thank you' }])
    expect(await tablesWith(app, 'thank you')).toEqual([])
  })
})
