import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  type Council,
  createCouncil,
  createTestApp,
  createTestKey,
  createTestUser,
  type TestApp,
} from '../../support/app'
import { createTestCase, createTestWards } from '../../support/casework'
import { issuesOf, unlimited } from '../../support/http'

let app: TestApp
let council: Council
let north: string

beforeAll(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  ;[north] = (await createTestWards(app, council, ['North'])) as [string]
})

afterAll(() => app.close())

const ask = (path: string, key = council.key) => app.send('GET', `/api/reports${path}`, { key })

describe('a report is refused', () => {
  test.each([
    ['/timeseries?interval=hour', ['query interval']],
    ['/timeseries?from=1976-01-01&to=2026-01-01&interval=hour', ['query interval']],
    ['/timeseries?from=1976-01-01&to=2026-01-01&interval=day', ['query interval']],
    ['/timeseries?from=1900-01-01&to=2026-01-01&interval=month', ['query interval']],
    ['/summary?from=2026-02-30', ['query from']],
    ['/summary?from=1776-07-04&to=2400-01-01', ['query from', 'query to']],
    ['/summary?from=2026-03-01&to=2026-03-01', ['query to']],
    ['/summary?from=2026-03-01&to=2026-02-01', ['query to']],
    ['/summary?groupBy=ward', ['query groupBy']],
    ['/breakdown?groupBy=mood', ['query groupBy']],
    ['/breakdown?wardId=North%20ward', ['query wardId']],
    ['/sla?format=xml', ['query format']],
    ['/public?wardId=abc', ['query wardId']],
  ])('%s: 400', async (path, names) => {
    const answer = await ask(path)
    expect([path, answer.status, issuesOf(answer)]).toEqual([path, 400, names])
  })

  test('that is none: 404', async () => {
    expect((await ask('/weather')).status).toBe(404)
  })

  test('to a key that acts for a councillor or caseworker, whatever its scopes: 403', async () => {
    for (const role of ['councillor', 'caseworker'] as const) {
      const { id } = await createTestUser(council, { role })
      const key = await createTestKey(app, council, { actingUserId: id })
      expect((await ask('/summary', key)).status).toBe(403)
    }
  })
})

describe('a report', () => {
  test('of 200 days by day has 200 parts, each a date, empty ones 0', async () => {
    const { status, body } = await ask('/timeseries?from=2025-08-01&to=2026-02-17&interval=day')
    expect([status, body.rows.length]).toEqual([200, 200])
    expect(body.rows[0]).toEqual({
      from: '2025-08-01',
      to: '2025-08-02',
      received: 0,
      resolved: 0,
      closed: 0,
      ended: 0,
      reopened: 0,
      backlog: 0,
    })
    expect(body.rows.at(-1).to).toBe('2026-02-17')
  })

  test.each([
    ['week', ['2026-03-04', '2026-03-09', '2026-03-16'], '2026-03-20'],
    ['month', ['2026-01-31', '2026-02-01', '2026-03-01'], '2026-03-02'],
    ['quarter', ['2025-12-31', '2026-01-01', '2026-04-01'], '2026-04-02'],
  ])(
    'by %s has the parts of the calendar, the first and last as far as they go',
    async (interval, begins, to) => {
      const { body } = await ask(`/timeseries?from=${begins[0]}&to=${to}&interval=${interval}`)
      expect(body.rows.map((row: { from: string }) => row.from)).toEqual(begins)
      expect(body.rows.at(-1).to).toBe(to)
    },
  )

  test('of a ward that another council has, or nobody, is empty', async () => {
    const other = await createCouncil(app, 'other')
    const [theirs] = (await createTestWards(app, other, ['Theirs'])) as [string]
    await createTestCase(app, other, { wardId: theirs })
    const { body } = await ask(`/summary?wardId=${theirs}`)
    expect(body).toMatchObject({ received: 0, backlog: { start: 0, end: 0 } })
  })

  test('echoes what was asked for, and takes dates alone', async () => {
    const asked = 'from=2026-03-10&to=2026-03-13'
    for (const days of [
      'from=2026-03-10T23:30:00Z',
      'to=2026-03-12T00:00:00Z',
      'from=10/03/2026',
      'to=2026-02-30',
    ]) {
      const answer = await ask(`/breakdown?${days}`)
      expect([days, answer.status, issuesOf(answer)]).toEqual([days, 400, [`query ${days.split('=')[0]}`]])
      expect(answer.body.details.issues[0].message).toMatch(/^Must be a (real )?date/)
    }
    const { body } = await ask(`/breakdown?${asked}&wardId=${north}&groupBy=type`)
    expect(body.filters).toEqual({
      from: '2026-03-10',
      to: '2026-03-13',
      wardId: north,
      categoryId: null,
      groupBy: 'type',
      interval: null,
    })
    expect(body.generatedAt).toBe(app.clock.now().toISOString())
  })

  test('of nothing has null for every share and no number in place of it', async () => {
    const { body } = await ask('/summary?from=2001-01-01&to=2001-02-01')
    const nothing = { numerator: 0, denominator: 0, value: null }
    const none = { n: 0, median: null, mean: null, p90: null, max: null }
    expect(body).toMatchObject({ clearanceRate: nothing, slaMet: nothing, reopenRate: nothing })
    expect(body.timeToResolve).toEqual({ hours: none, workingDays: none })
  })

  test('has the same tag while its figures are the same, and another when a case comes in', async () => {
    const tag = async () => (await ask('/summary')).headers.get('etag') as string
    const before = await tag()
    app.clock.advance(60_000)
    const again = await app.send('GET', '/api/reports/summary', {
      key: council.key,
      headers: { 'if-none-match': before },
    })
    expect(again.status).toBe(304)
    await createTestCase(app, council, { wardId: north })
    expect(await tag()).not.toBe(before)
  })

  test('as CSV has a file name, and local times unless they are asked for in UTC', async () => {
    const { headers, text } = await ask('/summary?format=csv')
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="summary-report-[\d-]{10}\.csv"$/,
    )
    expect(text).toMatch(/\ngeneratedAt,\d{4}-\d\d-\d\d \d\d:\d\d\r\n/)
    expect((await ask('/summary?format=csv&times=utc')).text).toMatch(/\ngeneratedAt,\S+T\S+Z\r\n/)
  })

  test('as CSV has a heading for each figure', async () => {
    const { headers, text } = await ask('/breakdown?format=csv&groupBy=channel')
    expect(headers.get('content-type')).toStartWith('text/csv')
    expect(text.split('\r\n')[0]).toBe(
      'key,name,received,share.numerator,share.denominator,share.value,resolved,open,previousReceived,change,perThousandElectors',
    )
  })

  test('is listed with what it can be asked for', async () => {
    const { body } = await ask('')
    expect(body.reports.map(({ name }: { name: string }) => name)).toEqual([
      'summary',
      'timeseries',
      'breakdown',
      'sla',
      'backlog-age',
      'workload',
      'outcomes',
      'public',
    ])
    for (const { path } of body.reports) {
      expect([path, (await app.send('GET', path, { key: council.key })).status]).toEqual([path, 200])
    }
  })
})
