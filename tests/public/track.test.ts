import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eraseCases } from '../../src/resources/cases/erase.service'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories } from '../../src/resources/categories/service'
import type { Body } from '../resources/cases/support'
import { type Council, createTestApp, type TestApp } from '../support/app'
import { contentOf, keptTexts } from '../support/beside'
import { bytes, createTestCase } from '../support/casework'
import { fingerprint, issuesOf, unlimited } from '../support/http'
import { newCouncil, publicSide } from './support'

type Known = { reference: string; secret: string }

let app: TestApp
let side: ReturnType<typeof publicSide>
let council: Council
let known: Known & { id: string }

beforeAll(async () => {
  app = await createTestApp(unlimited)
  side = publicSide(app)
  council = await newCouncil(app)
  known = await submit()
})
afterAll(() => app.close())

let peers = 0
const options = () => ({ peer: `192.0.2.${++peers % 250}` })
const track = (body: unknown, of = council) => side.post(of, 'track', body, options())

async function submit(): Promise<Known & { id: string }> {
  const { body } = await side.post(council, 'contact', { name: 'Ann', message: 'A hole' }, options())
  const found = await app.send('GET', `/api/cases/${body.reference}`, { key: council.key })
  return { ...body, id: found.body.id }
}

const ask = ({ reference, secret }: Known) => track({ reference, secret })

describe('nobody is told how a case stands', () => {
  test('without a reference and a secret, or with anything else', async () => {
    const { reference, secret } = known
    for (const [body, names] of [
      [{}, ['body reference', 'body secret']],
      [{ reference }, ['body secret']],
      [{ reference, secret: '' }, ['body secret']],
      [{ reference, secret, name: 'x' }, ['body name']],
      [{ reference: 'x'.repeat(41), secret }, ['body reference']],
    ] as [object, string[]][]) {
      const answer = await track(body)
      expect([answer.status, issuesOf(answer).sort()]).toEqual([400, names])
    }
    const answer = await side.post(council, 'track', 'reference=x', {
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer.status).toBe(415)
  })

  test('with what is wrong, and each time in the same words', async () => {
    const other = await newCouncil(app)
    const { reference, secret } = known
    const second = await submit()
    const erased = await submit()
    await eraseCases(council.ctx, app.deps, [erased.id])
    const unsecret = await createTestCase(app, council)
    const first = fingerprint(await track({ reference, secret: 'aaaaa-aaaaa-aaaaa-aaaaa' }))
    expect(first.status).toBe(404)
    for (const [body, of] of [
      [{ reference, secret: second.secret }, council],
      [{ reference, secret: secret.slice(0, -1) }, council],
      [{ reference: 'CW-2026-9999', secret }, council],
      [{ reference: 'nonsense', secret }, council],
      [{ reference: unsecret.reference, secret }, council],
      [{ reference: unsecret.reference, secret: 'x' }, council],
      [{ reference: erased.reference, secret: erased.secret }, council],
      [{ reference, secret }, other],
    ] as [Known, Council][]) {
      expect(fingerprint(await track(body, of))).toEqual(first)
    }
  })
})

describe('who knows the secret', () => {
  test('is told the status and what is meant for them, and no more', async () => {
    const one = await submit()
    const note = (body: string, visibility: string) =>
      app.send('POST', `/api/cases/${one.id}/notes`, { key: council.key, body: { body, visibility } })
    await note('Hidden note', 'internal')
    app.clock.advance(1_000)
    await note('We have ordered the works', 'public')
    const change = (input: object) => side.change(council, `cases/${one.id}`, input)
    await change({ status: 'in_progress', priority: 'high' })
    await change({ publicSummary: 'Works ordered' })
    await change({ publicState: 'approved' })
    await change({ status: 'resolved', resolution: 'answered' })
    await change({ status: 'in_progress', reason: 'Hidden reason' })
    const { status, headers, body, text } = await ask(one)
    expect([status, headers.get('cache-control'), headers.has('etag')]).toEqual([200, 'no-store', false])
    const { timeline, ...rest } = body
    expect(rest).toEqual({
      reference: one.reference,
      status: 'in_progress',
      resolution: null,
      ward: null,
      category: null,
      receivedAt: expect.stringMatching(/Z$/),
      updatedAt: app.clock.now().toISOString(),
      dueAt: expect.anything(),
    })
    expect(timeline.map(({ status: to, body: words }: Body) => to ?? words).reverse()).toEqual([
      'We have ordered the works',
      'in_progress',
      'Works ordered',
      'resolved',
      'in_progress',
    ])
    for (const entry of timeline) expect(Object.keys(entry)).toEqual(['at', 'kind', 'status', 'body'])
    expect(text).not.toMatch(/Hidden|Ann|priority|test key/)
    // Only the resident may read what was written to them.
    expect((await side.read(council, `cases/${one.reference}`)).text).not.toContain('We have ordered')
  })

  test('is not told the name of a category that is for staff', async () => {
    const one = await submit()
    const file = 'name,visibility\nPotholes,public\nPersistent complainants,staff\n'
    await importCategories(council.ctx, parseCategories(bytes(file)))
    const { body } = await app.send('GET', '/api/categories', { key: council.key })
    const seen = []
    for (const { id } of body.categories) {
      await side.change(council, `cases/${one.id}`, { categoryId: id })
      seen.push((await ask(one)).body.category?.name ?? null)
    }
    expect(seen.sort()).toEqual(['Potholes', null])
  })

  test('may type reference and secret as they like', async () => {
    const { reference, secret } = known
    const [prefix, year, number] = reference.split('-')
    const references = [
      reference.toLowerCase(),
      `  ${reference}\u00a0`,
      `${prefix?.toLowerCase()} ${year} ${Number(number)}`,
      `${prefix}/${year}/${number}`,
      reference.replaceAll('-', ''),
    ]
    const secrets = [
      secret.toUpperCase(),
      secret.replaceAll('-', ''),
      secret.replaceAll('-', ' '),
      ` ${secret.replaceAll('-', ' – ')}.`,
      `\u200b${secret}\ufeff`,
    ]
    for (const [i, typed] of references.entries()) {
      const { status, body } = await ask({ reference: typed, secret: secrets[i] as string })
      expect([typed, secrets[i], status, body.reference]).toEqual([typed, secrets[i], 200, reference])
    }
  })
})

test('the secret stands nowhere in the store nor in the logs', async () => {
  await ask(known)
  const texts = [...(await keptTexts(app)), ['logs', JSON.stringify(app.logged)] as const]
  for (const [name, text] of texts) expect([name, text.includes(known.secret)]).toEqual([name, false])
  for (const [name, rows] of Object.entries(await contentOf(app))) {
    expect([name, JSON.stringify(rows).includes(known.secret)]).toEqual([name, false])
  }
})
