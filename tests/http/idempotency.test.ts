import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { outboxEvents } from '../../src/core/outbox/table'
import { startHousekeeping } from '../../src/jobs/housekeeping'
import { type Council, createCouncil, createTestApp, createTestKey, type TestApp } from '../support/app'
import { onSqlite } from '../support/engine'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp({ REEVE_RATE_LIMIT: '1000000' })
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

const post = (
  key: string | undefined,
  body: unknown = { summary: 'Pothole' },
  options: { as?: string; path?: string } = {},
) =>
  app.send('POST', options.path ?? '/api/cases', {
    key: options.as ?? council.key,
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
const total = async (key = council.key) =>
  (await app.send('GET', '/api/cases?pageSize=1', { key })).body.pagination.total as number

describe('an Idempotency-Key is refused', () => {
  test.each([
    ['two of them', 'a, b'],
    ['an empty one', '""'],
    ['256 characters', 'k'.repeat(256)],
    ['256 characters in quotation marks', `"${'k'.repeat(256)}"`],
    ['spaces without quotation marks', 'a b'],
    ['letters beyond ASCII', 'clé'],
    ['an open quotation', '"abc'],
  ])('%s: 400, and nothing is made', async (_, key) => {
    const before = await total()
    const { status, body } = await post(key)
    expect(status).toBe(400)
    expect(body.details.issues).toEqual([expect.objectContaining({ in: 'header', path: 'Idempotency-Key' })])
    expect(await total()).toBe(before)
  })

  test('for another body, another query or another path: 422, and nothing is made', async () => {
    const key = app.deps.newId()
    await post(key)
    const before = await total()
    const { status, body } = await post(key, { summary: 'Other' })
    expect([status, body]).toEqual([
      422,
      { error: 'This Idempotency-Key was used for another request', details: {} },
    ])
    expect(await total()).toBe(before)
  })
})

describe('a request sent again under its key', () => {
  test('gets the first answer, byte by byte, and does nothing', async () => {
    const key = app.deps.newId()
    const first = await post(key)
    const events = async () => (await app.deps.store.read.select().from(outboxEvents)).length
    const [cases, written] = [await total(), await events()]
    app.clock.advance(5_000)
    await app.send('PATCH', `/api/cases/${first.body.id}`, { key: council.key, body: { priority: 'high' } })
    const again = await post(key)
    expect([again.status, again.text]).toEqual([201, first.text])
    for (const name of ['location', 'etag', 'content-type']) {
      expect(again.headers.get(name)).toBe(first.headers.get(name))
    }
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect([await total(), await events()]).toEqual([cases, written + 1])
  })

  test('bare or in quotation marks, and with 255 characters', async () => {
    const key = 'k'.repeat(255)
    const first = await post(key)
    expect((await post(`"${key}"`)).body.id).toBe(first.body.id)
  })

  test('by another API key is another request', async () => {
    const key = app.deps.newId()
    const other = await createTestKey(app, council, {})
    const first = await post(key)
    expect((await post(key, undefined, { as: other })).body.id).not.toBe(first.body.id)
  })

  test('after a refusal is tried afresh', async () => {
    const key = app.deps.newId()
    const wardId = 'nowhere'
    expect((await post(key, { summary: 'x', wardId })).status).toBe(400)
    expect((await post(key, { summary: 'x' })).status).toBe(201)
  })

  test('after 24 hours is a new request, and the old answer is purged', async () => {
    const key = app.deps.newId()
    const first = await post(key)
    app.clock.advance(24 * 3_600_000 - 1)
    expect((await post(key)).body.id).toBe(first.body.id)
    app.clock.advance(1)
    expect((await post(key)).body.id).not.toBe(first.body.id)
    app.clock.advance(25 * 3_600_000)
    await startHousekeeping(app.deps).stop()
    const { idempotencyRecords } = await import('../../src/core/idempotency/table')
    expect(await app.deps.store.read.select().from(idempotencyRecords)).toEqual([])
  })

  test('is only looked at where something is made', async () => {
    const { body } = await post(undefined)
    for (const priority of ['high', 'low']) {
      const { status } = await app.send('PATCH', `/api/cases/${body.id}`, {
        key: council.key,
        body: { priority },
        headers: { 'idempotency-key': 'same' },
      })
      expect(status).toBe(200)
    }
  })

  test('50 times at once makes one case: one first answer, the others replays or told that it still runs', async () => {
    const key = app.deps.newId()
    const before = await total()
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(key)))
    const made = answers.filter(({ status }) => status === 201)
    const early = answers.filter(({ status }) => status === 409)
    // SQLite has one writer, so a second change waits for the first.
    expect([made.length + early.length, onSqlite && early.length > 0]).toEqual([50, false])
    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
    expect(made.filter(({ headers }) => headers.get('idempotent-replayed') !== 'true')).toHaveLength(1)
    for (const { body, headers } of early) {
      expect(headers.get('retry-after')).toBe('1')
      expect(body.error).toBe('The first request with this Idempotency-Key is still running')
    }
    expect(await total()).toBe(before + 1)
    const [again, first] = [await post(key), made[0] as (typeof made)[0]]
    expect([again.status, again.text]).toEqual([201, first.text])
  })
})

test('any mix of requests at once leaves as many cases as there are keys, whatever the order', async () => {
  const request = fc.record({ key: fc.nat(4), summary: fc.constantFrom('a', 'b') })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), async (requests) => {
      const { key: as } = await createCouncil(app, `c${app.deps.newId().slice(0, 12)}`)
      const answers = await Promise.all(
        requests.map(({ key, summary }) => post(`key-${key}`, { summary }, { as })),
      )
      const made = new Map<number, { id: string; summary: string }>()
      for (const [i, { status, body }] of answers.entries()) {
        const { key, summary } = requests[i] as { key: number; summary: string }
        if (status === 201) {
          const known = made.get(key)
          if (known) expect(body).toEqual(known)
          made.set(key, body)
          expect(body.summary).toBe(summary)
        } else expect(onSqlite ? [422] : [409, 422]).toContain(status)
      }
      expect(made.size).toBe(new Set(requests.map(({ key }) => key)).size)
      expect(await total(as)).toBe(made.size)
    }),
    { numRuns: 20 },
  )
})
