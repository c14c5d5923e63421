import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories } from '../../src/resources/categories/service'
import { parseWards } from '../../src/resources/wards/import'
import { importWards } from '../../src/resources/wards/import.service'
import { auditOf, type Body, eventsOf } from '../resources/cases/support'
import { publicNames } from '../resources/webhooks/story'
import { type Council, createTestApp, createTestKey, type TestApp } from '../support/app'
import { contentOf } from '../support/beside'
import { bytes } from '../support/casework'
import { issuesOf } from '../support/http'
import { deliverDue, type Receiver, startReceiver } from '../support/receiver'
import { newCouncil, publicSide, squares } from './support'

let app: TestApp
let side: ReturnType<typeof publicSide>
let council: Council
let receiver: Receiver

beforeAll(async () => {
  receiver = startReceiver()
  app = await createTestApp({ REEVE_RATE_LIMIT: '100000' }, { outbound: publicNames })
  side = publicSide(app)
  council = await newCouncil(app)
  await importWards(council.ctx, parseWards(bytes(squares({ Ashley: -2.5 }))))
  await importWards(council.ctx, parseWards(bytes('name,enabled,validTo\nGone,no,\nEnded,yes,2026-03-12\n')))
  const file =
    'name,visibility,active\nPotholes,public,yes\nHidden,hidden,yes\nStaff,staff,yes\nOld,public,no\n'
  await importCategories(council.ctx, parseCategories(bytes(file)))
})
afterAll(async () => {
  await app.close()
  await receiver.stop()
})

const idOf = async (list: string, name: string): Promise<string> => {
  const { body } = await app.send('GET', `/api/${list}?pageSize=100`, { key: council.key })
  return body[list].find((row: Body) => row.name === name).id
}

let peers = 0
/** Each from an address of its own, so that no test meets the limit of another. */
const contact = (body: unknown, headers: Record<string, string> = {}) =>
  side.post(council, 'contact', body, { peer: `192.0.2.${++peers % 250}`, headers })
const form = (input: object = {}) => ({ name: 'Margaret Hughes', message: 'A deep pothole', ...input })
const find = async (reference: string, key = council.key): Promise<Body> =>
  (await app.send('GET', `/api/cases/${reference}`, { key })).body

/** All that a form could leave behind. */
const kept = async () => {
  const { cases, audit_entries, outbox_events, case_trackers, reference_counters } = await contentOf(app)
  return { cases, audit_entries, outbox_events, case_trackers, reference_counters }
}

describe('a form is refused', () => {
  test('for a council that is not there', async () => {
    expect((await app.send('POST', '/public/nowhere/contact', { body: form() })).status).toBe(404)
  })

  test('with another content type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect([type, (await contact('name=x', { 'content-type': type })).status]).toEqual([type, 415])
    }
  })

  test('where something is missing, of another kind or not of the form', async () => {
    const before = await kept()
    for (const [body, names] of [
      [{}, ['message', 'name']],
      [form({ name: '', message: ' ' }), ['message', 'name']],
      [form({ message: 'x'.repeat(20_001) }), ['message']],
      [form({ name: 5 }), ['name']],
      [form({ location: { latitude: 91, longitude: 0 } }), ['location.latitude']],
      [form({ status: 'closed', assigneeId: 'x' }), ['assigneeId', 'status']],
    ] as [object, string[]][]) {
      const answer = await contact(body)
      expect([answer.status, issuesOf(answer).sort()]).toEqual([400, names.map((name) => `body ${name}`)])
    }
    expect(await kept()).toEqual(before)
  })

  test('for all its faults at once, under its own names', async () => {
    const before = await kept()
    const answer = await contact({
      ...form(),
      email: 'nobody',
      phone: 'call me',
      postcode: 'nowhere',
      wardId: await idOf('wards', 'Gone'),
      categoryId: await idOf('categories', 'Hidden'),
    })
    const names = ['categoryId', 'email', 'phone', 'postcode', 'wardId']
    expect([answer.status, issuesOf(answer).sort()]).toEqual([400, names.map((name) => `body ${name}`)])
    expect(await kept()).toEqual(before)
  })

  test('for wards and categories that are not there for residents', async () => {
    for (const input of [
      { categoryId: 'zzzzzzzzzzzzzzzzzzzzzzzz' },
      { categoryId: await idOf('categories', 'Hidden') },
      { categoryId: await idOf('categories', 'Staff') },
      { categoryId: await idOf('categories', 'Old') },
      { wardId: await idOf('wards', 'Gone') },
      { wardId: await idOf('wards', 'Ended') },
    ]) {
      const answer = await contact(form(input))
      expect([answer.status, issuesOf(answer)]).toEqual([400, [`body ${Object.keys(input)[0]}`]])
    }
  })

  test('of one address after twenty in a minute, while it may read on', async () => {
    const own = await createTestApp()
    const { post, read } = publicSide(own)
    const other = await newCouncil(own)
    const peer = '198.51.100.7'
    for (let i = 0; i < 20; i++) expect((await post(other, 'contact', {}, { peer })).status).toBe(400)
    const { status, headers } = await post(other, 'contact', form(), { peer })
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await read(other, 'news.json', { peer })).status).toBe(200)
    expect((await post(other, 'track', { reference: 'x', secret: 'x' }, { peer })).status).toBe(404)
    expect((await post(other, 'contact', form(), { peer: '198.51.100.8' })).status).toBe(201)
    own.clock.advance(60_000)
    expect((await post(other, 'contact', form(), { peer })).status).toBe(201)
    await own.close()
  })
})

describe('a form that a robot has filled in', () => {
  test('is answered like any other, and nothing of it is kept', async () => {
    const before = await kept()
    const answer = await contact(form({ website: 'https://spam.example' }))
    expect(await kept()).toEqual(before)
    const real = await contact(form({ website: '' }))
    const shape = { reference: expect.stringMatching(/^CW-2026-\d{4}$/), secret: secretForm }
    for (const { status, headers, body } of [answer, real]) {
      expect([status, body, Object.keys(body)]).toEqual([201, shape, ['reference', 'secret']])
      expect(headers.get('cache-control')).toBe('no-store')
    }
    expect([...answer.headers.keys()]).toEqual([...real.headers.keys()])
    expect(JSON.stringify(app.logged)).not.toContain('spam.example')
  })
})

const secretForm = expect.stringMatching(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)

describe('a form becomes a case', () => {
  test('with what it says, in the ward and category that it names', async () => {
    const [wardId, categoryId] = [await idOf('wards', 'Ashley'), await idOf('categories', 'Potholes')]
    const { body } = await contact({
      name: 'Margaret Hughes',
      email: 'M.Hughes@example.org',
      phone: '0117 496 0000',
      postcode: 'bs6 5ad',
      message: 'A deep pothole\n\non Mina Road',
      wardId,
      categoryId,
    })
    const found = await find(body.reference)
    expect(found).toMatchObject({
      summary: 'Potholes, Ashley ward',
      description: null,
      residentMessage: 'A deep pothole\n\non Mina Road',
      status: 'open',
      sourceChannel: 'web',
      publicState: 'draft',
      publicSummary: null,
      residentName: 'Margaret Hughes',
      residentEmail: expect.stringMatching(/^m\.hughes@example\.org$/i),
      residentPhone: '0117 496 0000',
      residentPostcode: 'bs6 5ad',
      ward: { id: wardId },
      category: { id: categoryId },
    })
    expect((await eventsOf(app, found.id)).sort()).toEqual(['case_created', 'contact_submitted'])
  })

  test('in the ward where it lies, or in none', async () => {
    const at = async (latitude: number, longitude: number) => {
      const { body } = await contact(form({ location: { latitude, longitude } }))
      return (await find(body.reference)).ward?.name ?? null
    }
    expect(await at(51.45, -2.55)).toBe('Ashley')
    expect(await at(51.45, -1)).toBeNull()
  })

  test('whose summary is the council’s words, from its category and place', async () => {
    const summaryOf = async (input: object) => {
      const { body } = await contact(form(input))
      const { summary, description } = await find(body.reference)
      return [summary, description]
    }
    const long = 'x'.repeat(200)
    await importWards(
      council.ctx,
      parseWards(bytes(`name,tier\nStoke Ward,ward\nAvon,county\n${long},ward\n`)),
    )
    const ward = async (name: string) => ({ wardId: await idOf('wards', name) })
    const potholes = { categoryId: await idOf('categories', 'Potholes') }
    for (const [input, summary] of [
      [{}, 'Message from the website'],
      [await ward('Ashley'), 'Message from the website, Ashley ward'],
      [potholes, 'Potholes'],
      [{ ...potholes, location: { latitude: 51.45, longitude: -2.55 } }, 'Potholes, Ashley ward'],
      [await ward('Stoke Ward'), 'Message from the website, Stoke Ward'],
      [await ward('Avon'), 'Message from the website, Avon'],
      [await ward(long), 'Message from the website'],
    ] as [object, string][]) {
      expect(await summaryOf(input)).toEqual([summary, null])
    }
  })

  test('whose resident and words only those see who may, and nothing keeps them in plain', async () => {
    const words = ['Ursula Unseen', 'ursula.unseen@example.org', '0117 496 0999', 'BS7 8QB', 'zyxomma']
    const [name, email, phone, postcode, word] = words
    for (const includePersonalData of [false, true]) {
      const events = ['case_created', 'contact_submitted', 'case_updated']
      const hook = { url: receiver.url, events, includePersonalData }
      expect((await app.send('POST', '/api/webhooks', { key: council.key, body: hook })).status).toBe(201)
    }
    const settings = { webhooks: { includePersonalData: true } }
    await app.send('PATCH', '/api/settings', { key: council.key, body: settings })
    const message = `Our ${word} is broken,\nplease help`
    const { body } = await contact(form({ name, email, phone, postcode, message }))
    const own = await find(body.reference)
    expect([own.residentName, own.residentMessage]).toEqual([name, message])
    const key = await createTestKey(app, council, { scopes: ['cases:read', 'cases:write'] })
    const changed = await app.send('PATCH', `/api/cases/${own.id}`, { key, body: { priority: 'high' } })
    const note = { body: { body: 'Called back' }, headers: { 'idempotency-key': 'one' } }
    expect((await app.send('POST', `/api/cases/${own.id}/notes`, { key, ...note })).status).toBe(201)
    await deliverDue(app)
    const sent = receiver.received.map(({ text }) => text.includes(word as string))
    expect([sent.filter((has) => has).length, sent.filter((has) => !has).length]).toEqual([3, 3])
    expect((await app.send('GET', `/api/cases?search=${word}`, { key: council.key })).body.cases).toEqual([])
    const entries = await auditOf(app, council)
    const entry = entries.find(({ action, entityId }) => action === 'case.contact' && entityId === own.id)
    expect(entry).toMatchObject({ actorType: 'public', actorIp: null })
    const texts = [await find(body.reference, key), changed.body, await contentOf(app), app.logged, entries]
    for (const text of texts.map((one) => JSON.stringify(one))) {
      for (const one of [...words, '+441174960999', '192.0.2.']) expect(text).not.toContain(one as string)
    }
  })
})

test('pages of any site may send it: a preflight says so', async () => {
  const headers = {
    origin: 'https://www.example.gov.uk',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  }
  for (const path of ['contact', 'track']) {
    const answer = await app.send('OPTIONS', `/public/${council.tenant.slug}/${path}`, { headers })
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST')
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  }
  const sent = await contact(form(), { origin: headers.origin })
  expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([201, '*'])
})
