import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { ask, headersOf, requestBytes } from '../../scripts/bench/client'
import {
  median,
  percentile,
  ratioOf,
  tableOf,
  timePerRequest,
  timesOf,
  whileAsked,
} from '../../scripts/bench/measure'
import { reads } from '../../scripts/bench/serve/by-hand-reads'
import { caseShapeOf } from '../../scripts/bench/serve/by-hand-view'
import { creator } from '../../scripts/bench/serve/by-hand-writes'
import { storeFile } from '../../src/db/sqlite/open'
import { systemClock } from '../../src/lib/clock'
import { sha256 } from '../../src/lib/hash'
import { createCouncil, createTestApp } from '../support/app'
import { createTestCase, createTestCategories, createTestWards } from '../support/casework'
import { onSqlite } from '../support/engine'
import { unlimited } from '../support/http'

describe('the figures of the benchmark', () => {
  test('a median is the middle value, or the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('a percentile is the value that so many do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect([percentile(hundred, 95), percentile(hundred, 99)]).toEqual([95, 99])
    expect(percentile([3, 1, 2], 99)).toBe(3)
    expect(percentile([], 99)).toBeNaN()
  })

  test('ratios are taken round by round', () => {
    expect(ratioOf([2, 30, 8], [1, 10, 2])).toEqual({ middle: 3, least: 2, most: 4 })
  })

  test('a table is set in columns', () => {
    expect(
      tableOf([
        ['', 'one'],
        ['longer', '1'],
      ]),
    ).toBe('         one\nlonger     1')
  })
})

describe('the client of the benchmark', () => {
  const serve = (fetch: (request: Request) => Response | Promise<Response>) =>
    Bun.serve({ hostname: '127.0.0.1', port: 0, development: false, fetch })

  test('reads an answer that arrives in several parts', async () => {
    const body = 'é'.repeat(200_000)
    const server = serve(() => new Response(body, { headers: { 'x-a': 'b: c' } }))
    const reply = await ask(server.port ?? 0, requestBytes('GET', '/', []))
    expect(reply.status).toBe(200)
    expect(reply.body.toString()).toBe(body)
    expect(headersOf(reply)).toContainEqual(['x-a', 'b: c'])
    await server.stop(true)
  })

  test('sends a body and counts within its bounds; another status is a fault', async () => {
    let answered = 0
    const server = serve(async (request) => {
      answered++
      return new Response(null, { status: (await request.text()) === '{"a":"é"}' ? 304 : 500 })
    })
    const load = { request: requestBytes('POST', '/', [], '{"a":"é"}'), status: 304 }
    const bounds = { connections: 1, ms: 10_000, most: 20 }
    expect(await timePerRequest(server.port ?? 0, load, bounds)).toBeGreaterThan(0)
    expect(answered).toBe(20)
    expect(timePerRequest(server.port ?? 0, { ...load, status: 200 }, bounds)).rejects.toThrow('Answered 304')
    await server.stop(true)
  })

  test('measures while others ask, and ends with their last answers', async () => {
    const asked = { own: 0, others: 0, open: 0 }
    const server = serve(async (request) => {
      asked.open++
      await Bun.sleep(2)
      asked.open--
      asked[request.url.endsWith('/others') ? 'others' : 'own']++
      return new Response('')
    })
    const port = server.port ?? 0
    const loadOf = (target: string) => ({ request: requestBytes('GET', target, []), status: 200 })
    const bounds = { connections: 1, ms: 10_000, most: 5 }
    const times = await whileAsked(port, loadOf('/others'), 3, () => timesOf(port, loadOf('/own'), bounds))
    expect([times.length, asked.own, asked.open]).toEqual([5, 5, 0])
    expect(asked.others).toBeGreaterThan(3)
    const failing = { ...loadOf('/others'), status: 204 }
    const measured = whileAsked(port, failing, 1, () =>
      timesOf(port, loadOf('/own'), { ...bounds, most: 1e6 }),
    )
    expect(measured).rejects.toThrow('Answered 200')
    await measured.catch(() => {})
    await server.stop(true)
  })
})

// On PostgreSQL nothing of it is measured.
describe.if(onSqlite)('the server written by hand', () => {
  const passing = /^(id|reference|reference_?number|position|target_from|(created|updated|received)_?at)$/i
  const lasting = (view: object) =>
    Object.fromEntries(Object.entries(view).filter(([name]) => !passing.test(name)))

  test('answers as Reeve does, and keeps the same of a case that it makes', async () => {
    const app = await createTestApp(unlimited, { clock: systemClock })
    const council = await createCouncil(app, 'avon')
    const [wardId] = await createTestWards(app, council, ['Ashley'])
    const [categoryId] = await createTestCategories(app, council, ['Potholes'])
    const input = {
      summary: 'Pothole',
      type: 'service_request',
      wardId: `${wardId}`,
      categoryId: `${categoryId}`,
    }
    const made = await createTestCase(app, council, {
      ...input,
      location: { address: 'Mina Road' },
      followUpAt: '2030-01-01',
    })
    const get = (path: string) => app.send('GET', `/api${path}`, council)
    await app.send('PATCH', `/api/cases/${made.id}`, {
      ...council,
      body: { status: 'in_progress', pending: { reason: 'scheduled' } },
    })
    await createTestCase(app, council, input)
    const { text } = await get('/cases')
    const sample = { method: 'GET', target: '/api/cases', etag: null, unchanged: null }
    const shape = caseShapeOf([{ ...sample, full: { status: 200, headers: [], body: text } }])
    const path = storeFile(app.config.data)
    const reader = new Database(path, { readonly: true, strict: true })
    const { callerOf, list, one } = reads(reader, shape)
    const who = callerOf(sha256(council.key))
    if (!who) throw new Error('The key is not known')
    expect(JSON.stringify(list(who, new URLSearchParams()))).toBe(text)
    expect(JSON.stringify(one(who, made.id))).toBe((await get(`/cases/${made.id}`)).text)

    const audited = async () => {
      const { body } = await get('/audit?pageSize=1')
      return Object.keys(body.entries[0].changes).sort()
    }
    const own = await createTestCase(app, council, input)
    const ownAudit = await audited()
    const byHand = await creator(path, shape)(who, input)
    expect(lasting(byHand)).toEqual(lasting(own))
    expect(await audited()).toEqual(ownAudit)
    const rows = reader.query<object, []>('SELECT * FROM cases ORDER BY position DESC LIMIT 2').all()
    expect(rows.map(lasting)[0]).toEqual(rows.map(lasting)[1])
    reader.close()
    await app.close()
  })
})
