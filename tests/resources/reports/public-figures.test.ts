import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseCategories } from '../../../src/resources/categories/import'
import { importCategories } from '../../../src/resources/categories/service'
import { suppressed } from '../../../src/resources/reports/statistics'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { bytes, createTestCase, createTestWards } from '../../support/casework'
import { atInstant, unlimited } from '../../support/http'

describe('small figures', () => {
  test.each([
    [
      [10, 20, 30],
      [10, 20, 30],
    ],
    [
      [3, 20, 30],
      [null, null, 30],
    ],
    [
      [3, 4, 30],
      [null, null, 30],
    ],
    [
      [0, 1, 30],
      [null, null, null],
    ],
    [[4], [null]],
    [
      [1, 1, 1],
      [null, null, null],
    ],
    [[], []],
    [
      [7, 7, 2],
      [null, 7, null],
    ],
  ])('of %j are published as %j', (values, expected) => {
    expect(suppressed(values, 5)).toEqual(expected)
  })

  test('never show, nor can any one be worked out from the total and the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 12 }),
        fc.integer({ min: 1, max: 10 }),
        (values, least) => {
          const shown = suppressed(values, least)
          const hidden = values.filter((_, i) => shown[i] === null)
          expect(shown.every((value, i) => value === null || (value === values[i] && value >= least))).toBe(
            true,
          )
          const isEverything = hidden.length === values.length
          if (hidden.length > 0 && !isEverything) {
            expect(hidden.length).toBeGreaterThan(1)
            expect(hidden.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(least)
          }
        },
      ),
    )
  })
})

describe('a council’s public figures', () => {
  let app: TestApp
  let council: Council

  beforeAll(async () => {
    app = await createTestApp(unlimited)
    council = await createCouncil(app, 'avon')
    const [north, south, east] = await createTestWards(app, council, ['North', 'South', 'East'])
    for (const [ward, count] of [
      [north, 9],
      [south, 7],
      [east, 2],
    ] as const) {
      for (let i = 0; i < count; i++) {
        await createTestCase(app, council, { wardId: ward, receivedAt: '2026-02-10' })
      }
    }
  })

  afterAll(() => app.close())

  const ask = () => app.send('GET', '/public/avon/reports')

  test('leave out the ward with few cases, and the next smallest, from which it would show', async () => {
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(body.suppressedBelow).toBe(5)
    expect(body.totals).toEqual({ received: 18, resolved: null, open: 18 })
    expect(
      body.byWard.map(({ name, received }: { name: string; received: number }) => [name, received]),
    ).toEqual([
      ['East', null],
      ['North', 9],
      ['South', null],
    ])
    expect(body.slaMetRate).toEqual({ numerator: null, denominator: null, value: null })
    expect(body.medianDaysToResolve).toBeNull()
  })

  test('are those of the last twelve whole months, of no other time', async () => {
    const { body } = await ask()
    expect(body.period).toEqual({ from: '2025-03-01', to: '2026-03-01' })
    expect(body.trend).toHaveLength(12)
    expect((await app.send('GET', '/public/avon/reports?from=2026-02-01')).body).toEqual(body)
  })

  test('are made once in ten minutes', async () => {
    const { body, headers } = await ask()
    await createTestCase(app, council, { receivedAt: '2026-02-11' })
    expect((await ask()).body).toEqual(body)
    const etag = headers.get('etag') as string
    expect(
      (await app.send('GET', '/public/avon/reports', { headers: { 'if-none-match': etag } })).status,
    ).toBe(304)
    await atInstant(app, new Date(app.clock.now().getTime() + 600_000).toISOString(), async () => {
      expect((await ask()).body.totals.received).toBe(19)
    })
  })

  test('show more where the council lets smaller figures be published', async () => {
    await app.send('PATCH', '/api/settings', { key: council.key, body: { publicMinCell: 1 } })
    const { body } = await app.send('GET', '/api/reports/public', { key: council.key })
    expect(body.byWard.map(({ received }: { received: number }) => received)).toEqual([2, 9, 1, 7])
  })

  test('count categories that are for staff or hidden together with cases that have none', async () => {
    const other = await createCouncil(app, 'borders')
    const file = 'name,visibility\nPotholes,public\nPersistent complainants,staff\nFraud,hidden\n'
    await importCategories(other.ctx, parseCategories(bytes(file)))
    const { body } = await app.send('GET', '/api/categories', { key: other.key })
    const counts: Record<string, number> = { Potholes: 8, 'Persistent complainants': 6, Fraud: 5 }
    for (const { id, name } of body.categories) {
      for (let i = 0; i < (counts[name] ?? 0); i++) {
        await createTestCase(app, other, { categoryId: id, receivedAt: '2026-02-10' })
      }
    }
    const { body: report, text } = await app.send('GET', '/public/borders/reports')
    expect(text).not.toMatch(/Persistent|Fraud/)
    const potholes = body.categories.find(({ name }: { name: string }) => name === 'Potholes').id
    expect(
      report.byCategory.map(({ key, name, received }: Record<string, unknown>) => [key, name, received]),
    ).toEqual([
      [null, 'Other or not recorded', 11],
      [potholes, 'Potholes', 8],
    ])
  })
})
