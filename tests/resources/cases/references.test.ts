import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { meantReference } from '../../../src/resources/cases/rules/reference'
import { getCase, listCases } from '../../../src/resources/cases/store'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { onSqlite } from '../../support/engine'
import { issuesOf, unlimited } from '../../support/http'
import { planOf } from '../../support/plans'
import { type Body, caller, createActing, unknownId } from './support'

let app: TestApp
let council: Council
let call: ReturnType<typeof caller>
let made: Body[]
beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'typed')
  call = caller(app)
  made = []
  for (const internalRef of ['FMS1234567', 'FMS1234567', 'hw/77 a', null, 'Lagan-9']) {
    app.clock.advance(1_000)
    made.push(await call.create({ summary: 'Lamp', internalRef }, council))
  }
})
afterAll(() => app.close())

describe('a case is opened by its reference', () => {
  test.each([
    ['CW-2026-0003'],
    ['cw-2026-0003'],
    [' cw-2026-3 '],
    ['CW 2026 0003'],
    ['CW/2026/3'],
    ['CW–2026–0003'],
    ['#CW-2026-0003.'],
    ['cw20260003'],
    ['CW2026 3'],
  ])('typed as %j', async (typed) => {
    const { status, body } = await call.get(encodeURIComponent(typed), council)
    expect([typed, status, body.id]).toEqual([typed, 200, made[2].id])
    expect((await call.get(`${encodeURIComponent(typed)}/timeline`, council)).status).toBe(200)
  })

  test.each([
    ['CW-2026-0030'],
    ['CW-2025-0003'],
    ['CX-2026-0003'],
    ['W-2026-0003'],
    ['CW-2026-'],
    ['2026-0003'],
    ['0003'],
    ['CW-2026-0003-1'],
    [unknownId],
  ])('and %j is none', async (typed) => {
    expect((await call.get(encodeURIComponent(typed), council)).status).toBe(404)
  })

  test('but not by those who may not see it', async () => {
    const worker = await createActing(app, council, 'caseworker')
    expect((await call.get('cw%202026%203', worker)).status).toBe(404)
  })

  test.each([
    ['a1-2026-5', 'CW', 'A1-2026-0005'],
    ['A120265', 'A1', 'A1-2026-0005'],
    ['A120265', 'CW', undefined],
    ['CW-2026-12345', 'CW', 'CW-2026-12345'],
    ['tz4a98xxat96iws9zmbrgj3a', 'CW', undefined],
    ['cw-2026-1234567890', 'CW', undefined],
    ['', 'CW', undefined],
  ])('%j with the prefix %s means %j', (typed, prefix, meant) => {
    expect(meantReference(typed, prefix)).toBe(meant)
  })
})

describe('cases are listed by their reference in another system', () => {
  const listed = async (query: string) =>
    (await call.list(`sort=reference&${query}`, council)).body.cases.map(({ id }: Body) =>
      made.findIndex((one) => one.id === id),
    )

  test.each([
    ['internalRef=FMS1234567', [0, 1]],
    ['internalRef=fms1234567', [0, 1]],
    ['internalRef=%20FMS1234567%20', [0, 1]],
    ['internalRef=HW%2F77%20A', [2]],
    ['internalRef=Lagan-9,FMS1234567', [0, 1, 4]],
    ['internalRef=Lagan-9&internalRef=hw/77%20a', [2, 4]],
    ['internalRef=FMS123456', []],
    ['internalRef=FMS1234567&status=closed', []],
    ['internalRef=FMS1234567&search=lamp', [0, 1]],
    ['search=fms1234567', [0, 1]],
    ['search=lagan', [4]],
  ] as [string, number[]][])('%s', async (query, expected) => {
    expect([query, await listed(query)]).toEqual([query, expected])
  })

  test('but not by nothing', async () => {
    const answer = await call.list('internalRef=', council)
    expect([answer.status, issuesOf(answer)]).toEqual([400, ['query internalRef']])
  })

  test.if(onSqlite)('which are looked up one by one, however many the council has', async () => {
    const slice = { kind: 'cursor', pageSize: 20, after: null } as const
    const steps = await planOf(app, council, (ctx) => listCases(ctx, { internalRef: ['A1'] }, slice))
    expect(steps).toHaveLength(1)
    expect(steps[0]).toMatch(/SEARCH cases USING INDEX cases_internal_ref/)
    const one = await planOf(app, council, (ctx) => getCase(ctx, 'CW-2026-0001').then(() => undefined))
    expect(one[0]).toMatch(/SEARCH cases USING INDEX cases_reference \(/)
  })
})
